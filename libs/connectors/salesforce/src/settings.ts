import { address, callSettings, text, whole, type CallSettings } from '@quotebridge/connectors/sdk';
import type { JsonObject } from '@quotebridge/platform/core';

/** Fields of the opportunity that tell what became of it here. A field left out is not written. */
export interface ReportFields {
  readonly quoteId?: string;
  readonly quoteState?: string;
  readonly quoteAmount?: string;
  readonly margin?: string;
  readonly marginPercent?: string;
  readonly orderId?: string;
  readonly orderNumber?: string;
  readonly orderStatus?: string;
}

/** Who has the last word on a field that both sides have. */
export type FieldOwner = 'crm' | 'quotebridge';

/** The two-way fields. Prices are never read: a quote is priced here. */
export const TWO_WAY = ['name', 'lines', 'quantity', 'discount', 'description', 'price', 'stage'] as const;

/** A field with an owner. */
export type TwoWayField = (typeof TWO_WAY)[number];

/** What an opportunity and its TMF699 sales opportunity share. */
export type SalesField = 'name' | 'description' | 'closeDate' | 'account' | 'amount' | 'quote' | 'stage';

/** When an order of the CRM asks for the cancellation of its product order. */
export interface CancelSettings {
  readonly statuses: readonly string[];
  readonly accepted: boolean;
}

/** How orders of the CRM and product orders belong together. */
export interface OrderSettings {
  /** External id field of Order that holds the id of the product order. */
  readonly idField: string;
  readonly status: string;
  /** Which orders that are made in the CRM go to the ERP; none when absent. `from` is a date-time. */
  readonly take?: { readonly statuses: readonly string[]; readonly from: string };
  /** Which orders are to be cancelled in the ERP as well; none when absent. */
  readonly cancel?: CancelSettings;
  /** Field of Order with the payment status, and who has the last word on it. */
  readonly payment?: { readonly field: string; readonly owner: FieldOwner };
  readonly fields: { readonly state?: string; readonly number?: string };
}

/** Settings of a Salesforce instance, as the schema below leaves them (defaults filled in). */
export interface SalesforceSettings extends CallSettings {
  readonly instanceUrl: string;
  readonly clientId: string;
  readonly apiVersion: string;
  readonly offeringSource: string;
  readonly stages: readonly string[];
  readonly stageByQuoteState: Readonly<Record<string, string>>;
  readonly quoteStateByStage: Readonly<Record<string, string>>;
  readonly deletedOpportunity: 'cancelled' | 'nothing';
  readonly owners: Readonly<Record<TwoWayField, FieldOwner>>;
  readonly lineItemField?: string;
  readonly fields: ReportFields;
  readonly quoteUrl?: string;
  readonly customerNumberField: string;
  readonly lineAmountField: 'TotalPrice' | 'UnitPrice';
  readonly unitPriceDecimals: number;
  readonly bulk: boolean;
  readonly bulkRows: number;
  /** Undefined when it is not told. */
  readonly currency?: string;
  readonly multiCurrency: boolean;
  readonly changeEvents: boolean;
  readonly accountOwners: Readonly<Record<'name' | 'phone' | 'address', FieldOwner>>;
  readonly salesOwners: Readonly<Record<SalesField, FieldOwner>>;
  readonly stageBySalesStatus: { readonly accepted: string; readonly rejected: string };
  readonly orders?: OrderSettings;
}

// API names go into SOQL: letters, digits and underscores only.
const field = (description: string, rest: JsonObject = {}): JsonObject =>
  text(description, { pattern: '^[A-Za-z][A-Za-z0-9_]*$', ...rest });

const owner = (description: string, by: FieldOwner): JsonObject => ({
  enum: ['crm', 'quotebridge'],
  default: by,
  description,
});

