import type { JsonObject } from '@quotebridge/platform/core';
import { mergeOpportunity, patchQuote } from './ingest';
import { whyNotApproved } from './guards';
import { Desk, item, NOW, off, quote } from './quote.fixture';

const identifier = (id: string): JsonObject => ({
  '@type': 'ExternalIdentifier',
  owner: 'crm',
  externalIdentifierType: 'opportunity',
  id,
});

describe('an opportunity that arrives again', () => {
  const made = (items: readonly JsonObject[]): Promise<JsonObject> =>
    new Desk().create(quote(items, { description: 'Old', externalIdentifier: [identifier('006')] }));

  it('renews the content and keeps the course of the quote', async () => {
    const current = await made([item('1', 'pump')]);
    const incoming = {
      ...quote([item('1', 'service')], { description: 'New', state: 'accepted', version: '9', validFor: {} }),
      externalIdentifier: [identifier('006')],
    };
    const { quoteItem, ...rest } = mergeOpportunity(current, incoming) ?? {};
    const { quoteItem: _items, ...kept } = current;
    expect(rest).toEqual({ ...kept, description: 'New' });
    expect(quoteItem).toEqual([{ ...item('1', 'service'), state: 'inProgress' }]);
  });

  it('keeps a discount that was given here, unless it brings one', async () => {
    const current = await made([item('1', 'pump', off(10, 'ours')), item('2', 'pump', off(10, 'ours'))]);
    const merged =
      mergeOpportunity(current, quote([item('1', 'pump'), item('2', 'pump', off(5, 'theirs'))])) ?? {};
    const priced = await new Desk().change(current, merged);
    const names = (priced['quoteItem'] as JsonObject[]).map(({ quoteItemPrice }) =>
      (quoteItemPrice as JsonObject[]).flatMap(({ priceAlteration }) =>
        (priceAlteration as JsonObject[]).map(({ name }) => name),
      ),
    );
    expect(names).toEqual([['ours'], ['theirs']]);
  });

  it('keeps what an item waits for here: information, and somebody who has to agree', async () => {
    const asked = [{ '@type': 'Authorization', name: 'technical check', state: 'requested' }];
    const desk = new Desk();
    const made = await desk.create(quote([item('1', 'pump'), item('2', 'pump')]));
    const items = made['quoteItem'] as JsonObject[];
    const waiting = await desk.change(made, {
      ...made,
      quoteItem: items.map((one, at) => ({
        ...one,
        ...(at === 0 ? { quoteItemAuthorization: asked } : { state: 'pending' }),
      })),
    });
    const merged = mergeOpportunity(waiting, quote([item('1', 'pump'), item('2', 'pump')])) ?? {};
    const again = await desk.change(waiting, merged);
    expect(again['quoteItem']).toMatchObject([
      { id: '1', quoteItemAuthorization: asked },
      { id: '2', state: 'pending' },
    ]);
    expect(whyNotApproved({ before: again, after: again, now: NOW })).toContain('Item 2 waits');
  });

  it('keeps the machine, the configuration and the papers that an item was given here, while it is of the same offering', async () => {
    const given = {
      product: { '@type': 'Product', id: 'm-1', productCharacteristic: [{ name: 'colour', value: 'red' }] },
      attachment: [{ '@type': 'Attachment', name: 'drawing' }],
    };
    const desk = new Desk();
    const made = await desk.create(
      quote([item('1', 'pump', given), item('2', 'pump', given), item('3', 'pump', given)]),
    );
    const theirs = { '@type': 'Product', id: 'm-2' };
    const incoming = quote([item('1', 'pump'), item('2', 'service'), item('3', 'pump', { product: theirs })]);
    const { quoteItem } = mergeOpportunity(made, incoming) ?? {};
    const { attachment } = given;
    expect(quoteItem).toMatchObject([given, { attachment }, { attachment, product: theirs }]);
    expect((quoteItem as JsonObject[])[1]).not.toHaveProperty('product');
    expect((quoteItem as JsonObject[])[2]?.['product']).toEqual(theirs);
  });

  it('leaves the structure that was attached here to be attached anew', async () => {
    const attached = {
      product: {
        '@type': 'Product',
        id: 'm-1',
        productRelationship: [{ '@type': 'ProductRelationship', id: 'x' }],
      },
      productStructure: { status: 'attached', of: 'product/m-1' },
    };
    const current = { ...(await made([item('1', 'pump')])), quoteItem: [item('1', 'pump', attached)] };
    const { quoteItem } = mergeOpportunity(current, quote([item('1', 'pump')])) ?? {};
    expect(quoteItem).toEqual([{ ...item('1', 'pump'), product: { '@type': 'Product', id: 'm-1' } }]);
  });

  it.each(['approved', 'accepted', 'rejected', 'cancelled', 'declined'])(
    'leaves a quote alone that is %s',
    async (state) => {
      const current = { ...(await made([item('1', 'pump')])), state };
      expect(mergeOpportunity(current, quote([item('1', 'service')]))).toBeUndefined();
    },
  );
});

describe('what an opportunity came to', () => {
  const lost = { '@type': 'Quote', state: 'cancelled', stateReason: 'lost' };

  it.each(['acknowledged', 'inProgress', 'pending', 'approved', 'accepted'])(
    'asks a quote that is %s to be cancelled; the state machine judges',
    (state) => {
      expect(patchQuote({ state }, lost)).toMatchObject({ state: 'cancelled', stateReason: 'lost' });
    },
  );

  it.each(['rejected', 'cancelled', 'declined'])('leaves a quote as it is that is %s', (state) => {
    expect(patchQuote({ state, stateReason: 'expired' }, lost)).toMatchObject({
      state,
      stateReason: 'expired',
    });
  });

  it('a number is noted among the others', () => {
    const patched = patchQuote(
      { state: 'accepted', externalId: [identifier('006')] },
      { externalIdentifier: [{ ...identifier('4711'), owner: 'erp' }] },
    );
    expect(patched['externalId']).toHaveLength(2);
    expect(patched['state']).toBe('accepted');
  });
});
