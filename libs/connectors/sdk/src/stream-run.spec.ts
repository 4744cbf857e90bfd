import * as fc from 'fast-check';
import type { JsonObject } from '@quotebridge/platform/core';
import type { Stream } from './stream';
import { MemoryStores } from './testing/memory-stores';
import { iso, START, World, type Row } from './testing/world';

describe('reading by cursors', () => {
  /** A change becomes visible `late` after the time it is stamped with, by a clock that is `skew` off. */
  const change = fc.record({
    id: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g'),
    wait: fc.constantFrom(0, 0, 1, 5, 40, 200),
    late: fc.nat(50),
    skew: fc.integer({ min: -20, max: 20 }),
    readAfter: fc.boolean(),
  });

  it('nothing is missed: equal times, commits that come late and clocks that differ, within the overlap', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(change, { maxLength: 40 }), async (changes) => {
        const world = new World(100);
        const pending: { at: number; row: Row }[] = [];
        const commit = (): void => {
          for (const { row } of pending.filter(({ at }) => at <= world.now)) {
            world.rows = [...world.rows.filter(({ id }) => id !== row.id), row];
          }
          pending.splice(0, pending.length, ...pending.filter(({ at }) => at > world.now));
        };
        let value = 0;
        for (const { id, wait, late, skew, readAfter } of changes) {
          world.now += wait;
          commit();
          // Two writers of one record wait for one another, as in a database.
          if (!pending.some(({ row }) => row.id === id)) {
            // Coarse times: many records share one.
            const stamp = Math.floor((world.now + skew) / 10) * 10;
            pending.push({ at: world.now + late, row: { id, stamp, value: (value += 1) } });
          }
          if (readAfter) await world.run();
        }
        world.now += 100;
        commit();
        await world.run();
        expect(world.published).toEqual(world.wanted);
      }),
      { numRuns: 300 },
    );
  });

  it('a time in the future does not make later changes pass unseen', async () => {
    const world = new World();
    world.rows = [{ id: 'wrong', stamp: START + 86_400_000, value: 1 }];
    await world.run();
    world.now += 1_000;
    world.rows.push({ id: 'a', stamp: world.now, value: 2 });
    await world.run();
    expect(world.published).toEqual(world.wanted);
  });
});

describe('a run that dies anywhere', () => {
  const rows = fc.uniqueArray(
    fc.record({ id: fc.stringMatching(/^[a-z]{1,2}$/), stamp: fc.nat(20), value: fc.nat(9) }),
    {
      selector: ({ id }) => id,
      maxLength: 25,
    },
  );
  const deaths = fc.array(fc.nat(30), { maxLength: 6 });

  it('guarantee 5: is continued by the next without loss, and what was deleted meanwhile is gone', async () => {
    await fc.assert(
      fc.asyncProperty(
        rows,
        rows,
        deaths,
        fc.constantFrom('delta' as const, 'compare' as const),
        async (first, later, steps, mode) => {
          const world = new World(1_000);
          let left = Infinity;
          world.stores = new MemoryStores(() => {
            if ((left -= 1) < 0) throw new Error('killed');
          });
          const stream = world.stream({ missing: 'delete' });
          world.rows = first.map((row) => ({ ...row, stamp: START + row.stamp }));
          await world.run({}, stream);
          world.rows = later.map((row) => ({ ...row, stamp: START + 100 + row.stamp }));
          world.now += 500;
          for (const step of steps) {
            left = step;
            await world.run({ mode: 'compare' }, stream);
          }
          left = Infinity;
          const unfinished = world.stores.mustCompare.size > 0;
          const last = await world.run({ mode }, stream);
          expect(last.state).toBe('succeeded');
          // A complete read that died makes the next run one as well, whatever was asked.
          expect(last.mode).toBe(unfinished ? 'compare' : mode);
          expect(world.published).toMatchObject(world.wanted);
          if (last.mode === 'compare') expect(world.published).toEqual(world.wanted);
        },
      ),
      { numRuns: 200 },
    );
  });
});

