import type { JsonObject } from '@quotebridge/platform/core';
import { InventoryAway, type InventoryReader, type StructureSubject } from '@quotebridge/tmf/client';
import { keptStructure } from './item-structure';
import { Desk, item, offering, pumps, quote } from './quote.fixture';

/** An inventory in memory that can be away and counts what is asked. */
class TestInventory implements InventoryReader {
  isAway = false;
  readonly asked: string[] = [];
  private readonly built = new Map<string, readonly string[]>();

  set(subject: string, ...parts: readonly string[]): void {
    this.built.set(subject, parts);
  }

  async structure({ kind, id }: StructureSubject): Promise<JsonObject | undefined> {
    this.asked.push(`${kind}/${id}`);
    if (this.isAway) throw new InventoryAway('The inventory is away.');
    const parts = this.built.get(`${kind}/${id}`);
    if (parts === undefined) return kind === 'specification' ? keptStructure(9)({ lines: [] }) : undefined;
    return keptStructure(9)({
      id,
      isCut: false,
      lines: parts.map((part) => ({ level: 1, id: part, quantity: 2 })),
    });
  }
}

describe('the structures of a quote', () => {
  const setUp = () => {
    const catalog = pumps();
    catalog.set(offering('press', ['pump-price'], { productSpecification: { id: 'press-spec' } }));
    catalog.set(offering('bolt', ['pump-price'], { productSpecification: { id: 'bolt-spec' } }));
    const inventory = new TestInventory();
    inventory.set('specification/press-spec', 'frame', 'drive');
    inventory.set('serialNumber/SN-1', 'old-drive');
    const desk = new Desk(catalog, { structures: { catalog, inventory } });
    return { desk, inventory };
  };
  const machine = (id: string, serial: string): JsonObject =>
    item(id, 'bolt', { product: { '@type': 'Product', productSerialNumber: serial } });
  const outline = (json: JsonObject): unknown[] =>
    (json['quoteItem'] as JsonObject[]).map((one) => {
      const product = (one['product'] ?? {}) as JsonObject;
      const parts = (product['productRelationship'] ?? []) as JsonObject[];
      return [(one['productStructure'] as JsonObject | undefined)?.['status'], ...parts.map(({ id }) => id)];
    });

  it('are those of its machines and of what its offerings are built of; its prices stay as they are', async () => {
    const { desk } = setUp();
    const items = [item('1', 'press'), machine('2', 'SN-1'), item('3', 'bolt'), machine('4', 'SN-9')];
    const made = await desk.create(quote(items));
    expect(outline(made)).toEqual([
      ['attached', 'frame', 'drive'],
      ['attached', 'old-drive'],
      [undefined],
      ['unknown'],
    ]);
    expect(made['waitingStructure']).toBeUndefined();
    expect(made['unknownProduct']).toEqual(['serialNumber/SN-9']);
    const plain = await new Desk(desk.catalog).create(quote(items));
    expect(made['quoteTotalPrice']).toEqual(plain['quoteTotalPrice']);
  });

  it('are given to nested items as well', async () => {
    const { desk } = setUp();
    const made = await desk.create(quote([item('1', 'service', { quoteItem: [item('1.1', 'press')] })]));
    expect(outline((made['quoteItem'] as JsonObject[])[0] ?? {})).toEqual([['attached', 'frame', 'drive']]);
  });

  it('are read once, and again when an item names something else', async () => {
    const { desk, inventory } = setUp();
    const made = await desk.create(quote([item('1', 'press')]));
    const more = await desk.change(made, { quoteItem: [item('1', 'press', { quantity: 3 })] });
    expect([outline(more), inventory.asked.length]).toEqual([[['attached', 'frame', 'drive']], 1]);
    const other = await desk.change(more, { quoteItem: [machine('1', 'SN-1')] });
    expect([outline(other), inventory.asked.length]).toEqual([[['attached', 'old-drive']], 2]);
  });

  it('are said to be missing while the inventory is away, and nothing else is', async () => {
    const { desk, inventory } = setUp();
    inventory.isAway = true;
    const made = await desk.create(quote([item('1', 'press'), item('2', 'pump')]));
    expect(made).toMatchObject({ state: 'inProgress', waitingStructure: ['1'] });
    expect(made['unpricedItem']).toBeUndefined();
    expect(outline(made)).toEqual([['waiting'], [undefined]]);
    inventory.isAway = false;
    const later = await desk.change(made, { currency: 'EUR' });
    expect(outline(later)).toEqual([['attached', 'frame', 'drive'], [undefined]]);
    expect(later['waitingStructure']).toBeUndefined();
  });

  it('are looked for again where the inventory knew no such machine', async () => {
    const { desk, inventory } = setUp();
    const made = await desk.create(quote([machine('1', 'SN-9'), machine('2', 'SN-9'), machine('3', 'SN-8')]));
    expect(made['unknownProduct']).toEqual(['serialNumber/SN-9', 'serialNumber/SN-8']);
    inventory.set('serialNumber/SN-9', 'new-drive');
    const later = await desk.change(made, { currency: 'EUR' });
    expect(outline(later)).toEqual([['attached', 'new-drive'], ['attached', 'new-drive'], ['unknown']]);
    expect(later['unknownProduct']).toEqual(['serialNumber/SN-8']);
  });

  it('are read anew for a new version', async () => {
    const { desk, inventory } = setUp();
    const made = await desk.create(quote([item('1', 'press')]));
    inventory.set('specification/press-spec', 'frame', 'better-drive');
    const rejected = { ...made, state: 'rejected' };
    const next = await desk.change(rejected, { state: 'inProgress', version: '2' });
    expect(outline(next)).toEqual([['attached', 'frame', 'better-drive']]);
  });
});
