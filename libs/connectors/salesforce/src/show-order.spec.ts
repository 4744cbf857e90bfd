import { stableId, type JsonObject } from '@quotebridge/platform/core';
import type { CompositePart } from './rest-client';
import type { OrderSettings } from './settings';
import { showOrder } from './show-order';

const ORDERS: OrderSettings = { idField: 'Order_Id__c', status: 'Draft', fields: { state: 'State__c' } };
const PAYMENT: OrderSettings['payment'] = { field: 'Payment__c', owner: 'quotebridge' };

/** What is made in an org that has the opportunity and no order. */
const made = async (
  orders: OrderSettings,
  more: JsonObject,
  opportunity: JsonObject = {},
  asked: string[] = [],
): Promise<JsonObject | undefined> => {
  const sent: CompositePart[] = [];
  const multiCurrency = 'CurrencyIsoCode' in opportunity;
  const action = showOrder({
    client: {
      all: async (soql) => {
        asked.push(soql);
        return soql.includes('FROM Opportunity')
          ? [{ AccountId: '001', Name: 'A deal', ...opportunity }]
          : [];
      },
      query: async function* (soql) {
        asked.push(soql);
        yield [{ Id: '01u', Product2: { ProductCode: 'SP-1' } }];
      },
      composite: async (parts) => {
        sent.push(...parts);
        return new Map();
      },
      call: async () => {
        throw new Error('there is nothing to change');
      },
    },
    settings: { offeringSource: 'erp', unitPriceDecimals: 2, multiCurrency },
    orders,
    clock: { now: () => Date.parse('2026-01-31T10:00:00Z') },
    instance: 'crm',
  });
  const resource = {
    id: 'o1',
    state: 'inProgress',
    externalId: [{ owner: 'crm', externalIdentifierType: 'opportunity', id: '006' }],
    ...more,
  };
  await action.send({ eventId: '1', eventType: 'x', eventTime: '2026-01-31T10:00:00Z', resource });
  return sent[0]?.body;
};

describe('the order of a quote in the CRM', () => {
  const paid = { businessOrder: { paymentStatus: 'paid' } };

  it('is made with the payment status that the product order has by then', async () => {
    expect(await made({ ...ORDERS, payment: PAYMENT }, paid)).toMatchObject({
      Order_Id__c: 'o1',
      OpportunityId: '006',
      State__c: 'inProgress',
      Payment__c: 'paid',
    });
  });

  it('is in the currency of its opportunity, with the entries of the price book in that', async () => {
    const id = stableId('erp', 'productOffering', 'SP-1');
    const productOrderItem = [{ id: '1', action: 'add', quantity: 1, productOffering: { id } }];
    const asked: string[] = [];
    const opportunity = { CurrencyIsoCode: 'USD', Pricebook2Id: '01s' };
    expect(await made(ORDERS, { productOrderItem }, opportunity, asked)).toMatchObject(opportunity);
    expect(asked.filter((soql) => soql.includes('CurrencyIsoCode'))).toEqual([
      expect.stringContaining('FROM Opportunity'),
      expect.stringMatching(/FROM PricebookEntry .* AND CurrencyIsoCode = 'USD'$/),
    ]);
    const plain: string[] = [];
    await made(ORDERS, { productOrderItem }, { Pricebook2Id: '01s' }, plain);
    expect(plain.join()).not.toContain('CurrencyIsoCode');
  });

  it.each<[string, OrderSettings, JsonObject]>([
    ['where there is none', { ...ORDERS, payment: PAYMENT }, {}],
    ['where the org has no field for it', ORDERS, paid],
  ])('is made without one %s', async (_name, orders, more) => {
    expect(await made(orders, more)).not.toHaveProperty('Payment__c');
  });
});
