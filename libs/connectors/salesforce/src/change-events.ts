import {
  objectAt,
  signedWebhook,
  textAt,
  triggerAll,
  type ConnectorContext,
  type Webhook,
} from '@quotebridge/connectors/sdk';
import { isJsonObject, Refusal, type Json, type JsonObject } from '@quotebridge/platform/core';

/** Name of the secret that signs forwarded change events. */
export const CHANGES_SECRET = 'webhook-changes';

/** How a forwarder signs, the same as other signed messages: time and body, in hexadecimal digits. */
const SIGNING = {
  signatureHeader: 'x-signature',
  prefix: '',
  encoding: 'hex',
  timestampHeader: 'x-timestamp',
  timestampFormat: 'epochSeconds',
  idHeader: 'x-delivery-id',
  signed: '{timestamp}.{body}',
  windowSeconds: 300,
} as const;

/** Streams that read what changes of an object show in. */
const STREAMS: Readonly<Record<string, readonly string[]>> = {
  Account: ['customers', 'accounts'],
  Contact: ['contacts'],
  Opportunity: ['opportunities', 'salesOpportunities'],
  OpportunityLineItem: ['opportunities'],
  Order: ['orders', 'cancellations', 'payments'],
  OrderItem: ['orders'],
  Pricebook2: ['prices'],
  PricebookEntry: ['prices'],
  Product2: ['products'],
};

/** The event itself: as CometD gives it, as the Pub/Sub API gives it, or the payload alone. */
const payloadOf = (event: JsonObject): JsonObject => {
  const data = 'data' in event ? objectAt(event, 'data') : event;
  return 'payload' in data ? objectAt(data, 'payload') : data;
};

/**
 * Streams that a message asks to run: one change event of Change Data Capture or a list of them. Events of other objects
 * ask for none; a gap event asks for the same as a change. Pure; throws a `Refusal` for what is none.
 */
export const streamsOfChange = (message: Json): ReadonlySet<string> => {
  const events = Array.isArray(message) ? message : [message];
  const streams = events.flatMap((event) => {
    const header = isJsonObject(event) ? objectAt(payloadOf(event), 'ChangeEventHeader') : {};
    const entity = textAt(header, 'entityName');
    if (entity === undefined)
      throw new Refusal(400, 'badMessage', 'The message has no ChangeEventHeader with an entityName');
    return Object.hasOwn(STREAMS, entity) ? (STREAMS[entity] ?? []) : [];
  });
  return new Set(streams);
};

/**
 * The door for change events that a flow, a trigger or a subscriber of the org forwards. Events may be lost or overtake one another:
 * they only begin the delta of their streams.
 */
export const changeEvents = (context: ConnectorContext): Webhook =>
  signedWebhook(
    {
      name: 'changes',
      title: 'Change events',
      maxBytes: 1024 ** 2,
      signing: SIGNING,
      secret: context.secrets[CHANGES_SECRET] ?? '',
      take: async (json, port) => ({
        status: 202,
        body: { runs: await triggerAll(port, streamsOfChange(json())) },
      }),
    },
    context,
  );
