import { randomUUID } from 'node:crypto';
import type { EventBus } from '@quotebridge/platform/events';

/** Reports about a product order as the connector of the ERP does. */
export const reportOrder = async (bus: EventBus, id: string, resource: object): Promise<void> => {
  const run = randomUUID();
  const records = [{ externalId: id, op: 'patch', id, resource: { '@type': 'ProductOrder', ...resource } }];
  await bus.publish(
    'ingest.productOrder',
    { run, batch: 1, source: 's4hana', resource: 'productOrder', records },
    { id: run, key: run },
  );
};
