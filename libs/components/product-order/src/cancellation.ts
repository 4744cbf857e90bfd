import { isJsonObject, isoNow, objectAt, Refusal, textAt, type JsonObject } from '@quotebridge/platform/core';
import { PermanentError, TMF_EVENTS, type ConsumerSpec } from '@quotebridge/platform/events';
import { isTransientStoreError } from '@quotebridge/platform/store';
import type { ConsumerBinding, Runtime } from '@quotebridge/tmf/component';
import {
  attributesOf,
  type HookContext,
  type IngestPolicy,
  type ResourceHooks,
  type StoredResource,
  type WriteContext,
} from '@quotebridge/tmf/resource';
import { nextCancelStep } from './cancel-steps';
import { isHandedOver } from './handed-over';
import { itemsOf } from './items';
import { CANCELLATION_MARK } from './order-hooks';
import { cancelMachine, orderMachine, type CancelState, type OrderState } from './states';

const spec: ConsumerSpec = {
  durable: 'order-cancellations',
  stream: TMF_EVENTS,
  subjects: [
    'tmf.TMF622.cancelProductOrder.CancelProductOrderCreateEvent',
    'tmf.TMF622.productOrder.ProductOrderStateChangeEvent',
    'tmf.TMF622.productOrder.ProductOrderDeleteEvent',
  ],
  concurrency: 16,
  maxAttempts: 8,
  backoffMs: [200, 1_000, 5_000, 30_000],
  ackWaitMs: 5_000,
  isTransient: isTransientStoreError,
};

const OPEN_STATES = cancelMachine.states.filter((state) => !cancelMachine.isFinal(state));

const orderIdOf = (cancel: JsonObject): string => textAt(objectAt(cancel, 'productOrder'), 'id') ?? '';

const refuseOrder = (status: 409 | 422, message: string): never => {
  throw new Refusal(status, 'notCancellable', message, {
    faults: [{ path: '/productOrder/id', message, code: 'notCancellable' }],
  });
};

/**
 * How connectors ask for cancellations: each once. `isAccepted` in a request says that the one who asks has the right to
 * decide; clients of the API decide by moving the order on.
 */
export const cancelRequests: IngestPolicy = { merge: (current) => current };

const isBrought = (task: StoredResource): boolean => task['_ingest'] !== undefined;

/**
 * A cancellation names an order that can still be cancelled, and is the only one in work for it. An outside system may ask for
 * what is done already, or on its way: it does not know.
 */
export const cancelHooks = (runtime: Runtime): ResourceHooks => ({
  prepareCreate: async (draft: JsonObject, context: HookContext) => {
    const id = orderIdOf(draft);
    const order = await runtime.service('productOrder').repository.find(id, context.session);
    if (!order) return refuseOrder(422, `there is no productOrder with the id ${id.slice(0, 200)}`);
    const { state } = order;
    const isOutside = context.origin === 'ingest';
    const isDone = isOutside && state === 'cancelled';
    if (!isDone && orderMachine.isState(state) && orderMachine.isFinal(state)) {
      return refuseOrder(409, `the order is ${state} and cannot be cancelled any more`);
    }
    const open = await runtime
      .service('cancelProductOrder')
      .repository.collection.findOne(
        { 'productOrder.id': id, state: { $in: OPEN_STATES } },
        context.session ? { session: context.session } : {},
      );
    if (open && !isOutside)
      return refuseOrder(409, `the cancellation ${open._id} of this order is in work already`);
    return { ...draft, creationDate: isoNow(context.clock) };
  },
});

const taskState = (task: StoredResource): CancelState => {
  const { state } = task;
  return cancelMachine.isState(state) ? state : cancelMachine.initial;
};

/** What `nextCancelStep` needs to know of an order. */
const situationOf = (order: StoredResource | null) => {
  const attributes = order ? attributesOf(order) : {};
  const { state } = attributes;
  return {
    order: orderMachine.isState(state) ? state : undefined,
    isOurs: !isHandedOver(attributes),
    hasCancelledItems: itemsOf(attributes).some((item) => item['state'] === 'cancelled'),
  };
};

