import { Refusal, type Json } from '@quotebridge/platform/core';
import { streamsOfChange } from './change-events';

const header = (entityName: string, changeType = 'UPDATE'): Json => ({
  ChangeEventHeader: { entityName, changeType, recordIds: ['1'] },
});

describe('forwarded change events', () => {
  it.each<[string, Json, string[]]>([
    ['as CometD gives it', { data: { payload: header('Contact') } }, ['contacts']],
    [
      'as the Pub/Sub API gives it',
      { payload: header('PricebookEntry'), event: { replayId: 1 } },
      ['prices'],
    ],
    ['the payload alone', header('Product2'), ['products']],
    ['a gap', header('Account', 'GAP_UPDATE'), ['customers', 'accounts']],
    [
      'several events, each stream once',
      [header('Opportunity'), header('OpportunityLineItem')],
      ['opportunities', 'salesOpportunities'],
    ],
    [
      'an order and its products',
      [header('OrderItem'), header('Order')],
      ['orders', 'cancellations', 'payments'],
    ],
    ['an object that is not read', header('Case'), []],
    ['a name that every object has', header('constructor'), []],
  ])('%s asks for its streams', (_name, message, streams) => {
    expect([...streamsOfChange(message)]).toEqual(streams);
  });

  it.each<[string, Json]>([
    ['a text', 'Account'],
    ['no header', { payload: {} }],
    ['a header without an entity', { ChangeEventHeader: { entityName: '' } }],
    ['one bad event among good ones', [header('Account'), 7]],
  ])('%s is refused', (_name, message) => {
    expect(() => streamsOfChange(message)).toThrow(Refusal);
  });
});
