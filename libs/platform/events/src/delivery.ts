/** One message as a handler sees it. */
export interface Delivery {
  readonly subject: string;
  /** The event id (`Nats-Msg-Id`): what a consumer remembers to apply a message once. */
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
  /** Most messages in work at once, over all keys. */
  readonly concurrency: number;
  /** Tries before a message becomes a dead letter; transient faults are not counted. */
  readonly maxAttempts: number;
  /** Waits between tries in milliseconds; the last one repeats. */
  readonly backoffMs: readonly number[];
  /** How long the broker waits for a sign of life before it delivers again. */
  readonly ackWaitMs: number;
  readonly startAt?: 'all' | 'new';
  /** True for faults that say nothing about the message (a store away): retried without end. */
  readonly isTransient?: (thrown: unknown) => boolean;
}

/** A handler throws this when another try cannot help: the message goes to the dead letters at once. */
export class PermanentError extends Error {
  constructor(message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'PermanentError';
  }
}

/** Header with the order key of a message. */
export const KEY_HEADER = 'Qb-Key';
