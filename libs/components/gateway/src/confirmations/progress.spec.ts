import { newsOf, progressOf } from './progress';
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

describe('an order that is refused once more', () => {
  const again = { ...refusal[0], message: 'no stock' };
  const twice = { id: '1', state: 'pending', productOrderErrorMessage: [...refusal, again] };

  it('tells why it was refused at last, and that this is news', () => {
    expect(progressOf(twice)).toMatchObject({ status: 'refused', reason: 'no stock' });
    const once = { ...twice, productOrderErrorMessage: refusal };
    expect([newsOf(once), newsOf({ ...once, note: [] })]).toEqual(['refused', 'refused']);
    expect(newsOf(twice)).not.toBe('refused');
  });

  it('is one news more also when the reason is the same', () => {
    const same = { ...twice, productOrderErrorMessage: [...refusal, ...refusal] };
    expect(newsOf(same)).not.toBe('refused');
  });

  it('has other news as any order has them', () => {
    expect(newsOf({ ...twice, state: 'inProgress', externalId: salesOrder })).toBe('confirmed');
  });
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
