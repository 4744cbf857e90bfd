import { isCurrency } from '@quotebridge/cpq/pricing';
import { defineSettings, onlyUrls, type SettingsOf } from '@quotebridge/platform/config';
import { componentSettings } from '@quotebridge/tmf/component';
import { alertSettings } from './alerts/alert-settings';

const base = (what: string, path: string) =>
  ({ type: 'url', doc: `Address of ${what}, without a path; its API is expected at ${path}.` }) as const;

/** Settings of the business API, beside those that every component has. */
export const gatewaySettings = defineSettings({
  ...componentSettings,
  orderUrl: base('product ordering (TMF622)', '/tmf-api/productOrderingManagement/v5'),
  customerUrl: base('customers (TMF629)', '/tmf-api/customer/v5'),
  inventoryUrl: base('the installed base (TMF637)', '/views/bom'),
  salesUrl: base('sales (TMF699)', '/tmf-api/salesManagement/v5'),
  catalogUrl: base('the product catalog (TMF620)', '/views/parts'),
  componentApiKey: {
    type: 'secret',
    optional: true,
    doc: 'API key that the gateway shows to the components; it needs read and write on orders, read on the rest.',
  },
  componentDeadline: {
    type: 'duration',
    default: '10s',
    min: '50ms',
    doc: 'Longest wait for a component when something is written or read for certain.',
  },
  componentConnections: {
    type: 'int',
    default: 64,
    min: 1,
    max: 1_000,
    doc: 'Connections kept open to each component.',
  },
  offeringSource: {
    type: 'string',
    default: 's4hana',
    doc: 'Connector instance that brings the parts: the offering of a part number is found by it.',
  },
  currency: {
    type: 'string',
    default: 'EUR',
    check: (text) => (isCurrency(text) ? undefined : 'a currency has three capital letters, such as EUR'),
    doc: 'Currency of orders that name none, ISO 4217.',
  },
  unknownCustomers: {
    type: 'enum',
    values: ['refuse', 'take'],
    default: 'refuse',
    doc: 'What becomes of an order of a customer that the customer component does not have: 400, or taken for the ERP to judge.',
  },
  confirmWithin: {
    type: 'duration',
    default: '5s',
    min: '0ms',
    max: '20s',
    doc: 'How long an order with its whole structure waits for the ERP before it is answered with 202.',
  },
  webhookSecret: {
    type: 'secret',
    optional: true,
    minLength: 16,
    doc: 'Key that confirmations and alerts are signed with; without one none are sent to webhooks.',
  },
  confirmationUrls: {
    type: 'list',
    default: [],
    check: onlyUrls,
    doc: 'Addresses that are told of every order, beside the one that an order names itself.',
  },
  erpInstance: {
    type: 'string',
    default: 's4hana',
    doc: 'Connector instance that is asked live for prices, availability and structures.',
  },
  liveLookups: {
    type: 'boolean',
    default: true,
    doc: 'Whether the ERP is asked live; without, look-ups are answered from master data.',
  },
  liveDeadline: {
    type: 'duration',
    default: '150ms',
    min: '1ms',
    max: '10s',
    doc: 'Longest wait for the ERP in a look-up; then master data stand in.',
  },
  lookupDeadline: {
    type: 'duration',
    default: '180ms',
    min: '1ms',
    max: '30s',
    doc: 'Longest time for the answer to a look-up: then the last one known is given, or 503. What comes later is kept.',
  },
  masterDeadline: {
    type: 'duration',
    default: '1s',
    min: '1ms',
    max: '30s',
    doc: 'Longest time for all calls of components that the answer to a look-up takes; one after LOOKUP_DEADLINE serves who asks next.',
  },
  lookupFresh: {
    type: 'duration',
    default: '5s',
    doc: 'How long an answer of the ERP is given again; one from master data a fifth of that. Price lists of customers are read anew after it.',
  },
  transactionDays: {
    type: 'int',
    default: 400,
    min: 1,
    max: 20_000,
    doc: 'Days that the transaction log keeps a call.',
  },
  ...alertSettings,
});

/** Values of {@link gatewaySettings}. */
export type GatewaySettings = SettingsOf<typeof gatewaySettings>;
