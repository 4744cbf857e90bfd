import { progressOf } from './progress';
import { Waiting } from './waiting';

const salesOrder = [
  { '@type': 'ExternalIdentifier', owner: 'erp', externalIdentifierType: 'salesOrder', id: '7' },
];
const refusal = [{ '@type': 'ProductOrderErrorMessage', code: 'erpRefused', message: 'blocked' }];

test.each([
  [{ state: 'acknowledged' }, 'accepted'],
  [{ state: 'inProgress', externalId: salesOrder }, 'confirmed'],
  [{ state: 'pending', productOrderErrorMessage: refusal }, 'refused'],
  [{ state: 'pending' }, 'accepted'],
  [{ state: 'inProgress', externalId: salesOrder, productOrderErrorMessage: refusal }, 'confirmed'],
  [{ state: 'completed', externalId: salesOrder }, 'completed'],
  [{ state: 'cancelled' }, 'cancelled'],
  [{ state: 'failed', externalId: salesOrder }, 'failed'],
])('an order %j is %s', (order, status) => {
  expect(progressOf({ id: '1', ...order }).status).toBe(status);
});

describe('waiting for an order', () => {
  const message = (order: object) => ({
    subject: 'x',
    json: () => ({ event: { productOrder: { id: '1', ...order } } }),
  });

  it('ends with news that came before it was asked for', async () => {
    const waiting = new Waiting();
    const news = waiting.for('1');
    waiting.hear(message({ state: 'inProgress', externalId: salesOrder }));
    expect((await news.within(60_000))?.salesOrder).toBe('7');
  });

  it('is not ended by news of others, nor by news that say nothing', async () => {
    const waiting = new Waiting();
    const news = waiting.for('2');
    waiting.hear(message({ state: 'completed' }));
    const mine = waiting.for('1');
    waiting.hear(message({ state: 'acknowledged' }));
    expect([await news.within(1), await mine.within(1)]).toEqual([undefined, undefined]);
  });

  it('knows nothing when something may have been missed', async () => {
    const waiting = new Waiting();
    const news = waiting.for('1').within(60_000);
    waiting.missed();
    expect(await news).toBeUndefined();
  });
});
