import { isJsonObject } from '@quotebridge/platform/core';
import type { ConsumerPart } from './consumer-part';

/** One message as a handler sees it. */
export interface Delivery {
  readonly subject: string;
  /** The message id that its sender gave it; stays the same when a dead letter is replayed. */
  readonly id: string;
  /** Messages of one key are handled one after the other, in order. */
  readonly key: string;
  /** 1 for the first try. */
  readonly attempt: number;
  readonly headers: Readonly<Record<string, string>>;
  /** The payload, parsed; throws {@link PermanentError} when it is not JSON. */
  json(): unknown;
}

/** Handles one delivery: resolved means done, thrown means try again, {@link PermanentError} means never. */
export type DeliveryHandler = (delivery: Delivery) => Promise<void>;

/** A durable consumer of a stream. */
export interface ConsumerSpec {
  /** Name of the durable consumer; keeps its place over restarts. */
  readonly durable: string;
  readonly stream: string;
  readonly subjects: readonly string[];
  /** Most messages in work at once, over all keys, those that wait for their turn included. */
  readonly concurrency: number;
  /** Tries before a message becomes a dead letter; transient faults are not counted. */
  readonly maxAttempts: number;
  /** Waits between tries in milliseconds; the last one repeats. */
  readonly backoffMs: readonly number[];
  /** How long the broker waits for a sign of life before it delivers again. */
  readonly ackWaitMs: number;
  /** Where it begins when it is made: with all that the stream has (so unless given), what comes from now on, or what came since a time. */
  readonly startAt?: 'all' | 'new' | Date;
  /** Takes only the keys of one part. Each part is to be consumed by one process at a time, which keeps the order of its keys. */
  readonly part?: ConsumerPart;
  /** Whose it is; the broker keeps that beside it, so that all of one owner can be removed together. */
  readonly owner?: string;
  /** True for faults that say nothing about the message (a store away): retried without end. */
  readonly isTransient?: (thrown: unknown) => boolean;
}

/**
 * A handler throws this when another try cannot help: the message goes to the dead letters at once. `told` when what it
 * was about says itself what is wrong, so that nobody has to be alarmed by the letter as well.
 */
export class PermanentError extends Error {
  readonly told: boolean;

  constructor(message: string, { told = false, ...options }: { cause?: unknown; told?: boolean } = {}) {
    super(message, options);
    this.name = 'PermanentError';
    this.told = told;
  }
}

/** The broker is away or did not store a message: nothing was acknowledged, so keep it and try again. */
export class BrokerUnavailable extends Error {
  constructor(message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'BrokerUnavailable';
  }
}

/**
 * The id under which a consumer remembers that it has applied an event: the envelope's `eventId` (TMF630 part 1,
 * 10), which is the same however often and on whatever way the event arrives; the message id where there is none.
 */
export const eventIdOf = (delivery: Pick<Delivery, 'id' | 'json'>): string => {
  const envelope = delivery.json();
  const id = isJsonObject(envelope) ? envelope['eventId'] : undefined;
  return typeof id === 'string' && id !== '' ? id : delivery.id;
};

/** Metadata of a consumer: whose it is. */
export const OWNER_KEY = 'quotebridge-owner';
/** Header with the message id: the broker drops a second copy within its window. */
export const MESSAGE_ID_HEADER = 'Nats-Msg-Id';
/** Header with the order key of a message. */
export const KEY_HEADER = 'Qb-Key';
/** Header of a replayed message: the id it had before, since the broker would drop a second copy of that. */
export const ORIGINAL_ID_HEADER = 'Qb-Message-Id';
/** Header of a replayed message: the only consumer that is to handle it. */
export const ONLY_FOR_HEADER = 'Qb-Only-For';
