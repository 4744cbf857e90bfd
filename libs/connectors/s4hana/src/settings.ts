import {
  address,
  callSettings,
  isTimeZone,
  text,
  whole,
  type CallSettings,
} from '@quotebridge/connectors/sdk';
import type { Fault, JsonObject } from '@quotebridge/platform/core';

/** How the connector signs in. */
export type S4Auth =
  | { readonly kind: 'basic'; readonly user: string }
  | {
      readonly kind: 'clientCredentials';
      readonly clientId: string;
      readonly tokenUrl: string;
      readonly scope?: string;
    };

/** Settings of an S/4HANA instance, as the schema below leaves them (defaults filled in). */
export interface S4Settings extends CallSettings {
  readonly baseUrl: string;
  readonly auth: S4Auth;
  readonly client?: string;
  readonly salesOrganization: string;
  readonly distributionChannel: string;
  readonly division: string;
  readonly salesOrderType: string;
  readonly senderSystem: string;
  readonly orderServiceV4?: string;
  /** Of whoever delivers. */
  readonly timeZone?: string;
  readonly language: string;
  readonly priceConditionTypes: readonly string[];
  readonly manualPriceConditionType: string;
  readonly rejectionReason: string;
  /** Whether components name the item that they are part of. */
  readonly orderStructure: boolean;
  /** Header text of sales orders for what they have no field for. */
  readonly orderText?: string;
  /** Header text of sales orders with the payment status, and who has the last word on it. */
  readonly payment?: { readonly text: string; readonly owner: 'erp' | 'quotebridge' };
  readonly recurringUnits: Readonly<Record<string, string>>;
  readonly pageSize: number;
  readonly parentFunction: string;
  readonly discountConditionTypes: readonly string[];
  readonly obsoleteStatuses: readonly string[];
  readonly componentTypes: readonly string[];
  readonly structureUsage: string;
  readonly explosionApplication: string;
  readonly plant?: string;
  readonly purchasingOrganization?: string;
  readonly contractTypes: readonly string[];
  readonly checkingRule: string;
  readonly liveSeconds: number;
  readonly eventsUser?: string;
  readonly eventStreams: Readonly<Record<string, readonly string[]>>;
}

