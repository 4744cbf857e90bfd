import { AsyncLocalStorage } from 'node:async_hooks';
import type { CausingMessage, ConnectorTrace } from '@quotebridge/connectors/sdk';
import {
  contextFromHeaders,
  openClientSpan,
  traceHeadersOf,
  withSpan,
  type Context,
} from '@quotebridge/platform/telemetry';

/** By the names of the OpenTelemetry conventions for messaging. */
const attributesOf = ({ subject, id, consumer, key }: CausingMessage): Record<string, string> => ({
  'messaging.system': 'nats',
  'messaging.operation.name': 'process',
  'messaging.operation.type': 'process',
  'messaging.destination.name': subject,
  'messaging.consumer.group.name': consumer,
  'messaging.message.id': id,
  'quotebridge.resource': key,
});

/** Traces by the platform's telemetry. A connector waits for networks, so AsyncLocalStorage costs nothing that counts. */
export const connectorTrace = (instance: string): ConnectorTrace => {
  const current = new AsyncLocalStorage<Context>();
  return {
    run: (name, headers, work, message) =>
      withSpan(
        name,
        message === undefined ? 'internal' : 'consumer',
        { 'quotebridge.connector': instance, ...(message === undefined ? {} : attributesOf(message)) },
        contextFromHeaders(headers),
        (context) => current.run(context, work),
      ),
    inject: (headers) => {
      const context = current.getStore();
      if (context !== undefined) Object.assign(headers, traceHeadersOf(context));
    },
    call: (headers, call) => {
      const parent = current.getStore();
      if (parent === undefined) return undefined;
      const { context, end } = openClientSpan(call, parent);
      Object.assign(headers, traceHeadersOf(context));
      return end === undefined
        ? undefined
        : ({ reply, fault }) =>
            end({
              ...(reply === undefined ? {} : { status: reply.status }),
              ...(fault === undefined ? {} : { fault: fault.message }),
            });
    },
  };
};
