import type { JsonObject } from '@quotebridge/platform/core';
import { callsOf, type ConnectorDefinition } from '@quotebridge/connectors/sdk';
import { businessEvents } from './business-events';
import { changeSalesOrder } from './change-sales-order';
import { classify } from './classify';
import { createSalesOrder } from './create-sales-order';
import { PRODUCTS } from './entity-sets';
import { ODataClient } from './odata-client';
import { paymentParts, payments, writePayment } from './payments';
import { questionsOf } from './questions/questions';
import { rejectSalesOrder } from './reject-sales-order';
import { requiredSecrets, settingsFaults, settingsSchema, type S4Settings } from './settings';
import { streamsOf } from './streams/streams';

// The schema has been checked before `open`; this is the one place that trusts it.
const asSettings = (checked: JsonObject): S4Settings => checked as unknown as S4Settings;

/** Live questions that are asked of the system at the same time. */
const LIVE_CALLS = 24;

/** SAP S/4HANA over OData V2: partners, materials, prices, structures and machines in, sales orders, their changes and cancellation out, their status back. */
export const s4hana: ConnectorDefinition = {
  id: 's4hana',
  title: 'SAP S/4HANA',
  settingsSchema,
  settingsFaults,
  requiredSecrets,
  auth: ['basic', 'clientCredentials'],
  rateLimits: {},
  classify,
  open: (context) => {
    const settings = asSettings(context.settings);
    const { liveSeconds } = settings;
    const client = new ODataClient(settings, context, callsOf(settings));
    // Connections and a circuit of its own: a load does not keep who asks waiting, and late answers do not stop a load.
    const live = new ODataClient(settings, context, {
      attemptMs: liveSeconds * 1_000,
      deadlineMs: liveSeconds * 1_000,
      concurrency: LIVE_CALLS,
    });
    const parts = { source: context.instance, settings, client, clock: context.clock };
    const payment = settings.payment && paymentParts(parts, settings.payment, context);
    return {
      streams: [...(payment === undefined ? [] : [payments(payment)]), ...streamsOf(parts)],
      actions: [
        createSalesOrder(client, settings, context),
        rejectSalesOrder(client, settings, context),
        changeSalesOrder(client, settings, context),
        ...(payment === undefined ? [] : [writePayment(payment)]),
      ],
      actionsAtOnce: settings.callsAtOnce,
      ...(settings.eventsUser === undefined
        ? {}
        : { webhooks: [businessEvents(settings.eventsUser, settings, context)] }),
      questions: questionsOf(context.instance, settings, live, context.clock),
      check: async () => {
        await client.all(PRODUCTS, { $top: '1', $select: 'Product' });
      },
      close: async () => {
        await Promise.all([client.close(), live.close()]);
      },
    };
  },
};
