import { Refusal, type Fault, type JsonObject } from '@quotebridge/platform/core';
import type { ApiAnswer, ApiCall, ApiOperation, BusinessVersion } from '../api/operation';
import { object } from '../api/schema';
import { compileSchema } from '../api/validate';
import type { Confirmations } from '../confirmations/confirmations';
import { progressOf } from '../confirmations/progress';
import type { KnownCustomers } from '../customers/known-customers';
import type { BusinessOrder } from './business-order';
import { claimedFacts } from './claimed-facts';
import { CONTRACT_ANSWER, CONTRACT_BODY, readContract } from './contract';
import { digestOf } from './digest';
import { ORDER_VIEWS } from './order-view';
import { FULL_BODY, isContract, readFullOrder } from './full-order';
import { CONTRACT_EXAMPLES, FULL_EXAMPLE } from './order-examples';
import type { OrderService, Ordering, Placed } from './order-service';

/** What the operations on orders work with. */
export interface OrderOperationsOptions {
  readonly service: OrderService;
  /** Who may order; anybody when absent. */
  readonly known?: KnownCustomers | undefined;
  /** Prefix of addresses: public URL and path of the version. */
  readonly baseUrl: string;
  readonly confirmations: Confirmations;
  /** How long a full order waits for the ERP, milliseconds. */
  readonly confirmWithinMs: number;
  /** Currency of orders that name none. */
  readonly currency: string;
}

const orderingOf = ({ principal, idempotencyKey, trace, note, body }: ApiCall): Ordering => ({
  caller: principal.id,
  note,
  ...(isContract(body)
    ? { numberAt: '/order_number', callbackAt: '/callback_url' }
    : { numberAt: '/orderNumber', callbackAt: '/callbackUrl' }),
  ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
  ...(trace === undefined ? {} : { trace }),
});

const PROGRESS = object('How far an order has come.', {
  id: { type: 'string', description: 'Id of the order here' },
  orderNumber: { type: 'integer' },
  status: {
    type: 'string',
    enum: ['accepted', 'confirmed', 'refused', 'completed', 'cancelled', 'failed'],
    description: 'confirmed: the ERP has a number for it',
  },
  state: { type: 'string', description: 'State of the order (TMF622)' },
  salesOrder: { type: 'string', description: 'Number in the ERP' },
  reason: { type: 'string', description: 'Why the ERP refused it' },
  statusUrl: { type: 'string', description: 'Where to ask again' },
});

const ORDER = { doc: 'Id of the order, or the number that you gave it.', example: '4711' } as const;

const EITHER_ANSWER = (version: BusinessVersion) => ({ oneOf: [CONTRACT_ANSWER[version], PROGRESS] });

