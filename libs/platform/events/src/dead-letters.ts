import type { StoredMsg } from '@nats-io/jetstream';
import type { EventBus } from './event-bus';
import { DEAD_LETTERS } from './topology';

/** A message that no consumer could handle. */
export interface DeadLetter {
  readonly sequence: number;
  readonly consumer: string;
  readonly subject: string;
  readonly messageId: string;
  readonly reason: string;
  readonly attempts: number;
  readonly at: string;
  readonly payload: string;
}

const toDeadLetter = (message: StoredMsg): DeadLetter => ({
  sequence: message.seq,
  consumer: message.header.get('Qb-Consumer'),
  subject: message.header.get('Qb-Subject'),
  messageId: message.header.get('Qb-Message-Id'),
  reason: message.header.get('Qb-Reason'),
  attempts: Number(message.header.get('Qb-Attempts')),
  at: message.time.toISOString(),
  payload: message.string(),
});

/** The dead letters from a sequence on, oldest first, at most `limit`. */
export const listDeadLetters = async (bus: EventBus, from = 0, limit = 100): Promise<DeadLetter[]> => {
  const { state } = await bus.streams.streams.info(DEAD_LETTERS);
  const letters: DeadLetter[] = [];
  for (let seq = Math.max(from, state.first_seq); seq <= state.last_seq && letters.length < limit; seq += 1) {
    const message = await bus.streams.streams.getMessage(DEAD_LETTERS, { seq });
    if (message) letters.push(toDeadLetter(message));
  }
  return letters;
};

/**
 * Sends a dead letter to its subject again and removes it. It gets a new message id (the broker would drop the
 * old one), so consumers that remember event ids read the id from the envelope.
 */
export const replayDeadLetter = async (bus: EventBus, sequence: number): Promise<DeadLetter> => {
  const message = await bus.streams.streams.getMessage(DEAD_LETTERS, { seq: sequence });
  if (!message) throw new Error(`There is no dead letter ${sequence}`);
  const letter = toDeadLetter(message);
  const carried = Object.fromEntries(
    message.header
      .keys()
      .filter((name) => !/^(Nats-|Qb-(Subject|Consumer|Reason|Attempts|Message-Id))/.test(name))
      .map((name) => [name, message.header.get(name)]),
  );
  await bus.publish(letter.subject, letter.payload, {
    id: `replay:${sequence}:${letter.messageId}`,
    key: message.header.get('Qb-Key') || letter.subject,
    headers: carried,
  });
  await bus.streams.streams.deleteMessage(DEAD_LETTERS, sequence);
  return letter;
};
