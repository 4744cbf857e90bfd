import { isJsonObject, stableId, type JsonObject } from '@quotebridge/platform/core';
import { deadLetterFacts, type Delivery } from '@quotebridge/platform/events';
import { maskText } from '@quotebridge/platform/security';
import { newsOf, progressOf } from '../confirmations/progress';
import { orderIn } from '../confirmations/waiting';
import type { Transaction } from '../transactions/transaction';
import type { Alert } from './alert';

/** What the reading of a message needs of it. */
export type Message = Pick<Delivery, 'subject' | 'id' | 'headers' | 'json'>;

const textAt = (object: JsonObject, name: string): string => {
  const value = object[name];
  return value === undefined || value === null || typeof value === 'object' ? '' : maskText(String(value));
};

const textsOf = (object: JsonObject, names: readonly string[]): Record<string, string> =>
  Object.fromEntries(names.map((name) => [name, textAt(object, name)]));

/** A stream of a connector keeps failing. */
export const runAlert = ({ id, subject, json }: Message): Alert | undefined => {
  const told = json();
  if (!isJsonObject(told)) return undefined;
  const facts = textsOf(told, ['instance', 'stream', 'run', 'tries', 'error']);
  const source = `${facts['instance']}/${facts['stream']}`;
  return { id: stableId('alert', subject, id), kind: 'runFailed', source, at: textAt(told, 'at'), facts };
};

/** A call of the business API failed on our side; told on the stream of alerts by {@link callMessage}. */
export const callAlert = ({ id, subject, json }: Message): Alert | undefined => {
  const told = json();
  if (!isJsonObject(told)) return undefined;
  const facts = textsOf(told, ['operation', 'version', 'status', 'errorId', 'caller', 'order']);
  const source = `gateway/${facts['operation']}`;
  return { id: stableId('alert', subject, id), kind: 'callFailed', source, at: textAt(told, 'at'), facts };
};

/** What is put on the stream of alerts when a call fails. */
export const callMessage = (call: Transaction): JsonObject => ({
  operation: call.operation,
  version: call.version,
  status: call.status,
  errorId: call.errorId,
  caller: call.caller.id,
  order: call.orderId,
  at: new Date(call.at).toISOString(),
});

/** An order that the ERP refused, or that failed; any other news of orders is none. */
export const orderAlert = ({ json }: Message): Alert | undefined => {
  const envelope = json();
  const order = orderIn(envelope);
  if (order === undefined || !isJsonObject(envelope)) return undefined;
  const { id, status, state, orderNumber, reason = '' } = progressOf(order);
  if (status !== 'refused' && status !== 'failed') return undefined;
  return {
    // Other changes of an order that is refused tell the same refusal again.
    id: stableId('alert', 'order', id, newsOf(order), reason),
    kind: status === 'refused' ? 'orderRefused' : 'orderFailed',
    source: 'productOrder',
    at: textAt(envelope, 'eventTime'),
    facts: { order: id, orderNumber: String(orderNumber ?? ''), state, reason: maskText(reason) },
  };
};

/**
 * A message that a consumer gave up. Those of alerts themselves are none, they would go round in a circle; nor are those
 * of an order that the ERP refused, which tells of it by itself.
 */
export const deadLetterAlert = (
  { id, headers }: Message,
  own: readonly string[],
  at: string,
): Alert | undefined => {
  const { consumer, subject, attempts, reason, told } = deadLetterFacts(headers);
  if (told || own.includes(consumer)) return undefined;
  return {
    id: stableId('alert', 'dlq', id),
    kind: 'deadLetter',
    source: consumer,
    at,
    facts: { consumer, subject, tries: String(attempts), reason: maskText(reason) },
  };
};
