import type { JsonObject } from '@quotebridge/platform/core';
import { Refusal } from '@quotebridge/platform/core';
import type { ApiOperation } from '../api/operation';
import { object, page, type ApiSchema } from '../api/schema';
import type { Transaction } from './transaction';
import { readCursor, type TransactionLog, type TransactionQuery } from './transaction-log';

const DEFAULT_LIMIT = 100;
const MAX_LIMIT = 1_000;

const TRANSACTION: ApiSchema = object('A call of the business API.', {
  id: { type: 'string' },
  at: { type: 'string', format: 'date-time', description: 'When it was answered' },
  caller: object('Who called.', {
    id: { type: 'string' },
    name: { type: 'string' },
    kind: { type: 'string', enum: ['user', 'service', 'anonymous'] },
  }),
  operation: { type: 'string', description: 'What was called' },
  version: { type: 'string' },
  status: { type: 'integer' },
  outcome: { type: 'string', enum: ['succeeded', 'refused', 'failed'] },
  errorId: { type: 'string', description: 'The error id that the caller got' },
  target: {
    type: 'string',
    description: 'What the address named: an order, a customer, an opportunity, a machine or a part',
  },
  orderId: { type: 'string' },
  orderNumber: { type: 'integer' },
  customerId: { type: 'string' },
  paymentMethod: { type: 'string' },
  amount: { type: 'string', description: 'Exact decimal' },
  currency: { type: 'string' },
  date: { type: 'string', description: 'Date of the order' },
  tookMs: { type: 'integer' },
});

const shown = ({ at, caller, ...rest }: Transaction): JsonObject => ({
  ...rest,
  at: new Date(at).toISOString(),
  caller: { ...caller },
});

const queryOf = (query: Readonly<Record<string, string | undefined>>): TransactionQuery => {
  const { from, to, limit, cursor, orderNumber, caller, outcome, operation, orderId, errorId } = query;
  if (cursor !== undefined && readCursor(cursor) === undefined)
    throw new Refusal(400, 'invalidQuery', 'cursor is not one that this list has given');
  return {
    limit: limit === undefined ? DEFAULT_LIMIT : Number(limit),
    ...(from === undefined ? {} : { from: new Date(from) }),
    ...(to === undefined ? {} : { to: new Date(to) }),
    ...(cursor === undefined ? {} : { after: cursor }),
    ...(orderNumber === undefined ? {} : { orderNumber: Number(orderNumber) }),
    ...(caller === undefined ? {} : { caller }),
    ...(outcome === undefined ? {} : { outcome }),
    ...(operation === undefined ? {} : { operation }),
    ...(orderId === undefined ? {} : { orderId }),
    ...(errorId === undefined ? {} : { errorId }),
  };
};

/** `GET /transactions`: the log, for operators. */
export const transactionOperations = (log: TransactionLog): readonly ApiOperation[] => [
  {
    id: 'listTransactions',
    method: 'GET',
    path: '/transactions',
    summary: 'Lists the calls of the business API, the latest first.',
    scope: ['transaction', 'admin'],
    query: {
      from: { kind: 'date-time', doc: 'Calls answered at this time or later.' },
      to: { kind: 'date-time', doc: 'Calls answered before this time.' },
      outcome: { kind: 'text', doc: 'How they ended.', values: ['succeeded', 'refused', 'failed'] },
      operation: { kind: 'text', doc: 'What was called, for example createOrder.' },
      caller: { kind: 'text', doc: 'Id of the caller.' },
      orderId: { kind: 'text', doc: 'Id of the order that they were about.' },
      orderNumber: { kind: 'integer', doc: 'Number of that order.', minimum: 1 },
      errorId: { kind: 'text', doc: 'Error id that a caller was given.' },
      limit: {
        kind: 'integer',
        doc: `Most entries of a page; ${DEFAULT_LIMIT} unless given.`,
        example: '10',
        minimum: 1,
        maximum: MAX_LIMIT,
      },
      cursor: { kind: 'text', doc: '`next` of the page before.' },
    },
    answers: { 200: ['A page of the log.', page(TRANSACTION)] },
    handle: async ({ query }) => {
      const { items, next } = await log.page(queryOf(query));
      return {
        status: 200,
        body: { items: items.map(shown), ...(next === undefined ? {} : { next }) },
      };
    },
  },
];
