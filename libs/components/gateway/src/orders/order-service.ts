import {
  Refusal,
  stableId,
  type Clock,
  type Fault,
  type Ids,
  type JsonObject,
} from '@quotebridge/platform/core';
import type { Context } from '@quotebridge/platform/telemetry';
import type { TransactionFacts } from '../transactions/transaction';
import { objectOf, refusalOf, type ComponentAnswer, type ComponentClient } from '../component-client';
import { amountFaults, fitsNumber, totalOf } from './amounts';
import type { BusinessOrder } from './business-order';
import { digestOf } from './digest';
import type { PartPrices } from './part-prices';
import { frozenFaults } from './frozen';
import { businessOf, extensionOf, placeInBody, toProductOrder } from './product-order';
import { keyReused, type UsedKeys } from './used-keys';

const BASE = '/tmf-api/productOrderingManagement/v5';
const ORDERS = `${BASE}/productOrder`;
const MAX_TRIES = 4;

/** What placing orders works with. */
export interface OrderServiceOptions {
  readonly orders: Pick<ComponentClient, 'call'>;
  readonly prices: Pick<PartPrices, 'complete'>;
  readonly keys: Pick<UsedKeys, 'claim'>;
  /** Connector instance whose parts are sold. */
  readonly offeringSource: string;
  readonly clock: Clock;
  readonly ids: Ids;
}

/** Who orders, and how the request is known by. */
export interface Ordering {
  readonly caller: string;
  readonly idempotencyKey?: string;
  /** Where the number of the order and its callback stand in what the caller sent. */
  readonly numberAt: string;
  readonly callbackAt: string;
  readonly trace?: Context;
  note(facts: TransactionFacts): void;
}

/** An order that was placed now, or had been before by the same request. */
export interface Placed {
  readonly order: JsonObject;
  readonly isNew: boolean;
}

const refuse = (status: 400 | 409, code: string, faults: readonly Fault[]): void => {
  const [first] = faults;
  if (first) throw new Refusal(status, code, `${first.path} ${first.message}`, { faults });
};

const traced = (trace: Context | undefined) => (trace === undefined ? {} : { trace });

/** What the transaction log tells of an order. */
const factsOf = (order: BusinessOrder, orderId: string): TransactionFacts => {
  const { number, customer, payment, currency, date } = order;
  const amount = order.amount ?? totalOf(order.items);
  return {
    orderId,
    customerId: customer.id,
    currency,
    ...(number === undefined ? {} : { orderNumber: number }),
    ...(payment.method === undefined ? {} : { paymentMethod: payment.method }),
    // What is inexact as a number is refused, and the log could not keep it either.
    ...(amount === undefined || !fitsNumber(amount) ? {} : { amount }),
    ...(date === undefined ? {} : { date }),
  };
};

/** The order that is there, when it is the one that is wanted; else a refusal that names what stands for another one. */
const sameOrder = (
  before: JsonObject,
  digest: string,
  { number }: BusinessOrder,
  { numberAt }: Ordering,
): JsonObject => {
  if (businessOf(before)?.['digest'] === digest) return before;
  // Without a number the id came of the key, which leads to the order for ever.
  if (number === undefined) throw keyReused();
  throw new Refusal(
    409,
    'orderNumberTaken',
    'You have placed another order under this number; change that one by PUT or take another number',
    { faults: [{ path: numberAt, message: 'is the number of another order', code: 'taken' }] },
  );
};

/**
 * Takes orders to product ordering. The id of an order is computed from its caller and number (or Idempotency-Key), so that a
 * repeat, whenever and at whichever replica, finds the order instead of placing another one.
 */
export class OrderService {
  constructor(private readonly options: OrderServiceOptions) {}

  /** Id of the order with this number or id, as a caller names it in an address. */
  idOf(caller: string, key: string): string {
    const isNumber = /^\d+$/.test(key) && Number.isSafeInteger(Number(key));
    return isNumber ? stableId('gateway', 'order', caller, String(Number(key))) : key;
  }

  /** The id that an order will have. */
  idFor(order: BusinessOrder, { caller, idempotencyKey }: Ordering): string {
    if (order.number !== undefined) return this.idOf(caller, String(order.number));
    if (idempotencyKey !== undefined) return stableId('gateway', 'order', caller, 'key', idempotencyKey);
    return this.options.ids.next();
  }