/** JSON Schema of the settings. */
export const settingsSchema: JsonObject = {
  type: 'object',
  additionalProperties: false,
  required: ['instanceUrl', 'clientId', 'offeringSource'],
  properties: {
    instanceUrl: address('My Domain address of the org.'),
    clientId: text('Consumer key of the app; its secret is `clientSecret`.'),
    apiVersion: text('Version of the REST API.', { default: '62.0', pattern: '^[0-9]{2,3}\\.0$' }),
    offeringSource: text('Connector instance whose materials the product codes are, for example s4hana.'),
    stages: {
      type: 'array',
      items: text('A stage name.'),
      default: [],
      description: 'Stages in which an opportunity becomes a quote; every open stage when empty.',
    },
    stageByQuoteState: {
      type: 'object',
      additionalProperties: text('A stage name.'),
      default: {
        accepted: 'Closed Won',
        rejected: 'Closed Lost',
        declined: 'Closed Lost',
        expired: 'Closed Lost',
      },
      description:
        'Stage that the opportunity gets when its quote reaches a state; `expired` stands for the state that the end of its validity led to (EXPIRY_STATES of the quote component).',
    },
    quoteStateByStage: {
      type: 'object',
      additionalProperties: {
        enum: ['cancelled', 'declined', 'rejected', 'accepted'],
        description: 'A state.',
      },
      default: { 'Closed Lost': 'cancelled' },
      description:
        'State that is asked of the quote when its opportunity reaches a stage. What the quote cannot do is in the quarantine with the reason.',
    },
    deletedOpportunity: {
      enum: ['cancelled', 'nothing'],
      default: 'cancelled',
      description: 'What becomes of the quote of a deleted opportunity.',
    },
    owners: {
      type: 'object',
      additionalProperties: false,
      default: {},
      description:
        'Who has the last word on a field that both sides have, once there is a quote. What the other side changes is not taken, and in the CRM put back.',
      properties: {
        name: owner('Name of the opportunity, description of the quote.', 'crm'),
        lines: owner('Which lines there are; quotebridge needs lineItemField.', 'crm'),
        quantity: owner('Quantity of a line.', 'crm'),
        discount: owner('Discount of a line.', 'crm'),
        description: owner('Description of a line, first note of the item.', 'crm'),
        price: owner('Amounts; crm leaves them alone. The quote is priced here in any case.', 'quotebridge'),
        stage: owner('The stage; crm leaves it alone.', 'quotebridge'),
      },
    },
    lineItemField: field(
      'External id field of OpportunityLineItem for the quote item of a line that was made here.',
    ),
    fields: {
      type: 'object',
      additionalProperties: false,
      default: {},
      description:
        'Custom fields of the opportunity to report into; a field that is not named is not written.',
      properties: {
        quoteId: field('Id of the quote.'),
        quoteState: field('State of the quote.'),
        quoteAmount: field('Net total of the quote.'),
        margin: field('What the quote earns; needs quoteUrl and the secret `quoteApiKey`.'),
        marginPercent: field('The same in percent of the net total.'),
        orderId: field('Id of the product order.'),
        orderNumber: field('Number of the order in the ERP.'),
        orderStatus: field('State of the order.'),
      },
    },
    quoteUrl: address(
      'Base address of the quote component, TMF648 v5 (http://…/tmf-api/quoteManagement/v5): margins are read there, because no event has them.',
    ),
    customerNumberField: field('Field of Account with the number by which the ERP knows the customer.', {
      default: 'AccountNumber',
    }),
    lineAmountField: {
      enum: ['TotalPrice', 'UnitPrice'],
      default: 'TotalPrice',
      description:
        'Field of a line that takes the quoted amount. TotalPrice is exact; UnitPrice, for orgs that lock totals, is rounded.',
    },
    unitPriceDecimals: whole('Decimals of OpportunityLineItem.UnitPrice in the org.', 0, 8, { default: 2 }),
    bulk: {
      type: 'boolean',
      default: true,
      description: 'Loads of master data by jobs of the Bulk API 2.0; otherwise page by page over REST.',
    },
    bulkRows: whole('Records in one page of a bulk result: what is held in memory at a time.', 1, 250_000, {
      default: 10_000,
    }),
    currency: text(
      'Currency of an org with one. Amounts of a quote in another one are not written. Unless told, prices, orders and amounts that are read are refused, and those of a quote are written as they are.',
      { pattern: '^[A-Z]{3}$' },
    ),
    multiCurrency: {
      type: 'boolean',
      default: false,
      description: 'The org has several currencies: records tell theirs in CurrencyIsoCode.',
    },
    changeEvents: {
      type: 'boolean',
      default: false,
      description:
        'Takes forwarded change events at /webhooks/changes, signed with the secret `webhook-changes`; they begin deltas.',
    },
    accountOwners: {
      type: 'object',
      additionalProperties: false,
      default: {},
      description:
        'Who has the last word on what an account and a customer of the ERP (`offeringSource`) with its number share. quotebridge: what changes of the customer is written into the account.',
      properties: {
        name: owner('Name.', 'crm'),
        phone: owner('Telephone number.', 'crm'),
        address: owner('Billing address.', 'crm'),
      },
    },
    salesOwners: {
      type: 'object',
      additionalProperties: false,
      default: {},
      description:
        'Who has the last word on what an opportunity and its TMF699 sales opportunity share. quotebridge: what changes here is written into the opportunity, and put back there.',
      properties: {
        name: owner('Name.', 'crm'),
        description: owner('Description.', 'crm'),
        closeDate: owner('Day on which it is to close, end of validFor.', 'crm'),
        account: owner('Account, party of the role account.', 'crm'),
        amount: owner('Amount, first revenueEstimate; while there are neither lines nor a quote.', 'crm'),
        quote: owner(
          'Linked quote, into the field that `fields.quoteId` names; one that was made of the opportunity stays. What the CRM says counts in any case.',
          'crm',
        ),
        stage: owner(
          'Won and lost, while there is no quote. What the CRM says counts in any case, and is not put back.',
          'quotebridge',
        ),
      },
    },
    stageBySalesStatus: {
      type: 'object',
      additionalProperties: false,
      default: {},
      description: 'Stage that the opportunity gets when its sales opportunity is won or lost.',
      properties: {
        accepted: text('Stage of what is won.', { default: 'Closed Won' }),
        rejected: text('Stage of what is lost.', { default: 'Closed Lost' }),
      },
    },
    orders: {
      type: 'object',
      additionalProperties: false,
      required: ['idField'],
      description:
        'Shows the orders of quotes as orders of the CRM, and takes orders that are made there; nothing of both when this is left out.',
      properties: {
        idField: field('External id field of Order, unique, for the id of the product order.'),
        status: text('Status of a new order; the org takes one of the category Draft only.', {
          default: 'Draft',
        }),
        take: {
          type: 'object',
          additionalProperties: false,
          required: ['from'],
          description: 'Takes orders that are made in the CRM to the ERP; none are when this is left out.',
          properties: {
            statuses: {
              type: 'array',
              items: text('A status of Order.'),
              minItems: 1,
              default: ['Activated'],
              description: 'Statuses with which an order goes to the ERP.',
            },
            from: text('Orders that were activated, or made, before this time stay where they are.', {
              format: 'date-time',
            }),
          },
        },
        cancel: {
          type: 'object',
          additionalProperties: false,
          description:
            'Asks for the cancellation of the product order when its order is cancelled in the CRM, or was made there and is deleted; nothing happens when this is left out.',
          properties: {
            statuses: {
              type: 'array',
              items: text('A status of Order.'),
              minItems: 1,
              default: ['Cancelled'],
              description: 'Statuses that mean that an order is cancelled.',
            },
            accepted: {
              type: 'boolean',
              default: false,
              description:
                'The cancellation goes to the ERP at once; otherwise it is assessed first: somebody moves the product order on to `pendingCancellation`, or back.',
            },
          },
        },
        payment: {
          type: 'object',
          additionalProperties: false,
          required: ['field'],
          description: 'Keeps the payment status in step, both ways; it is left alone when this is left out.',
          properties: {
            field: field('Field of Order with the payment status.'),
            owner: owner('Whose value counts when both sides changed it.', 'quotebridge'),
          },
        },
        fields: {
          type: 'object',
          additionalProperties: false,
          default: {},
          description: 'Fields of Order to report into; a field that is not named is not written.',
          properties: {
            state: field('State of the product order.'),
            number: field('Number of the order in the ERP.'),
          },
        },
      },
    },
    ...callSettings,
  },
};
