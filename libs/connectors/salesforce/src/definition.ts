import type { Fault, JsonObject } from '@quotebridge/platform/core';
import {
  type Action,
  type ConnectorContext,
  type ConnectorDefinition,
  type Stream,
} from '@quotebridge/connectors/sdk';
import { cancellations } from './cancellations';
import { changeEvents, CHANGES_SECRET } from './change-events';
import { classify } from './classify';
import { ownedAccountFields } from './mapping/account-update';
import { Margins, QUOTE_SECRET, showsMargin } from './margins';
import { ownsOpportunity } from './mapping/sales-opportunity-update';
import { masterData } from './master-data';
import { opportunities } from './opportunities';
import { OpportunitySync } from './opportunity-sync';
import { orders } from './orders';
import { paymentParts, payments, showPayment, type PaymentParts } from './payments';
import { RestClient } from './rest-client';
import { SalesOpportunitySync } from './sales-opportunity-sync';
import { settingsSchema, type SalesforceSettings } from './settings';
import { showOrder } from './show-order';
import { updateAccount } from './update-account';
import { updateOpportunity } from './update-opportunity';

// The schema has been checked before `open`; this is the one place that trusts it.
const asSettings = (checked: JsonObject): SalesforceSettings => checked as unknown as SalesforceSettings;

const settingsFaults = (checked: JsonObject): readonly Fault[] => {
  const { owners, salesOwners, lineItemField, quoteUrl, fields } = asSettings(checked);
  const missing = (path: string, why: string): Fault => ({
    path,
    message: `is missing: ${why}`,
    code: 'required',
  });
  return [
    ...(owners.lines === 'quotebridge' && lineItemField === undefined
      ? [missing('/lineItemField', 'owners.lines is quotebridge')]
      : []),
    ...(salesOwners.quote === 'quotebridge' && fields.quoteId === undefined
      ? [missing('/fields/quoteId', 'salesOwners.quote is quotebridge')]
      : []),
    ...(showsMargin({ fields }) && quoteUrl === undefined
      ? [missing('/quoteUrl', 'margins are read there')]
      : []),
  ];
};

/** Actions that an instance has when its settings ask for them. */
const optionalActions = (
  settings: SalesforceSettings,
  client: RestClient,
  context: Pick<ConnectorContext, 'instance' | 'clock' | 'externalIdOf'>,
  payment: PaymentParts | undefined,
): readonly Action[] => {
  const { orders, accountOwners } = settings;
  const { instance, clock } = context;
  return [
    ...(ownedAccountFields(accountOwners).length > 0 ? [updateAccount(client, settings, context)] : []),
    ...(orders === undefined ? [] : [showOrder({ client, settings, orders, clock, instance })]),
    ...(payment === undefined ? [] : [showPayment(payment)]),
  ];
};

/** The streams of orders, those that are wanted. */
const orderStreams = (
  instance: string,
  settings: SalesforceSettings,
  client: RestClient,
  payment: PaymentParts | undefined,
): readonly Stream[] => [
  ...(settings.orders?.take === undefined
    ? []
    : [orders(instance, { ...settings, orders: settings.orders }, client)]),
  ...(settings.orders?.cancel === undefined
    ? []
    : [
        cancellations(
          instance,
          settings,
          { idField: settings.orders.idField, ...settings.orders.cancel },
          client,
        ),
      ]),
  ...(payment === undefined ? [] : [payments(payment, settings)]),
];

/**
 * Salesforce Sales Cloud over REST and Bulk 2.0: opportunities in as quotes, stage, lines, amounts and order number back;
 * orders in as product orders and their cancellations, orders of quotes shown;
 * accounts, contacts, products and price books in as master data.
 */
export const salesforce: ConnectorDefinition = {
  id: 'salesforce',
  title: 'Salesforce Sales Cloud',
  settingsSchema,
  settingsFaults,
  requiredSecrets: ({ changeEvents: isOn, quoteUrl }) => [
    'clientSecret',
    ...(isOn === true ? [CHANGES_SECRET] : []),
    ...(quoteUrl === undefined ? [] : [QUOTE_SECRET]),
  ],
  auth: ['clientCredentials'],
  rateLimits: {},
  classify,
  open: (context) => {
    const settings = asSettings(context.settings);
    const client = new RestClient(settings, context);
    const { instance, notes, clock, concerns } = context;
    const margins = showsMargin(settings) ? new Margins(settings, context) : undefined;
    const completed = margins && ((quote: JsonObject) => margins.added(quote));
    const sync = new OpportunitySync(client, settings, notes, completed, concerns);
    const sales = new SalesOpportunitySync(client, settings, context);
    const payment = paymentParts(instance, settings, client, notes);
    // What else is read comes after opportunities and orders: they do not wait for it.
    const streams = [
      opportunities(instance, settings, client, sync),
      ...orderStreams(instance, settings, client, payment),
      ...masterData(instance, { settings, client, notes, clock }, sales),
    ];
    return {
      streams,
      ...(settings.changeEvents ? { webhooks: [changeEvents(context)] } : {}),
      actions: [
        updateOpportunity(sync, instance),
        ...(ownsOpportunity(settings) ? [sales.action()] : []),
        ...optionalActions(settings, client, context, payment),
      ],
      actionsAtOnce: settings.callsAtOnce,
      check: async () => {
        await client.all('SELECT Id FROM Opportunity LIMIT 1');
      },
      close: async () => {
        await Promise.all([client.close(), margins?.close()]);
      },
    };
  },
};
