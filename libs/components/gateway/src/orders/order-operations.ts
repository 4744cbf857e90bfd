import type { Fault, JsonObject } from '@quotebridge/platform/core';
import type { ApiCall, ApiOperation, BusinessVersion } from '../api/operation';
import { compileSchema } from '../api/validate';
import type { BusinessOrder } from './business-order';
import { CONTRACT_ANSWER, CONTRACT_BODY, readContract } from './contract';
import { ORDER_VIEWS } from './order-view';
import type { OrderService, Ordering } from './order-service';

/** What the operations on orders work with. */
export interface OrderOperationsOptions {
  readonly service: OrderService;
  /** Prefix of addresses: public URL and path of the version. */
  readonly baseUrl: string;
  /** Currency of orders that name none. */
  readonly currency: string;
}

const orderingOf = ({ principal, idempotencyKey, trace, note }: ApiCall): Ordering => ({
  caller: principal.id,
  note,
  ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
  ...(trace === undefined ? {} : { trace }),
});

/** `POST /orders`, `GET` and `PUT /orders/{id}`. */
export const orderOperations = (
  { service, baseUrl, currency }: OrderOperationsOptions,
  version: BusinessVersion,
): readonly ApiOperation[] => {
  const view = ORDER_VIEWS[version];
  const statusUrl = (order: JsonObject): string => `${baseUrl}/orders/${String(order['id'])}/status`;
  const shown = (order: JsonObject): JsonObject => view(order, statusUrl(order));
  const checkContract: (body: unknown) => Fault[] = compileSchema(CONTRACT_BODY[version]);
  const contract = (body: JsonObject): BusinessOrder => readContract(body, currency);
  return [
    {
      id: 'createOrder',
      method: 'POST',
      path: '/orders',
      summary: 'Places an order, which goes on to the ERP.',
      scope: ['productOrder', 'write'],
      body: CONTRACT_BODY[version],
      check: checkContract,
      answers: {
        201: ['The order is placed.', CONTRACT_ANSWER[version]],
        200: ['The same order had been placed before.', CONTRACT_ANSWER[version]],
      },
      handle: async (call) => {
        const { order, isNew } = await service.place(contract(call.body), orderingOf(call));
        return {
          status: isNew ? 201 : 200,
          headers: { Location: `${baseUrl}/orders/${String(order['id'])}` },
          body: shown(order),
        };
      },
    },
    {
      id: 'readOrder',
      method: 'GET',
      path: '/orders/{id}',
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
      summary: 'Replaces what may still change of an order: e-mail, payment and date.',
      scope: ['productOrder', 'write'],
      body: CONTRACT_BODY[version],
      check: checkContract,
      answers: { 200: ['The changed order.', CONTRACT_ANSWER[version]] },
      handle: async (call) => {
        const id = service.idOf(call.principal.id, call.id);
        const order = await service.replace(id, contract(call.body), orderingOf(call));
        return { status: 200, body: shown(order) };
      },
    },
  ];
};
