import { AsyncLocalStorage } from 'node:async_hooks';
import type { ConnectorTrace } from '@quotebridge/connectors/sdk';
import {
  contextFromHeaders,
  messagingAttributes,
  openClientSpan,
  traceHeadersOf,
  withSpan,
  type Context,
} from '@quotebridge/platform/telemetry';

/** Traces by the platform's telemetry. A connector waits for networks, so AsyncLocalStorage costs nothing that counts. */
export const connectorTrace = (instance: string): ConnectorTrace => {
  const current = new AsyncLocalStorage<Context>();
  return {
    run: (name, headers, work, message) =>
      withSpan(
        name,
        message === undefined ? 'internal' : 'consumer',
        {
          'quotebridge.connector': instance,
          ...(message === undefined ? {} : messagingAttributes('process', message)),
        },
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
