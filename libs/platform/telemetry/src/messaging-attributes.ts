import type { Attributes } from '@opentelemetry/api';

/** A message of the broker, as far as spans tell of it. */
export interface TracedMessage {
  readonly subject: string;
  readonly id: string;
  /** The resource that it is about, as `collection/id`. */
  readonly key: string;
  /** Durable consumer that has taken it. */
  readonly consumer?: string;
}

/** What the OpenTelemetry conventions for messaging ask of a span that sends a message or works on one, and our own. */
export const messagingAttributes = (
  operation: 'send' | 'process',
  { subject, id, key, consumer }: TracedMessage,
): Attributes => ({
  'messaging.system': 'nats',
  'messaging.operation.name': operation,
  'messaging.operation.type': operation,
  'messaging.destination.name': subject,
  'messaging.message.id': id,
  ...(consumer === undefined ? {} : { 'messaging.consumer.group.name': consumer }),
  'quotebridge.resource': key,
});