  /** Places the order; throws a refusal that lists what is wrong with it. */
  async place(given: BusinessOrder, ordering: Ordering, id = this.idFor(given, ordering)): Promise<Placed> {
    const { keys, clock } = this.options;
    const { caller, idempotencyKey, trace, note } = ordering;
    note(factsOf(given, id));
    refuse(400, 'invalidBody', amountFaults(given));
    const digest = digestOf(given);
    if (idempotencyKey !== undefined) await keys.claim(caller, idempotencyKey, digest, new Date(clock.now()));
    try {
      return { order: await this.placeNew(given, ordering, { id, digest }), isNew: true };
    } catch (thrown) {
      // A repeat is no new order: what it names may have no price any more, or not be sold since.
      const mayBeRepeat = given.number !== undefined || idempotencyKey !== undefined;
      const isVerdict = thrown instanceof Refusal && thrown.status < 500;
      const before = isVerdict && mayBeRepeat ? await this.find(id, trace) : undefined;
      if (before === undefined) throw thrown;
      return { order: sameOrder(before, digest, given, ordering), isNew: false };
    }
  }

  /** Whether there is an order with this id. */
  async isPlaced(id: string, trace?: Context): Promise<boolean> {
    return (await this.find(id, trace)) !== undefined;
  }

  /** The order with this id. */
  async read(id: string, trace?: Context): Promise<JsonObject> {
    return objectOf(await this.get(id, trace));
  }

  /**
   * Replaces what may still change of an order: the contact, the payment and the date. What was ordered, for whom and for how
   * much has gone to the ERP.
   */
  async replace(id: string, wanted: BusinessOrder, { note, trace }: Ordering): Promise<JsonObject> {
    note(factsOf(wanted, id));
    refuse(400, 'invalidBody', amountFaults(wanted));
    for (let tries = 1; ; tries += 1) {
      const answer = await this.get(id, trace);
      const before = objectOf(answer);
      refuse(409, 'alreadyOrdered', frozenFaults(before, wanted));
      const { amount: _, currency: __, ...extension } = extensionOf(wanted);
      const { payment, date, customer } = wanted;
      const changed = await this.options.orders.call({
        method: 'PATCH',
        path: `${ORDERS}/${encodeURIComponent(id)}`,
        route: `${ORDERS}/{id}`,
        ...(answer.etag === undefined ? {} : { headers: { 'if-match': answer.etag } }),
        body: {
          '@type': 'ProductOrder',
          notificationContact: customer.email ?? null,
          businessOrder: {
            ...extension,
            paymentStatus: payment.status ?? null,
            paymentMethod: payment.method ?? null,
            date: date ?? null,
          },
        },
        ...traced(trace),
      });
      if (changed.status === 200) return objectOf(changed);
      // Somebody else changed the order meanwhile: what he left is looked at again.
      if (changed.status !== 412 || tries === MAX_TRIES) throw refusalOf(changed, placeInBody);
    }
  }

  private async get(id: string, trace?: Context): Promise<ComponentAnswer> {
    const answer = await this.options.orders.call({
      method: 'GET',
      path: `${ORDERS}/${encodeURIComponent(id)}`,
      route: `${ORDERS}/{id}`,
      ...traced(trace),
    });
    if (answer.status === 200) return answer;
    if (answer.status === 404 || answer.status === 400)
      throw new Refusal(
        404,
        'notFound',
        'There is no order with this id, and you have none with this number',
      );
    throw refusalOf(answer);
  }

  private async find(id: string, trace?: Context): Promise<JsonObject | undefined> {
    try {
      return await this.read(id, trace);
    } catch (thrown) {
      if (thrown instanceof Refusal && thrown.status === 404) return undefined;
      throw thrown;
    }
  }

  private async placeNew(
    given: BusinessOrder,
    { caller, trace, note }: Ordering,
    { id, digest }: { readonly id: string; readonly digest: string },
  ): Promise<JsonObject> {
    const { orders, prices, offeringSource } = this.options;
    const order = await prices.complete(given, trace);
    refuse(400, 'invalidBody', amountFaults(order));
    note(factsOf(order, id));
    const offeringOf = (part: string): string => stableId(offeringSource, 'productOffering', part);
    const answer = await orders.call({
      method: 'POST',
      path: ORDERS,
      route: ORDERS,
      body: toProductOrder(order, { id, caller, digest, offeringOf }),
      ...traced(trace),
    });
    if (answer.status === 201) return objectOf(answer);
    throw refusalOf(answer, placeInBody);
  }
}
