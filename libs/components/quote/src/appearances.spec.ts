import { Refusal } from '@quotebridge/platform/core';
import { CatalogAway } from '@quotebridge/tmf/client';
import { Appearances, namesOfProduct } from './appearances';

const event = (product: object): object => ({ event: { product } });
const { signal } = new AbortController();

describe('what items call a product', () => {
  it.each([
    ['its id', { id: 'p' }, ['product/p']],
    [
      'its serial number as well',
      { id: 'p', productSerialNumber: 'SN 1' },
      ['product/p', 'serialNumber/SN 1'],
    ],
    ['no empty serial number', { id: 'p', productSerialNumber: '' }, ['product/p']],
  ])('is %s', (_name, product, names) => {
    expect(namesOfProduct(event(product))).toEqual(names);
  });

  it.each([undefined, {}, event({}), { event: { quote: { id: 'p' } } }])(
    'cannot be told of what is no event about a product',
    (envelope) => {
      expect(() => namesOfProduct(envelope)).toThrow('not an event about a product');
    },
  );
});

describe('products that appear', () => {
  const setUp = () => {
    const asked: (readonly string[])[] = [];
    const appearances = new Appearances(async (names) => void asked.push(names));
    return { asked, appearances };
  };

  it('are looked for at once and once more, for quotes that were on their way', async () => {
    const { asked, appearances } = setUp();
    await appearances.hear(event({ id: 'a' }));
    await appearances.hear(event({ id: 'b' }));
    await appearances.again(signal);
    await appearances.again(signal);
    expect(asked).toEqual([['product/a'], ['product/b'], ['product/a', 'product/b']]);
  });

  it('are looked for again when the second look failed', async () => {
    const asked: (readonly string[])[] = [];
    let isAway = false;
    const appearances = new Appearances(async (names) => {
      asked.push(names);
      if (isAway) throw new CatalogAway('away');
    });
    await appearances.hear(event({ id: 'a' }));
    isAway = true;
    await expect(appearances.again(signal)).rejects.toThrow('away');
    isAway = false;
    await appearances.again(signal);
    await appearances.again(signal);
    expect(asked).toEqual([['product/a'], ['product/a'], ['product/a']]);
  });

  it.each([
    [new CatalogAway('away'), true],
    [new Refusal(503, 'catalogAway', 'away'), true],
    [new Refusal(409, 'frozen', 'frozen'), false],
    [new Error('another'), false],
  ])('wait as long as it takes when it failed with %s: %s', (thrown, waits) => {
    const { spec } = setUp().appearances.binding();
    expect(spec.isTransient?.(thrown)).toBe(waits);
  });

  it('are not all kept in mind when there are many', async () => {
    const { asked, appearances } = setUp();
    for (let count = 0; count < 1_500; count += 1) await appearances.hear(event({ id: `p${count}` }));
    await appearances.again(signal);
    expect([asked.length, asked.at(-1)?.length]).toEqual([1_501, 1_000]);
  });
});
