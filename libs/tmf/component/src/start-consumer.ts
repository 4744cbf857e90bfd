import type { EventBus, Running } from '@quotebridge/platform/events';
import {
  contextFrom,
  messagingAttributes,
  withSpan,
  type EventMetrics,
} from '@quotebridge/platform/telemetry';
import type { ConsumerBinding } from './component';

/** Starts a consumer whose handler runs inside the trace that the message carries. */
export const starterOf =
  (bus: EventBus, binding: ConsumerBinding, metrics: EventMetrics) => (): Promise<Running> =>
    bus.consume(binding.spec, async (delivery) => {
      const { subject, id, key } = delivery;
      const attributes = messagingAttributes('process', { subject, id, key, consumer: binding.spec.durable });
      const parent = contextFrom(delivery.headers['traceparent'], delivery.headers['tracestate']);
      await withSpan(`process ${subject}`, 'consumer', attributes, parent, (context) =>
        binding.handle(delivery, context),
      );
      metrics.consumed.add({ consumer: binding.spec.durable, outcome: 'done' });
    });
