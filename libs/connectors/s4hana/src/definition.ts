import type { JsonObject } from '@quotebridge/platform/core';
import type { ConnectorDefinition } from '@quotebridge/connectors/sdk';
import { classify } from './classify';
import { createSalesOrder } from './create-sales-order';
import { ORDER_SERVICE, PRODUCTS } from './entity-sets';
import { ODataClient } from './odata-client';
import { rejectSalesOrder } from './reject-sales-order';
import { requiredSecrets, settingsSchema, type S4Settings } from './settings';
import { streamsOf } from './streams';

// The schema has been checked before `open`; this is the one place that trusts it.
const asSettings = (checked: JsonObject): S4Settings => checked as unknown as S4Settings;

/** SAP S/4HANA over OData V2: materials and list prices in, sales orders and their cancellation out, their status back. */
export const s4hana: ConnectorDefinition = {
  id: 's4hana',
  title: 'SAP S/4HANA',
  settingsSchema,
  requiredSecrets,
  auth: ['basic', 'clientCredentials'],
  rateLimits: {},
  classify,
  open: (context) => {
    const settings = asSettings(context.settings);
    const client = new ODataClient(settings, context, ORDER_SERVICE);
    return {
      streams: streamsOf(context.instance, settings, client, context.clock),
      actions: [createSalesOrder(client, settings, context), rejectSalesOrder(client, settings, context)],
      check: async () => {
        await client.all(PRODUCTS, { $top: '1', $select: 'Product' });
      },
      close: () => client.close(),
    };
  },
};
