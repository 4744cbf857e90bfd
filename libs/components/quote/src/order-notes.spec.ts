import type { JsonObject } from '@quotebridge/platform/core';
import { noteOrder, readOrderNews, type OrderNews } from './order-notes';

const number = (id: string): JsonObject => ({ owner: 's4hana', externalIdentifierType: 'salesOrder', id });
const event = (order: JsonObject): JsonObject => ({
  eventTime: '2026-06-15T12:00:00.000Z',
  event: { productOrder: { id: 'o1', state: 'acknowledged', ...order } },
});
const news = (more: Partial<OrderNews>): OrderNews => ({
  orderId: 'o1',
  state: 'acknowledged',
  eventTime: '2026-06-15T12:00:00.000Z',
  quoteIds: ['q1'],
  numbers: [],
  ...more,
});

describe('an order event', () => {
  it.each<[string, JsonObject, readonly string[] | undefined]>([
    ['names its quotes', { quote: [{ id: 'q1' }, { id: 'q2' }] }, ['q1', 'q2']],
    ['names them in its items', { productOrderItem: [{ quoteItem: { quoteId: 'q3' } }, {}] }, ['q3']],
    [
      'names each once',
      { quote: [{ id: 'q1' }], productOrderItem: [{ quoteItem: { quoteId: 'q1' } }] },
      ['q1'],
    ],
    ['of an order without a quote is of no interest', {}, undefined],
  ])('%s', (_name, order, ids) => expect(readOrderNews(event(order))?.quoteIds).toEqual(ids));

  it.each([null, {}, { event: { quote: {} } }])('that is none goes to the dead letters: %j', (envelope) => {
    expect(() => readOrderNews(envelope)).toThrow('not an event about a productOrder');
  });
});

describe('the order on its quote', () => {
  const acknowledged = noteOrder(
    { externalId: [{ owner: 'crm', externalIdentifierType: 'opportunity', id: '006' }] },
    news({}),
  );
  const numbered = noteOrder(
    acknowledged,
    news({ state: 'inProgress', eventTime: '2026-06-15T13:00:00.000Z', numbers: [number('4711')] }),
  );

  it('is noted with its state and its number, beside the identifiers that are there', () => {
    expect(numbered).toEqual({
      externalId: [{ owner: 'crm', externalIdentifierType: 'opportunity', id: '006' }, number('4711')],
      productOrder: [
        {
          '@type': 'ProductOrderRef',
          '@referredType': 'ProductOrder',
          id: 'o1',
          state: 'inProgress',
          stateDate: '2026-06-15T13:00:00.000Z',
          externalId: [number('4711')],
        },
      ],
    });
  });

  it('leaves identifiers in place that the order took over from the quote', () => {
    const opportunity = { owner: 'crm', externalIdentifierType: 'opportunity', id: '006' };
    const both = noteOrder(acknowledged, news({ numbers: [number('4711'), opportunity] }));
    expect(both['externalId']).toEqual([opportunity, number('4711')]);
  });

  it('does not change when the event comes twice', () => {
    const twice = news({
      state: 'inProgress',
      eventTime: '2026-06-15T13:00:00.000Z',
      numbers: [number('4711')],
    });
    expect(noteOrder(numbered, twice)).toEqual(numbered);
  });

  it('does not go back when an old event is replayed', () =>
    expect(noteOrder(numbered, news({}))).toBe(numbered));

  it('stands beside other orders', () => {
    const both = noteOrder(numbered, news({ orderId: 'o2' }))['productOrder'] as JsonObject[];
    expect(both.map(({ id }) => id)).toEqual(['o1', 'o2']);
  });
});