/**
 * Carries cancellations out, each step of order and task in one transaction. When others change the order at the same
 * moment, the transaction runs again and decides anew from what is stored then.
 */
class Cancellations {
  constructor(private readonly runtime: Runtime) {}

  /** Takes a cancellation as far as it gets without anybody's decision. */
  async advance(cancelId: string, context: WriteContext): Promise<void> {
    const { store } = this.runtime;
    while (await store.transaction((session) => this.step(cancelId, { ...context, session }))) {
      this.runtime.service('productOrder').deps.wake();
    }
  }

  /** An order has come to a state: the tasks that wait for it go on. */
  async follow(orderId: string, context: WriteContext): Promise<void> {
    const waiting = await this.tasks.repository.collection
      .find({ 'productOrder.id': orderId, state: { $in: OPEN_STATES } }, { projection: { _id: 1 } })
      .toArray();
    for (const { _id } of waiting) await this.advance(_id, context);
  }

  private get tasks() {
    return this.runtime.service('cancelProductOrder');
  }

  /** Does the next step; false when there is none. */
  private async step(cancelId: string, context: WriteContext): Promise<boolean> {
    const task = await this.tasks.repository.find(cancelId, context.session);
    if (!task) return false;
    const cancel = attributesOf(task);
    const order = await this.runtime
      .service('productOrder')
      .repository.find(orderIdOf(cancel), context.session);
    const isAccepted = isBrought(task) && cancel['isAccepted'] === true;
    const next = nextCancelStep({ task: taskState(task), isAccepted, ...situationOf(order) });
    if (!next) return false;
    const marked = { ...context, system: { [CANCELLATION_MARK]: cancelId } };
    // The ERP tells that it has cancelled the order, and nothing of the reason.
    const owesReason = next.task === 'done' && order !== null && lacksReason(attributesOf(order), cancel);
    const states: readonly OrderState[] = owesReason ? [...next.order, 'cancelled'] : next.order;
    for (const state of states) await this.moveOrder(state, cancel, marked);
    if (next.task) await this.moveTask(cancelId, next.task, context);
    return true;
  }

  private async moveOrder(state: OrderState, cancel: JsonObject, context: WriteContext): Promise<void> {
    const reason = textAt(cancel, 'cancellationReason');
    await this.runtime.service('productOrder').change(
      orderIdOf(cancel),
      (current) => ({
        ...attributesOf(current),
        state,
        ...(state === 'cancelled' && reason !== undefined ? { cancellationReason: reason } : {}),
      }),
      context,
    );
  }

  private async moveTask(id: string, state: CancelState, context: WriteContext): Promise<void> {
    const at = isoNow(this.runtime.clock);
    await this.tasks.change(
      id,
      (current) => ({
        ...attributesOf(current),
        state,
        ...(state === 'done' ? { effectiveCancellationDate: at } : {}),
      }),
      context,
    );
  }
}

const lacksReason = (order: JsonObject, cancel: JsonObject): boolean =>
  order['state'] === 'cancelled' &&
  order['cancellationReason'] === undefined &&
  textAt(cancel, 'cancellationReason') !== undefined;

const idIn = (envelope: unknown, name: string): string | undefined => {
  const event = isJsonObject(envelope) ? objectAt(envelope, 'event') : {};
  return textAt(objectAt(event, name), 'id');
};

/** The consumer that carries cancellations out. */
export const cancellations = (runtime: Runtime): ConsumerBinding => {
  const work = new Cancellations(runtime);
  return {
    spec,
    handle: async (delivery, trace) => {
      const context: WriteContext = { actor: 'event:cancelProductOrder', origin: 'event', trace };
      const envelope = delivery.json();
      const cancelId = idIn(envelope, 'cancelProductOrder');
      const orderId = idIn(envelope, 'productOrder');
      try {
        if (cancelId !== undefined) await work.advance(cancelId, context);
        else if (orderId !== undefined) await work.follow(orderId, context);
        else throw new PermanentError('The message is not an event about an order or a cancellation');
      } catch (thrown) {
        if (thrown instanceof Refusal && thrown.status < 500 && thrown.code !== 'concurrentChange') {
          throw new PermanentError(thrown.message, { cause: thrown });
        }
        throw thrown;
      }
    },
  };
};