describe('complete reads', () => {
  const three = (): Row[] =>
    ['a', 'b', 'c'].map((id, index) => ({ id, stamp: START - 100 + index, value: index }));

  it('what the source no longer has is deleted, reported or left, as the stream says', async () => {
    for (const [missing, gone, counts] of [
      ['delete', true, { deleted: 1, missing: 0 }],
      ['report', false, { deleted: 0, missing: 1 }],
      [undefined, false, { deleted: 0, missing: 0 }],
    ] as const) {
      const world = new World();
      world.rows = three();
      const stream = world.stream(missing === undefined ? {} : { missing });
      await world.run({}, stream);
      world.rows = world.rows.filter(({ id }) => id !== 'b');
      const run = await world.run({ mode: 'compare' }, stream);
      expect(run.counts).toMatchObject(counts);
      expect(world.owner.resources.has('t-b')).toBe(!gone);
    }
  });

  it('a record that slips past counted pages, because another one goes meanwhile, is not deleted; that one is by the next', async () => {
    const world = new World();
    world.rows = [...three(), { id: 'd', stamp: START - 90, value: 4 }];
    let looks = 0;
    /** Pages of two by their number; the first record goes while the second page is on its way. */
    async function* read(): AsyncGenerator<JsonObject[]> {
      looks += 1;
      for (let at = 0; at < world.rows.length; at += 2) {
        yield world.rows.slice(at, at + 2).map((row) => ({ ...row }));
        world.rows = world.rows.filter(({ id }) => looks !== 2 || id !== 'a');
      }
    }
    const stream = world.stream({ missing: 'delete', slips: true, read });
    await world.run({}, stream);
    const compare = async () => (await world.run({ mode: 'compare' }, stream)).counts;
    expect(await compare()).toMatchObject({ read: 3, deleted: 0 });
    expect(looks).toBe(3);
    expect(await compare()).toMatchObject({ read: 3, deleted: 1 });
    expect([...world.owner.resources.keys()]).toEqual(['t-b', 't-c', 't-d']);
    expect(looks).toBe(5);
    // Nothing is missing: nothing is looked for twice.
    await compare();
    expect(looks).toBe(6);
  });

  it('an expired place falls back to a complete read, which says why and deletes what is gone', async () => {
    const world = new World();
    world.rows = three();
    const stream = world.stream({ missing: 'delete' });
    await world.run({}, stream);
    world.expired = true;
    world.rows = [...world.rows.slice(1), { id: 'd', stamp: START - 1, value: 7 }];
    const run = await world.run({}, stream);
    expect(run).toMatchObject({
      state: 'succeeded',
      mode: 'compare',
      comparedBecause: 'the delta token is too old',
    });
    expect(run.counts).toMatchObject({ created: 1, deleted: 1, unchanged: 2 });
    expect(world.published).toEqual(world.wanted);
  });

  it('compare publishes only what differs, full publishes everything', async () => {
    const world = new World();
    world.rows = three();
    await world.run();
    const published = async (mode: 'compare' | 'full'): Promise<number> => {
      const before = world.owner.batches.length;
      await world.run({ mode });
      return world.owner.batches.slice(before).flatMap(({ records }) => records).length;
    };
    expect([await published('compare'), await published('full')]).toEqual([0, 3]);
  });

  it('a bulk reader without order moves the checkpoint at its end only, and not behind its beginning', async () => {
    const world = new World();
    world.rows = three();
    let fails = true;
    const readAll = async function* (): AsyncGenerator<readonly JsonObject[]> {
      yield [{ id: 'c', stamp: START + 5_000, value: 2 }];
      if (fails) throw new Error('the export broke off');
      yield [{ id: 'a', stamp: START - 100, value: 0 }];
    };
    const stream = world.stream({ readAll });
    expect(await world.run({}, stream)).toMatchObject({ state: 'failed', error: 'the export broke off' });
    expect(world.stores.places.size).toBe(0);
    fails = false;
    expect(await world.run({}, stream)).toMatchObject({ checkpoint: { at: iso(START) } });
  });

  it('a first bulk load may go on with an older export; the checkpoint is not behind that', async () => {
    const world = new World();
    world.rows = three();
    const told: boolean[] = [];
    const asOf = iso(START - 60_000);
    const stream = world.stream({
      readAll: async function* (_signal, { isFirst }) {
        told.push(isFirst);
        yield { records: [{ id: 'a', stamp: START - 5, value: 1 }], asOf };
      },
    });
    expect(await world.run({}, stream)).toMatchObject({ checkpoint: { at: asOf } });
    await world.run({ mode: 'compare' }, stream);
    expect(told).toEqual([true, false]);
  });

  it('a token of the system is the place of the next delta, until a newer one comes', async () => {
    const world = new World();
    const asked: (string | undefined)[] = [];
    const read: Stream['read'] = async function* (_from, _signal, { checkpoint }) {
      asked.push(checkpoint?.token);
      yield { records: [{ id: 'a', stamp: START - 5, value: asked.length }] };
      if (asked.length !== 2) yield { records: [], token: `token-${asked.length}` };
    };
    const stream = world.stream({ read });
    await world.run({}, stream);
    await world.run({}, stream);
    await world.run({}, stream);
    await world.run({}, stream);
    expect(asked).toEqual([undefined, 'token-1', 'token-1', 'token-3']);
  });
});

describe('a run that is under way', () => {
  it('tells every second how far it is, however often its checkpoint moves', async () => {
    const world = new World();
    world.rows = Array.from({ length: 30 }, (_, index) => ({ id: `r${index}`, stamp: START, value: index }));
    const told: number[] = [];
    const put = world.stores.runs.put.bind(world.stores.runs);
    world.stores.runs.put = async (record) => {
      if (record.state === 'running') told.push(record.counts.created);
      await put(record);
    };
    const take = world.owner.take.bind(world.owner);
    world.owner.take = (batch) => {
      world.now += 300;
      return take(batch);
    };
    await world.run();
    // Fifteen batches take four and a half seconds.
    expect(told.length).toBeGreaterThanOrEqual(4);
    expect(told.at(-1)).toBeGreaterThan(20);
  });
});
