import { randomUUID } from 'node:crypto';
import type { JsonObject } from '@quotebridge/platform/core';
import type { EventBus } from '@quotebridge/platform/events';

const TYPE = 'ProductOrderCreateEvent';

/** Tells everybody of a new order, as product ordering does. */
export const publishOrder = async (
  bus: EventBus,
  productOrder: JsonObject & { readonly id: string },
): Promise<void> => {
  const eventId = randomUUID();
  const envelope = { eventId, eventType: TYPE, '@type': TYPE, eventTime: new Date().toISOString() };
  await bus.publish(
    `tmf.TMF622.productOrder.${TYPE}`,
    {
      ...envelope,
      event: { productOrder: { '@type': 'ProductOrder', state: 'acknowledged', ...productOrder } },
    },
    { id: eventId, key: productOrder.id },
  );
};
