import {
  cloudEventWebhook,
  triggerAll,
  type CloudEvent,
  type ConnectorContext,
  type Webhook,
} from '@quotebridge/connectors/sdk';
import { EVENTS_SECRET, type S4Settings } from './settings';

/** Streams that read what changes of a business object show in, by the object as it stands in the type of its events. */
const STREAMS: Readonly<Record<string, readonly string[]>> = {
  billofmaterial: ['spareParts', 'components', 'machines'],
  businesspartner: ['organizations', 'individuals', 'customers', 'suppliers'],
  customer: ['organizations', 'customers'],
  equipment: ['machines'],
  product: ['productSpecifications', 'productOfferings', 'components'],
  purchasinginforecord: ['procurementCosts'],
  salescontract: ['contracts'],
  salesorder: ['orderStatuses', 'payments'],
  salespricingconditionrecord: ['productOfferingPrices', 'productOfferings'],
  slspricingconditionrecord: ['productOfferingPrices', 'productOfferings'],
  supplier: ['suppliers'],
};

/**
 * Streams that an event begins. Its type names the business object: `sap.s4.beh.salesorder.v1.SalesOrder.Changed.v1`; an
 * event of another object, or of another system, begins none. Pure.
 */
export const streamsOfEvent = (
  { type }: Pick<CloudEvent, 'type'>,
  more: S4Settings['eventStreams'],
): readonly string[] => {
  const [, object = ''] = /^sap\.s4\.beh\.([a-z0-9]+)\./i.exec(type) ?? [];
  const named = { ...STREAMS, ...more };
  const key = object.toLowerCase();
  return Object.hasOwn(named, key) ? (named[key] ?? []) : [];
};

/**
 * The door for business events, as SAP Event Mesh delivers them. They carry keys only, and may be lost, doubled or out of
 * order: they begin the deltas that read what has changed.
 */
export const businessEvents = (
  user: string,
  { eventStreams }: Pick<S4Settings, 'eventStreams'>,
  context: ConnectorContext,
): Webhook =>
  cloudEventWebhook(
    {
      name: 'events',
      title: 'Business events',
      maxBytes: 256 * 1024,
      user,
      password: context.secrets[EVENTS_SECRET] ?? '',
      take: async (event, port) => ({
        status: 202,
        body: { runs: await triggerAll(port, streamsOfEvent(event, eventStreams)) },
      }),
    },
    context,
  );
