import type { JsMsg, StoredMsg } from '@nats-io/jetstream';
import { headers as natsHeaders, type MsgHdrs } from '@nats-io/nats-core';
import { ONLY_FOR_HEADER, ORIGINAL_ID_HEADER } from './delivery';
import { messageIdOf } from './to-delivery';

const SUBJECT_HEADER = 'Qb-Subject';
const CONSUMER_HEADER = 'Qb-Consumer';
const REASON_HEADER = 'Qb-Reason';
const ATTEMPTS_HEADER = 'Qb-Attempts';
const TOLD_HEADER = 'Qb-Told';
const REASON_LENGTH = 1_000;

/** A message that no consumer could handle. */
export interface DeadLetter {
  readonly sequence: number;
  readonly consumer: string;
  readonly subject: string;
  readonly messageId: string;
  readonly reason: string;
  readonly attempts: number;
  /** True when what it was about tells of the failure by itself. */
  readonly told: boolean;
  readonly at: string;
  readonly payload: string;
}

/** Why and after how many tries a message is given up. */
export type Burial = Pick<DeadLetter, 'reason' | 'attempts' | 'told'>;

/** What the headers of a dead letter say, for those who consume the stream of dead letters. */
export const deadLetterFacts = (
  headers: Readonly<Record<string, string>>,
): Pick<DeadLetter, 'consumer' | 'subject' | 'reason' | 'attempts' | 'told'> => ({
  consumer: headers[CONSUMER_HEADER] ?? '',
  subject: headers[SUBJECT_HEADER] ?? '',
  reason: headers[REASON_HEADER] ?? '',
  attempts: Number(headers[ATTEMPTS_HEADER] ?? 0),
  told: headers[TOLD_HEADER] !== undefined,
});

/** A stored dead letter, read. */
export const toDeadLetter = (message: StoredMsg): DeadLetter => ({
  sequence: message.seq,
  consumer: message.header.get(CONSUMER_HEADER),
  subject: message.header.get(SUBJECT_HEADER),
  messageId: message.header.get(ORIGINAL_ID_HEADER),
  reason: message.header.get(REASON_HEADER),
  attempts: Number(message.header.get(ATTEMPTS_HEADER)),
  told: message.header.has(TOLD_HEADER),
  at: message.time.toISOString(),
  payload: message.string(),
});

/** Where and with which headers a message is kept that `consumer` could not handle. */
export const deadLetterOf = (
  message: JsMsg,
  consumer: string,
  { reason, attempts, told }: Burial,
): { subject: string; id: string; headers: MsgHdrs } => {
  const headers = natsHeaders();
  for (const name of message.headers?.keys() ?? []) {
    // A letter is for everybody who looks at dead letters, also when the message was replayed for one consumer.
    if (!name.startsWith('Nats-') && name !== ONLY_FOR_HEADER && name !== TOLD_HEADER)
      headers.set(name, message.headers?.get(name) ?? '');
  }
  headers.set(SUBJECT_HEADER, message.subject);
  headers.set(ORIGINAL_ID_HEADER, messageIdOf(message));
  headers.set(CONSUMER_HEADER, consumer);
  headers.set(REASON_HEADER, reason.replace(/\s+/g, ' ').slice(0, REASON_LENGTH));
  headers.set(ATTEMPTS_HEADER, String(attempts));
  if (told) headers.set(TOLD_HEADER, 'true');
  const { stream, streamSequence } = message.info;
  return { subject: `dlq.${consumer}`, id: `${consumer}:${stream}:${streamSequence}`, headers };
};

/** The headers that the message had before it became a dead letter. */
export const carriedHeaders = ({ header }: StoredMsg): Record<string, string> => {
  const own = [SUBJECT_HEADER, CONSUMER_HEADER, REASON_HEADER, ATTEMPTS_HEADER, TOLD_HEADER];
  const names = header.keys().filter((name) => !name.startsWith('Nats-') && !own.includes(name));
  return Object.fromEntries(names.map((name) => [name, header.get(name)]));
};