/** `POST /orders`, `GET` and `PUT /orders/{id}`. */
export const orderOperations = (
  { service, known, confirmations, baseUrl, currency, confirmWithinMs }: OrderOperationsOptions,
  version: BusinessVersion,
): readonly ApiOperation[] => {
  const view = ORDER_VIEWS[version];
  const statusUrl = (order: JsonObject): string => `${baseUrl}/orders/${String(order['id'])}/status`;
  const locationOf = (order: JsonObject) => ({ Location: `${baseUrl}/orders/${String(order['id'])}` });
  const shown = (order: JsonObject): JsonObject => view(order, statusUrl(order));
  const checkContract: (body: unknown) => Fault[] = compileSchema(CONTRACT_BODY[version]);
  const contract = (body: JsonObject): BusinessOrder => readContract(body, currency);
  const checkFull = compileSchema(FULL_BODY);
  const checkEither = (body: JsonObject): Fault[] =>
    isContract(body) ? checkContract(body) : checkFull(body);
  /** Refuses an order of a customer that is not there; what was placed before is placed. */
  const checkCustomer = async (
    { customer }: BusinessOrder,
    path: string,
    id: string,
    trace: ApiCall['trace'],
  ): Promise<void> => {
    if ((await known?.isUnknown(customer.id, trace)) !== true || (await service.isPlaced(id, trace))) return;
    const message = `is ${customer.id}, and there is no customer with this id or number`;
    throw new Refusal(400, 'unknownCustomer', `${path} ${message}`, {
      faults: [{ path, message, code: 'unknownCustomer' }],
    });
  };
  /** Places an order after noting where its confirmation goes, so that none comes too early. */
  const place = async (order: BusinessOrder, ordering: Ordering, id: string): Promise<Placed> => {
    if (order.callback !== undefined) {
      await confirmations.check(order.callback, ordering.callbackAt);
      await confirmations.register({ id, digest: digestOf(order) }, order.callback);
    }
    return service.place(order, ordering, id);
  };
  const placeContract = async (call: ApiCall): Promise<ApiAnswer> => {
    const ordering = orderingOf(call);
    const wanted = contract(call.body);
    const id = service.idFor(wanted, ordering);
    await checkCustomer(wanted, '/customer_id', id, call.trace);
    const { order, isNew } = await place(wanted, ordering, id);
    return { status: isNew ? 201 : 200, headers: locationOf(order), body: shown(order) };
  };
  const placeFull = async (call: ApiCall): Promise<ApiAnswer> => {
    const ordering = orderingOf(call);
    const wanted = readFullOrder(call.body, currency);
    const id = service.idFor(wanted, ordering);
    await checkCustomer(wanted, '/customer/id', id, call.trace);
    const news = confirmations.waiting.for(id);
    try {
      const { order } = await place(wanted, ordering, id);
      const now = progressOf(order);
      const progress = now.status === 'accepted' ? ((await news.within(confirmWithinMs)) ?? now) : now;
      if (progress.status === 'refused')
        throw new Refusal(
          422,
          'erpRefused',
          `The ERP refused the order: ${progress.reason ?? 'no reason given'}`,
        );
      const body = { ...progress, statusUrl: statusUrl(order) };
      return { status: progress.status === 'accepted' ? 202 : 201, headers: locationOf(order), body };
    } finally {
      news.end();
    }
  };
  return [
    {
      id: 'createOrder',
      method: 'POST',
      path: '/orders',
      summary:
        'Places an order, which goes on to the ERP: in the words of the CRM, answered at once, or with its whole structure, answered when the ERP has it.',
      scope: ['productOrder', 'write'],
      body: { oneOf: [CONTRACT_BODY[version], FULL_BODY] },
      examples: { contract: CONTRACT_EXAMPLES[version], wholeStructure: FULL_EXAMPLE },
      claims: claimedFacts,
      check: checkEither,
      answers: {
        201: ['It is placed; with its whole structure: the ERP has it.', EITHER_ANSWER(version)],
        202: ['It is placed, and the ERP has not answered yet; ask at `statusUrl`.', PROGRESS],
        200: ['The same order had been placed before.', CONTRACT_ANSWER[version]],
      },
      handle: (call) => (isContract(call.body) ? placeContract(call) : placeFull(call)),
    },
    {
      id: 'readOrderStatus',
      method: 'GET',
      path: '/orders/{id}/status',
      named: ORDER,
      summary: 'Tells how far an order has come.',
      scope: ['productOrder', 'read'],
      answers: { 200: ['How far it has come.', PROGRESS] },
      handle: async ({ id, principal, trace, note }) => {
        const orderId = service.idOf(principal.id, id);
        note({ orderId });
        const order = await service.read(orderId, trace);
        return { status: 200, body: { ...progressOf(order), statusUrl: statusUrl(order) } };
      },
    },
    {
      id: 'readOrder',
      method: 'GET',
      path: '/orders/{id}',
      named: ORDER,
      summary: 'Reads an order by its id or by the number that the caller gave it.',
      scope: ['productOrder', 'read'],
      answers: { 200: ['The order.', CONTRACT_ANSWER[version]] },
      handle: async ({ id, principal, trace, note }) => {
        const orderId = service.idOf(principal.id, id);
        note({ orderId });
        return { status: 200, body: shown(await service.read(orderId, trace)) };
      },
    },
    {
      id: 'replaceOrder',
      method: 'PUT',
      path: '/orders/{id}',
      named: ORDER,
      summary: 'Replaces what may still change of an order: e-mail, payment, date and callback.',
      scope: ['productOrder', 'write'],
      body: CONTRACT_BODY[version],
      examples: { paid: { ...CONTRACT_EXAMPLES[version], payment_status: 'paid' } },
      claims: claimedFacts,
      check: checkContract,
      answers: { 200: ['The changed order.', CONTRACT_ANSWER[version]] },
      handle: async (call) => {
        const id = service.idOf(call.principal.id, call.id);
        const wanted = contract(call.body);
        const ordering = orderingOf(call);
        const { callback } = wanted;
        if (callback !== undefined) await confirmations.check(callback, ordering.callbackAt);
        const order = await service.replace(id, wanted, ordering);
        if (callback !== undefined) await confirmations.redirect(order, callback);
        return { status: 200, body: shown(order) };
      },
    },
  ];
};
