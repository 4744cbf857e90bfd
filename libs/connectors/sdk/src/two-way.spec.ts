import * as fc from 'fast-check';
import type { JsonObject } from '@quotebridge/platform/core';
import type { ActionEvent } from './action';
import { MemoryStores } from './testing/memory-stores';
import { TwoWayValue, type Held } from './two-way';

/** The value here: what a side brings counts unless it does not know what is here. Every change is an event. */
class Hub {
  value: Held = null;
  readonly events: Held[] = [];

  set(value: Held): void {
    if (value === this.value) return;
    this.value = value;
    this.events.push(value);
  }
}

/** An outside system that people change the value in, with the connector that keeps it in step. */
class Side {
  value: Held = null;
  writes = 0;
  private seen = 0;
  private page: readonly JsonObject[] = [];
  private readonly twoWay: TwoWayValue;

  constructor(
    private readonly hub: Hub,
    owns: boolean,
  ) {
    this.twoWay = new TwoWayValue(new MemoryStores().notes, 'payment', owns, ({ side }) => ({
      key: 'o1',
      side: side as Held,
    }));
  }

  async read(): Promise<void> {
    this.page = await this.twoWay.marked([{ side: this.value }]);
  }

  async take(): Promise<void> {
    const [record] = this.page;
    this.page = [];
    if (record === undefined) return;
    const brought = this.twoWay.broughtIn(record);
    if (brought === undefined) return;
    if (brought.was === undefined || brought.was === this.hub.value) this.hub.set(brought.value);
    await this.twoWay.settled([{ externalId: 'o1', raw: record, faults: [] }]);
  }

  async hear(): Promise<boolean> {
    const value = this.hub.events[this.seen];
    if (value === undefined) return false;
    this.seen += 1;
    const action = this.twoWay.action({
      name: 'show',
      title: 'Showing',
      subjects: [],
      key: ({ resource }) => resource.id,
      here: ({ value: held }) => held as Held,
      find: async () => ({ side: this.value }),
      write: async (_event, _found, next) => {
        this.writes += 1;
        this.value = next;
      },
    });
    const event: ActionEvent = {
      eventId: String(this.seen),
      eventType: 'x',
      eventTime: '',
      resource: { id: 'o1', value },
    };
    if ((await action.lookup(event)) === undefined) await action.send(event);
    return true;
  }

  /** Reads and hears until nothing moves any more. */
  async settle(): Promise<void> {
    await this.take();
    while (await this.hear());
    await this.read();
    await this.take();
    while (await this.hear());
  }
}

type Step = { readonly who: 0 | 1 } & (
  { readonly what: 'read' | 'take' | 'hear' } | { readonly what: 'change'; readonly value: Held }
);
const who = fc.constantFrom<0 | 1>(0, 1);
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ who, what: fc.constantFrom('read' as const, 'take' as const, 'hear' as const) }),
  fc.record({
    who,
    what: fc.constant('change' as const),
    value: fc.constantFrom<Held>('open', 'paid', 'failed', null),
  }),
);

const play = async (steps: readonly Step[], sides: readonly [Side, Side]): Promise<void> => {
  for (const one of steps) {
    const side = sides[one.who];
    if (one.what === 'change') side.value = one.value;
    else await side[one.what]();
  }
};
const rest = async (sides: readonly [Side, Side]): Promise<void> => {
  for (let round = 0; round < 4; round += 1) for (const side of sides) await side.settle();
};
const world = (owner: 0 | 1): { hub: Hub; sides: readonly [Side, Side] } => {
  const hub = new Hub();
  return { hub, sides: [new Side(hub, owner === 0), new Side(hub, owner === 1)] };
};

describe('a value that both sides change', () => {
  it('is the same everywhere in the end, whatever happens in which order, and then stays quiet', async () => {
    await fc.assert(
      fc.asyncProperty(who, fc.array(step, { maxLength: 30 }), async (owner, steps) => {
        const { hub, sides } = world(owner);
        await play(steps, sides);
        await rest(sides);
        expect(sides.map(({ value }) => value)).toEqual([hub.value, hub.value]);
        const before = [hub.events.length, ...sides.map(({ writes }) => writes)];
        await rest(sides);
        expect([hub.events.length, ...sides.map(({ writes }) => writes)]).toEqual(before);
      }),
    );
  });

  it('follows a change of either side, whoever has the last word', async () => {
    await fc.assert(
      fc.asyncProperty(who, fc.array(who, { minLength: 1, maxLength: 8 }), async (owner, changers) => {
        const { hub, sides } = world(owner);
        for (const [index, changer] of changers.entries()) {
          sides[changer].value = `value ${index}`;
          await rest(sides);
          expect([hub.value, ...sides.map(({ value }) => value)]).toEqual(Array(3).fill(`value ${index}`));
        }
      }),
    );
  });

  it('is what the side with the last word says when both changed it at the same time', async () => {
    await fc.assert(
      fc.asyncProperty(who, who, async (owner, first) => {
        const { hub, sides } = world(owner);
        sides[0].value = 'open';
        await rest(sides);
        [sides[0].value, sides[1].value] = ['from 0', 'from 1'];
        await sides[first].settle();
        await rest(sides);
        expect([hub.value, ...sides.map(({ value }) => value)]).toEqual(Array(3).fill(`from ${owner}`));
      }),
    );
  });

  it('costs one write for a change of the other side, and none for our own echo', async () => {
    const { sides } = world(0);
    sides[0].value = 'paid';
    await rest(sides);
    expect(sides.map(({ writes }) => writes)).toEqual([0, 1]);
  });
});
