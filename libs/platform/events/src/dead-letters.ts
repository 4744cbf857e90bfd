import type { NextMsgRequest, StoredMsg } from '@nats-io/jetstream';
import { carriedHeaders, toDeadLetter, type DeadLetter } from './dead-letter';
import { KEY_HEADER, ONLY_FOR_HEADER } from './delivery';
import type { EventBus } from './event-bus';
import { DEAD_LETTERS } from './topology';

// The broker itself looks for the next one: numbers that were replayed or have aged out cost nothing, however many they are.
const nextFrom = (bus: EventBus, seq: number): Promise<StoredMsg | null> => {
  const wanted = { seq, next_by_subj: '>' } satisfies NextMsgRequest;
  return bus.streams.streams.getMessage(DEAD_LETTERS, wanted);
};

/** The dead letters from a sequence on, oldest first, at most `limit`. */
export const listDeadLetters = async (bus: EventBus, from = 0, limit = 100): Promise<DeadLetter[]> => {
  const letters: DeadLetter[] = [];
  for (let seq = Math.max(from, 1); letters.length < limit;) {
    const message = await nextFrom(bus, seq);
    if (!message) break;
    letters.push(toDeadLetter(message));
    seq = message.seq + 1;
  }
  return letters;
};

/**
 * Sends a dead letter to its subject again, for the consumer that could not handle it and no other, and removes
 * it. The broker gets a new message id (it would drop the old one); consumers see the old one, and the event id in
 * the envelope (`eventIdOf`) is the same in any case. A crash in between leaves the letter: replay it again.
 */
export const replayDeadLetter = async (bus: EventBus, sequence: number): Promise<DeadLetter> => {
  const message = await bus.streams.streams.getMessage(DEAD_LETTERS, { seq: sequence });
  if (!message) throw new Error(`There is no dead letter ${sequence}`);
  const letter = toDeadLetter(message);
  await bus.publish(letter.subject, letter.payload, {
    id: `replay:${sequence}:${letter.messageId}`,
    key: message.header.get(KEY_HEADER) || letter.subject,
    headers: { ...carriedHeaders(message), [ONLY_FOR_HEADER]: letter.consumer },
  });
  await bus.streams.streams.deleteMessage(DEAD_LETTERS, sequence);
  return letter;
};
