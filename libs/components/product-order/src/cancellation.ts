import { isJsonObject, isoNow, Refusal, type JsonObject } from '@quotebridge/platform/core';
import { PermanentError, TMF_EVENTS, type ConsumerSpec } from '@quotebridge/platform/events';
import { isTransientStoreError } from '@quotebridge/platform/store';
import type { ConsumerBinding, Runtime } from '@quotebridge/tmf/component';
import {
  attributesOf,
  type HookContext,
  type ResourceHooks,
  type WriteContext,
} from '@quotebridge/tmf/resource';
import { orderMachine, type CancelState } from './states';

const spec: ConsumerSpec = {
  durable: 'order-cancellations',
  stream: TMF_EVENTS,
  subjects: [
    'tmf.TMF622.cancelProductOrder.CancelProductOrderCreateEvent',
    'tmf.TMF622.productOrder.ProductOrderStateChangeEvent',
  ],
  concurrency: 16,
  maxAttempts: 8,
  backoffMs: [200, 1_000, 5_000, 30_000],
  ackWaitMs: 5_000,
  isTransient: isTransientStoreError,
};

const orderIdOf = (cancel: JsonObject): string => {
  const reference = cancel['productOrder'];
  return isJsonObject(reference) && typeof reference['id'] === 'string' ? reference['id'] : '';
};

const refuseOrder = (status: 409 | 422, message: string): never => {
  throw new Refusal(status, 'notCancellable', message, {
    faults: [{ path: '/productOrder/id', message, code: 'notCancellable' }],
  });
};

/** A cancellation names an order that can still be cancelled, and is the only one in work for it. */
export const cancelHooks = (runtime: Runtime): ResourceHooks => ({
  prepareCreate: async (draft: JsonObject, context: HookContext) => {
    const id = orderIdOf(draft);
    const order = await runtime.service('productOrder').repository.find(id, context.session);
    if (!order) return refuseOrder(422, `there is no productOrder with the id ${id}`);
    const { state } = order;
    if (orderMachine.isState(state) && orderMachine.isFinal(state)) {
      return refuseOrder(409, `the order is ${state} and cannot be cancelled any more`);
    }
    const open = await runtime.service('cancelProductOrder').repository.collection.findOne({
      'productOrder.id': id,
      state: { $in: ['acknowledged', 'inProgress'] },
    });
    if (open) return refuseOrder(409, `the cancellation ${open._id} of this order is in work already`);
    return { ...draft, creationDate: isoNow(context.clock) };
  },
});

/** Steps that bring an order from its state to the assessment of its cancellation (TMF622, life cycle). */
const stepsToAssessment = (state: unknown): string[] => {
  if (state === 'assessingCancellation' || state === 'pendingCancellation') return [];
  return state === 'acknowledged' ? ['pending', 'assessingCancellation'] : ['assessingCancellation'];
};

/** True when no outside system has the order yet, so that nobody needs to be asked. */
const isOurs = (order: JsonObject): boolean => {
  const identifiers = order['externalId'];
  const inErp = (entry: unknown): boolean =>
    isJsonObject(entry) && entry['externalIdentifierType'] === 'salesOrder';
  return !(Array.isArray(identifiers) && identifiers.some(inErp));
};

/** What becomes of the task when its order reaches a state. */
const TASK_END: Readonly<Partial<Record<string, CancelState>>> = {
  cancelled: 'done',
  partial: 'done',
  inProgress: 'terminatedWithError',
  'inProgress.accepted': 'terminatedWithError',
  pending: 'terminatedWithError',
  held: 'terminatedWithError',
  completed: 'terminatedWithError',
  failed: 'terminatedWithError',
};

/**
 * Carries cancellations out. The order is assessed first; when no outside system has it, it is cancelled at once,
 * else somebody decides by moving the order on (`pendingCancellation`, then `cancelled`) or back to where it was.
 * The task follows the order. Every step looks at the state that is there, so a repeated event does nothing.
 */
class Cancellations {
  constructor(private readonly runtime: Runtime) {}

  async begin(cancel: JsonObject, context: WriteContext): Promise<void> {
    const orderId = orderIdOf(cancel);
    const cancelId = String(cancel['id']);
    const task = await this.runtime.service('cancelProductOrder').repository.find(cancelId);
    if (!task || task['state'] !== 'acknowledged') return;
    const order = await this.runtime.service('productOrder').require(orderId);
    const { state } = order;
    if (state === 'draft') await this.moveOrder(orderId, 'cancelled', cancel, context);
    for (const step of state === 'draft' ? [] : stepsToAssessment(state)) {
      await this.moveOrder(orderId, step, cancel, context);
    }
    await this.moveTask(cancelId, 'inProgress', context);
    if (state === 'draft') return this.moveTask(cancelId, 'done', context);
    if (!isOurs(attributesOf(await this.runtime.service('productOrder').require(orderId)))) return;
    await this.moveOrder(orderId, 'pendingCancellation', cancel, context);
    await this.moveOrder(orderId, 'cancelled', cancel, context);
  }

  /** An order has come to a state: the task that waits for it ends accordingly. */
  async follow(order: JsonObject, context: WriteContext): Promise<void> {
    const end = TASK_END[String(order['state'])];
    if (end === undefined) return;
    const task = await this.runtime
      .service('cancelProductOrder')
      .repository.collection.findOne({ 'productOrder.id': String(order['id']), state: 'inProgress' });
    if (!task) return;
    const current = await this.runtime.service('productOrder').require(String(order['id']));
    if (TASK_END[String(current['state'])] === end) await this.moveTask(task._id, end, context);
  }

  private async moveOrder(
    id: string,
    state: string,
    cancel: JsonObject,
    context: WriteContext,
  ): Promise<void> {
    const reason = cancel['cancellationReason'];
    await this.runtime.service('productOrder').change(
      id,
      (current) => ({
        ...attributesOf(current),
        state,
        ...(state === 'cancelled' && typeof reason === 'string' ? { cancellationReason: reason } : {}),
      }),
      context,
    );
  }

  private async moveTask(id: string, state: CancelState, context: WriteContext): Promise<void> {
    const at = isoNow(this.runtime.clock);
    await this.runtime.service('cancelProductOrder').change(
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

const inEvent = (envelope: unknown, name: string): JsonObject | undefined => {
  const event = isJsonObject(envelope) && isJsonObject(envelope['event']) ? envelope['event'] : {};
  const resource = event[name];
  return isJsonObject(resource) ? resource : undefined;
};

/** The consumer that carries cancellations out. */
export const cancellations = (runtime: Runtime): ConsumerBinding => {
  const work = new Cancellations(runtime);
  return {
    spec,
    handle: async (delivery, trace) => {
      const context: WriteContext = { actor: 'event:cancelProductOrder', origin: 'event', trace };
      const envelope = delivery.json();
      const cancel = inEvent(envelope, 'cancelProductOrder');
      const order = inEvent(envelope, 'productOrder');
      try {
        if (cancel) await work.begin(cancel, context);
        else if (order) await work.follow(order, context);
      } catch (thrown) {
        // The order ended while its cancellation was begun: there is nothing left to try.
        if (thrown instanceof Refusal && thrown.status < 500 && thrown.code !== 'concurrentChange') {
          throw new PermanentError(thrown.message, { cause: thrown });
        }
        throw thrown;
      }
    },
  };
};