/** JSON Schema of the settings. */
export const settingsSchema: JsonObject = {
  type: 'object',
  additionalProperties: false,
  required: ['baseUrl', 'auth', 'salesOrganization', 'distributionChannel'],
  properties: {
    baseUrl: address('Scheme, host and port of the system; OData paths are added to it.'),
    client: text('SAP client sent as sap-client; the system default when absent.', { pattern: '^[0-9]{3}$' }),
    auth: {
      type: 'object',
      required: ['kind'],
      properties: { kind: { enum: ['basic', 'clientCredentials'], description: 'How to sign in.' } },
      oneOf: [
        {
          properties: {
            kind: { const: 'basic' },
            user: text('Communication user; its secret is `password`.'),
          },
          required: ['user'],
          additionalProperties: false,
        },
        {
          properties: {
            kind: { const: 'clientCredentials' },
            clientId: text('OAuth 2.0 client; its secret is `clientSecret`.'),
            tokenUrl: address('Token endpoint, on the system itself or on its identity service.'),
            scope: text('Scope asked for, when the client needs one.'),
          },
          required: ['clientId', 'tokenUrl'],
          additionalProperties: false,
        },
      ],
    },
    salesOrganization: text('Sales organization of orders; prices and materials of others are left out.'),
    distributionChannel: text('Distribution channel of orders, prices and materials.'),
    division: text('Division of orders.', { default: '00' }),
    salesOrderType: text('Type of the orders created.', { default: 'OR' }),
    senderSystem: text('Marks our orders in SenderBusinessSystemName.', {
      default: 'QUOTEBRIDGE',
      maxLength: 60,
    }),
    orderServiceV4: text(
      'Root of the OData V4 service of sales orders, for example /sap/opu/odata4/sap/api_salesorder/srvd_a2x/sap/salesorder/0001: their status is read from it. Without one it is read by V2.',
      { pattern: '^/[^?#]*[^/?#]$' },
    ),
    timeZone: text(
      'Time zone of whoever delivers, for example Europe/Berlin: a requested delivery is for the day that it is there. Without one it is for the day as it is written in the order.',
    ),
    language: text('Language of material texts.', { default: 'EN', pattern: '^[A-Z]{2}$' }),
    priceConditionTypes: {
      type: 'array',
      items: text('A condition type.'),
      minItems: 1,
      default: ['PPR0'],
      description: 'Condition types that are prices: for everybody, a price list or one customer.',
    },
    discountConditionTypes: {
      type: 'array',
      items: text('A condition type.'),
      default: ['DRG1'],
      description: 'Condition types that are discounts, in percent or as an amount for each.',
    },
    obsoleteStatuses: {
      type: 'array',
      items: text('A cross-plant material status.'),
      default: ['OB'],
      description: 'Statuses of materials that are not sold any more.',
    },
    parentFunction: text('Partner function that names the customer above one.', {
      default: '1C',
      maxLength: 2,
    }),
    componentTypes: {
      type: 'array',
      items: text('A material type.'),
      minItems: 1,
      default: ['FERT', 'HALB', 'ERSA', 'ROH'],
      description: 'Types of the materials that machines are built of.',
    },
    structureUsage: text('Usage of the bills of materials that say how something is built.', {
      default: '1',
      maxLength: 1,
    }),
    manualPriceConditionType: text('Condition type that carries the price of the order.', {
      default: 'PMP0',
    }),
    rejectionReason: text('Reason with which the items of cancelled orders are rejected.', {
      default: '00',
      maxLength: 2,
    }),
    orderStructure: {
      type: 'boolean',
      default: true,
      description:
        'Components of what is ordered name the item that they are part of (HigherLevelItem); otherwise all items stand beside one another.',
    },
    orderText: text(
      'Text ID of the header text of sales orders that gets remarks, addresses for goods and bills, and how to reach the customer, in `language`; another one than that of `payment`. Without one they stay here.',
      { maxLength: 4 },
    ),
    payment: {
      type: 'object',
      additionalProperties: false,
      required: ['text'],
      description: 'Keeps the payment status in step, both ways; it is left alone when this is left out.',
      properties: {
        text: text('Text ID of the header text of sales orders that holds it, in `language`.', {
          maxLength: 4,
        }),
        owner: {
          enum: ['erp', 'quotebridge'],
          default: 'erp',
          description: 'Whose value counts when both sides changed it.',
        },
      },
    },
    recurringUnits: {
      type: 'object',
      additionalProperties: { enum: ['day', 'week', 'month', 'year'] },
      default: { DAY: 'day', WK: 'week', WEE: 'week', MON: 'month', YR: 'year', ANN: 'year' },
      description: 'Units of measure whose prices recur, with the period of the charge.',
    },
    explosionApplication: text('Application with which structures are exploded live.', {
      default: 'PP01',
      maxLength: 4,
    }),
    plant: text('Plant that delivers: its stock is told, its structures are read. Without one neither is.', {
      maxLength: 4,
    }),
    purchasingOrganization: text(
      'Purchasing organization whose info records tell who supplies a part and what it costs us. Without one they are not read.',
      { maxLength: 4 },
    ),
    contractTypes: {
      type: 'array',
      items: text('A type of sales contracts.'),
      default: [],
      description:
        'Types of the sales contracts that entitle customers to something. Without one none are read.',
    },
    checkingRule: text('Checking rule of availability checks.', { default: 'A', maxLength: 2 }),
    liveSeconds: whole('Longest wait for one answer to a live question.', 1, 60, { default: 2 }),
    pageSize: whole('Records per request.', 1, 5000, { default: 200 }),
    eventsUser: text(
      'User with whom the event broker signs in at /webhooks/events; its password is the secret `webhook-events`. Without one no business events are taken.',
    ),
    eventStreams: {
      type: 'object',
      additionalProperties: { type: 'array', items: text('Name of a stream.') },
      default: {},
      description:
        'Streams that events of further objects begin, by the object as it stands in the type of the event, for example `purchaseorder`.',
    },
    ...callSettings,
  },
};

/** Name of the secret with which the event broker signs in. */
export const EVENTS_SECRET = 'webhook-events';

/** The secret that the chosen way to sign in needs, and that of the event broker. */
export const requiredSecrets = (settings: JsonObject): readonly string[] => {
  const auth = settings['auth'];
  const kind = typeof auth === 'object' && auth !== null && 'kind' in auth ? auth['kind'] : undefined;
  const own = kind === 'basic' ? ['password'] : kind === 'clientCredentials' ? ['clientSecret'] : [];
  return settings['eventsUser'] === undefined ? own : [...own, EVENTS_SECRET];
};

/** What is wrong with settings that fit the schema. */
export const settingsFaults = ({ timeZone }: JsonObject): readonly Fault[] =>
  typeof timeZone !== 'string' || isTimeZone(timeZone)
    ? []
    : [
        {
          path: '/timeZone',
          message: `is "${timeZone}", which is no time zone; use an IANA name such as Europe/Berlin`,
          code: 'timeZone',
        },
      ];
