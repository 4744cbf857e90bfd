import * as fc from 'fast-check';
import type { JsonObject } from '@quotebridge/platform/core';
import type { IngestOutcome } from '@quotebridge/platform/events';
import { CallFailed, type Decision } from '@quotebridge/platform/resilience';
import { performAction, type ActionRunDeps } from './action-run';
import { ActionRefused, type Action, type ActionEvent } from './action';
import type { ActionJournal, ConnectorStores, JournalEntry } from './ports';

/** What goes wrong with one send. `late`: the effect appears only some time after the answer failed. */
type Mishap = 'none' | 'lostAnswer' | 'lostRequest' | 'late' | 'throttled' | 'crashBefore' | 'crashAfter';

class Crash extends Error {}

const failed = (kind: 'retryAfter' | 'reject', ambiguous: boolean): CallFailed => {
  const decision: Decision = { kind, reason: 'test' };
  return new CallFailed(decision, { method: 'POST', url: 'https://erp.example/orders', atMs: 0 }, ambiguous);
};

/** An ERP that takes orders without checking for doubles, with a clock that only moves when someone sleeps. */
class World {
  now = 1_000_000;
  readonly effects: number[] = [];
  reports = 0;
  private readonly entries = new Map<string, JournalEntry>();
  private lookups = 0;
  sendsWithoutLookup = 0;

  constructor(private readonly mishaps: Mishap[]) {}

  get visible(): number {
    return this.effects.filter((at) => at <= this.now).length;
  }

  readonly journal: ActionJournal = {
    get: async (_action, key) => this.entries.get(key),
    begin: async (_action, key, entry, staleBeforeMs) => {
      const before = this.entries.get(key);
      if (before?.state === 'sending' && before.sentAtMs > staleBeforeMs) return false;
      this.entries.set(key, entry);
      return true;
    },
    put: async (_action, key, entry) => void this.entries.set(key, entry),
  };

  readonly action: Action = {
    name: 'create',
    title: 'Creating',
    subjects: [],
    effect: 'once',
    key: ({ resource }) => resource.id,
    lookup: async () => {
      this.lookups += 1;
      return this.visible > 0 ? { number: '4711' } : undefined;
    },
    send: async () => {
      if (this.lookups === 0) this.sendsWithoutLookup += 1;
      this.lookups = 0;
      const mishap = this.mishaps.shift() ?? 'none';
      if (mishap === 'crashBefore') throw new Crash();
      if (mishap === 'throttled') throw failed('retryAfter', false);
      if (mishap === 'lostRequest') throw failed('retryAfter', true);
      this.effects.push(this.now + (mishap === 'late' ? 900 : 0));
      if (mishap === 'crashAfter') throw new Crash();
      if (mishap !== 'none') throw failed('retryAfter', true);
      return { number: '4711' };
    },
    results: (event, effect) => [
      {
        resource: 'order',
        record: { externalId: '4711', op: 'patch', id: event.resource.id, resource: effect },
      },
    ],
  };

  deps(): ActionRunDeps {
    return {
      instance: 'erp',
      stores: { journal: this.journal } as ConnectorStores,
      submit: async ({ run, batch, resource }): Promise<IngestOutcome> => {
        this.reports += 1;
        return { run, batch, resource, outcomes: [{ externalId: '4711', status: 'updated' }] };
      },
      newRun: () => 'run',
      clock: { now: () => this.now },
      sleep: async (ms) => void (this.now += ms),
      redact: (text) => text,
      settleMs: 1_000,
      lookMs: 100,
    };
  }
}

const event = (resource: JsonObject = {}, more: Partial<ActionEvent> = {}): ActionEvent => ({
  eventId: 'e1',
  eventType: 'OrderCreateEvent',
  eventTime: '2026-01-01T00:00:00.000Z',
  resource: { ...resource, id: 'o1' },
  ...more,
});

describe('guarantee 4: performAction', () => {
  const mishap = fc.constantFrom<Mishap>(
    'none',
    'lostAnswer',
    'lostRequest',
    'late',
    'throttled',
    'crashBefore',
    'crashAfter',
  );

  it('one effect and one look before each send, whatever goes wrong and however often the event is delivered', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(mishap, { maxLength: 8 }),
        fc.integer({ min: 1, max: 3 }),
        async (mishaps, more) => {
          const world = new World([...mishaps]);
          for (let delivery = 0; delivery < mishaps.length + 1 + more; delivery += 1) {
            await performAction(world.action, event(), world.deps()).catch((thrown: unknown) => {
              if (!(thrown instanceof Crash) && !(thrown instanceof Error)) throw thrown;
            });
            // The bus waits a little between deliveries.
            world.now += 10;
          }
          expect(world.effects).toHaveLength(1);
          expect(world.reports).toBeGreaterThanOrEqual(1);
          expect(world.sendsWithoutLookup).toBe(0);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('an event that does not concern the system does nothing', async () => {
    const world = new World([]);
    await performAction({ ...world.action, key: () => undefined }, event(), world.deps());
    expect(world.effects).toHaveLength(0);
  });

  it('of an action that keeps fields in step, an older event does not follow a newer one', async () => {
    const world = new World([]);
    const sent: string[] = [];
    const action: Action = {
      ...world.action,
      effect: 'latest',
      lookup: async () => undefined,
      send: async ({ eventId }) => {
        sent.push(eventId);
        return {};
      },
      results: () => [],
    };
    const at = (eventId: string, minute: number): ActionEvent =>
      event({}, { eventId, eventTime: new Date(Date.UTC(2026, 0, 1, 0, minute)).toISOString() });
    for (const one of [at('a', 1), at('c', 3), at('b', 2), at('c', 3), at('d', 4)]) {
      await performAction(action, one, world.deps());
    }
    expect(sent).toEqual(['a', 'c', 'd']);
  });

  it.each<Action['effect']>(['once', 'latest'])(
    'of an effect %s, what was refused is not asked for again by what tells of the refusal, but by its own event and for something else',
    async (effect) => {
      const world = new World([]);
      const sent: string[] = [];
      const told: string[] = [];
      const action: Action = {
        ...world.action,
        effect,
        lookup: async () => undefined,
        send: async ({ eventId }) => {
          sent.push(eventId);
          throw new ActionRefused('delivered already');
        },
        asks: ({ resource }) => String(resource['quantity']),
        refused: (_event, reason) => {
          told.push(reason);
          return [];
        },
      };
      const wish = (eventId: string, quantity: number, minute: number): ActionEvent =>
        event({ quantity }, { eventId, eventTime: new Date(Date.UTC(2026, 0, 1, 0, minute)).toISOString() });
      const first = wish('a', 5, 1);
      await expect(performAction(action, first, world.deps())).rejects.toThrow('delivered already');
      // The order that was told of it says so, and later something else; then the dead letter is replayed.
      await performAction(action, wish('b', 5, 2), world.deps());
      await performAction(action, wish('c', 5, 3), world.deps());
      await expect(performAction(action, first, world.deps())).rejects.toThrow('delivered already');
      await expect(performAction(action, wish('d', 6, 4), world.deps())).rejects.toThrow('delivered already');
      await performAction(action, wish('e', 6, 5), world.deps());
      expect(sent).toEqual(['a', 'a', 'd']);
      expect(told).toHaveLength(3);
    },
  );
});
