import type { IndexSpec } from './indexes';
import { isSealed } from './sealed';

/**
 * An event that waits in its document until the broker has it. Written in the same operation as the change it
 * tells of, so neither exists without the other.
 */
export interface OutboxEvent {
  /** The event id; the broker drops a second copy of it. */
  readonly id: string;
  readonly subject: string;
  readonly at: Date;
  /** The whole envelope as JSON text, made once on the request path; in the store it may be sealed. */
  readonly body: string;
  /** W3C trace context of the request that caused it. */
  readonly traceparent?: string;
}

/** Characters of an event, or bytes when it is sealed. */
export const bodyLength = ({ body }: { readonly body: unknown }): number =>
  isSealed(body) ? body.length() : String(body).length;

/** Attribute of a stored document that holds its pending {@link OutboxEvent}s, oldest first. */
export const OUTBOX = '_outbox';

/** Collection that keeps the pending events of deleted documents until they are published. */
export const TOMBSTONES = 'tombstones';

/** Finds documents with pending events without looking at the others. */
export const OUTBOX_INDEX: IndexSpec = {
  keys: { '_outbox.at': 1 },
  options: { sparse: true, name: 'outbox_pending' },
};
