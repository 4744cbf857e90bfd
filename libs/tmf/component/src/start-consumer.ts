import type { EventBus, Running } from '@quotebridge/platform/events';
import { contextFrom, withSpan, type EventMetrics } from '@quotebridge/platform/telemetry';
import type { ConsumerBinding } from './component';

/** Starts a consumer whose handler runs inside the trace that the message carries. */
export const starterOf =
  (bus: EventBus, binding: ConsumerBinding, metrics: EventMetrics) => (): Promise<Running> =>
    bus.consume(binding.spec, async (delivery) => {
      const attributes = {
        'messaging.system': 'nats',
        'messaging.operation.name': 'process',
        'messaging.operation.type': 'process',
        'messaging.destination.name': delivery.subject,
        'messaging.consumer.group.name': binding.spec.durable,
        'messaging.message.id': delivery.id,
        'quotebridge.resource': delivery.key,
      };
      const parent = contextFrom(delivery.headers['traceparent'], delivery.headers['tracestate']);
      await withSpan(`process ${delivery.subject}`, 'consumer', attributes, parent, (context) =>
        binding.handle(delivery, context),
      );
      metrics.consumed.add({ consumer: binding.spec.durable, outcome: 'done' });
    });
