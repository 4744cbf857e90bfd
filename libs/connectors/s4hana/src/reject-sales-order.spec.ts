import type { JsonObject } from '@quotebridge/platform/core';
import { CallFailed, type Exchange } from '@quotebridge/platform/resilience';
import type { ActionEvent } from '@quotebridge/connectors/sdk';
import { SETTINGS } from './mapping/settings.fixture';
import type { KeyedChange, ODataClient } from './odata-client';
import { rejectSalesOrder } from './reject-sales-order';

const event: ActionEvent = {
  eventId: 'e',
  eventType: 'ProductOrderStateChangeEvent',
  eventTime: '2026-01-01T00:00:00Z',
  resource: {
    id: 'order',
    state: 'pendingCancellation',
    externalIdentifier: [{ owner: 's4', externalIdentifierType: 'salesOrder', id: '4711' }],
  },
};

/** An order with items 10 and 20 that somebody else changes just before each of the first writes. */
class Order {
  readonly items = new Map<string, { status: string; reason: string; version: number }>([
    ['10', { status: 'A', reason: '', version: 1 }],
    ['20', { status: 'A', reason: '', version: 1 }],
  ]);
  readonly sent: string[][] = [];

  constructor(private readonly others: ((order: Order) => void)[]) {}

  deliver(item: string): void {
    const { version = 0, reason = '' } = this.items.get(item) ?? {};
    this.items.set(item, { status: 'C', reason, version: version + 1 });
  }

  async all(): Promise<readonly JsonObject[]> {
    return [...this.items].map(([SalesOrderItem, { status, reason, version }]) => ({
      SalesOrderItem,
      SDProcessStatus: status,
      SalesDocumentRjcnReason: reason,
      __metadata: { etag: `W/"${version}"` },
    }));
  }

  async change(_set: string, changes: readonly KeyedChange[]): Promise<void> {
    this.others.shift()?.(this);
    const known = changes.map((change) => ({ ...change, item: change.key['SalesOrderItem'] ?? '' }));
    this.sent.push(known.map(({ item }) => item));
    if (known.some(({ item, etag }) => etag !== `W/"${this.items.get(item)?.version ?? 0}"`)) throw stale();
    for (const { item, fields } of known) {
      const { version = 0 } = this.items.get(item) ?? {};
      this.items.set(item, {
        status: 'C',
        reason: String(fields['SalesDocumentRjcnReason']),
        version: version + 1,
      });
    }
  }
}

const stale = (): CallFailed => {
  const reply = { status: 412, headers: {}, setCookies: [], body: '' };
  const exchange: Exchange = { method: 'POST', url: 'https://s4.example/S/$batch', atMs: 0, reply };
  return new CallFailed({ kind: 'reject', reason: 'HTTP 412' }, exchange, false);
};

const actionOn = (order: Order) =>
  rejectSalesOrder(order as unknown as ODataClient, SETTINGS, { instance: 's4' });

describe('rejecting a sales order', () => {
  it('rejects all open items together', async () => {
    const order = new Order([]);
    await expect(actionOn(order).send(event)).resolves.toEqual({ SalesOrder: '4711' });
    expect(order.sent).toEqual([['10', '20']]);
    expect([...order.items.values()].map(({ reason }) => reason)).toEqual(['00', '00']);
  });

  it('leaves alone what was delivered between reading and writing', async () => {
    const order = new Order([(one) => one.deliver('10')]);
    await actionOn(order).send(event);
    expect(order.sent).toEqual([['10', '20'], ['20']]);
    expect([...order.items.values()].map(({ reason }) => reason)).toEqual(['', '00']);
  });

  it('finds done what its own lost answer did', async () => {
    const order = new Order([]);
    const lost = {
      all: () => order.all(),
      change: async (set: string, changes: readonly KeyedChange[]) => {
        // The first try was made although nobody heard of it; the second one meets its versions.
        if (order.sent.length === 0) await order.change(set, changes);
        await order.change(set, changes);
      },
    };
    await expect(
      rejectSalesOrder(lost as unknown as ODataClient, SETTINGS, { instance: 's4' }).send(event),
    ).resolves.toEqual({ SalesOrder: '4711' });
    expect([...order.items.values()].map(({ reason }) => reason)).toEqual(['00', '00']);
  });

  it('is refused when everything was delivered meanwhile', async () => {
    const order = new Order([
      (one) => {
        one.deliver('10');
        one.deliver('20');
      },
    ]);
    await expect(actionOn(order).send(event)).rejects.toThrow('no open item left');
  });

  it('waits for somebody who goes on changing it, and rejects nothing', async () => {
    const busy = (one: Order): void => {
      for (const [item, state] of one.items) one.items.set(item, { ...state, version: state.version + 1 });
    };
    const order = new Order(Array.from({ length: 5 }, () => busy));
    const failed = await actionOn(order)
      .send(event)
      .catch((thrown: unknown) => thrown);
    expect(failed).toMatchObject({ decision: { kind: 'retryAfter' } });
    expect([...order.items.values()].map(({ reason }) => reason)).toEqual(['', '']);
  });
});
