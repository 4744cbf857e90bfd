import { setImmediate as turn } from 'node:timers/promises';
import type { JsonObject } from '@quotebridge/platform/core';
import { CallFailed } from '@quotebridge/platform/resilience';
import { iso, START, World } from './testing/world';

describe('deletions, dry runs and pauses', () => {
  it('what refers to a resource that a natural key found under another id is published with that id', async () => {
    const world = new World();
    const take = world.owner.take.bind(world.owner);
    world.owner.take = (batch) => {
      const { outcomes, ...rest } = take(batch);
      return {
        ...rest,
        outcomes: outcomes.map((one) => (one.id === 't-a' ? { ...one, id: 'theirs' } : one)),
      };
    };
    await world.run({ pushed: [{ id: 'a', stamp: START, value: 1 }] });
    const refers = world.stream({
      map: ({ id }) => [
        { externalId: String(id), id: `t-${String(id)}`, op: 'upsert', resource: { part: { id: 't-a' } } },
      ],
    });
    await world.run({ pushed: [{ id: 'b', stamp: START }] }, refers);
    expect(world.owner.resources.get('t-b')).toEqual({ part: { id: 'theirs' } });
    expect(await world.stores.fingerprints.externalIdOf('theirs')).toBe('a');
  });

  it('whoever sees a published resource can ask where it came from, even if the run dies right after', async () => {
    const world = new World();
    world.rows = [{ id: 'a', stamp: START, value: 1 }];
    const asked: unknown[] = [];
    const take = world.owner.take.bind(world.owner);
    world.owner.take = (batch) => {
      void world.stores.fingerprints.externalIdOf('t-a').then((id) => asked.push(id));
      return take(batch);
    };
    await world.run();
    expect(asked).toEqual(['a']);
  });

  it('a tombstone deletes what was published, once, and a record that comes back is published again', async () => {
    const world = new World();
    const at = (value: number, gone = false): JsonObject => ({ id: 'a', stamp: START - 10, value, gone });
    const counts = async (record: JsonObject) => (await world.run({ pushed: [record] })).counts;
    expect(await counts(at(1, true))).toMatchObject({ deleted: 0 });
    expect(await counts(at(1))).toMatchObject({ created: 1 });
    expect(await counts(at(1, true))).toMatchObject({ deleted: 1 });
    expect(await counts(at(1, true))).toMatchObject({ deleted: 0 });
    expect(await counts(at(1))).toMatchObject({ created: 1 });
  });

  it('a dry run tells what would happen and leaves everything as it was', async () => {
    const world = new World();
    world.rows = [
      { id: 'a', stamp: START - 3, value: 1 },
      { id: 'b', stamp: START - 2, value: 1 },
    ];
    const stream = world.stream({ missing: 'delete' });
    await world.run({}, stream);
    world.rows = [
      { id: 'b', stamp: START - 1, value: 2 },
      { id: 'c', stamp: START, value: 3 },
    ];
    world.owner.refuses = (id) => id === 't-c';
    const before = [world.stores.lasting, JSON.stringify([...world.owner.resources])];
    const run = await world.run({ mode: 'compare', dryRun: true }, stream);
    expect([world.stores.lasting, JSON.stringify([...world.owner.resources])]).toEqual(before);
    expect(run).toMatchObject({
      dryRun: true,
      state: 'succeeded',
      counts: { updated: 1, rejected: 1, deleted: 1 },
    });
    expect(run.named).toEqual([
      { externalId: 'c', faults: [{ path: '/value', message: 'no', of: 'resource', value: 3 }] },
    ]);
  });

  it('a spent budget pauses the run until it is renewed, and says so', async () => {
    const world = new World();
    const read = async function* (): AsyncGenerator<readonly JsonObject[]> {
      const decision = { kind: 'pause' as const, reason: 'daily budget spent', untilMs: START + 3_600_000 };
      yield [];
      throw new CallFailed(decision, { method: 'GET', url: 'https://erp.example', atMs: START }, false);
    };
    expect(await world.run({}, world.stream({ read }))).toMatchObject({
      state: 'paused',
      resumesAt: iso(START + 3_600_000),
      error: expect.stringContaining('daily budget spent') as string,
    });
  });

  it('guarantee 8: a rejected record is kept with path, value and reason, and a correction is accepted', async () => {
    const world = new World();
    const bad = { id: 'a', stamp: START, value: -1, bad: true };
    await world.run({ pushed: [bad] });
    expect(world.stores.rejected.get('a')).toMatchObject({
      record: bad,
      faults: [{ path: '/value', message: 'is bad', of: 'record', value: -1 }],
    });
    await world.stores.quarantine.correct('things', 'a', { ...bad, bad: false, value: 1 }, 'me');
    expect(await world.run({ trigger: 'replay' })).toMatchObject({ counts: { created: 1 } });
    expect(world.stores.rejected.size).toBe(0);
  });

  it('a nameless record that is corrected goes on under its identifier and leaves the quarantine', async () => {
    const world = new World();
    await world.run({ pushed: [{ stamp: START, value: 1 }] });
    const [name = ''] = world.stores.rejected.keys();
    await world.stores.quarantine.correct('things', name, { id: 'z', stamp: START, value: 1 }, 'me');
    await world.run({ trigger: 'replay', only: [name] });
    expect([world.stores.rejected.size, world.published]).toEqual([0, { 't-z': 1 }]);
  });

  describe('a record that comes again while it is in work', () => {
    const at = (value: number, bad = false): JsonObject => ({ id: 'a', stamp: START - 10, value, bad });
    const reads = async (...values: readonly JsonObject[]): Promise<World> => {
      const world = new World();
      await world.run({ pushed: [at(1)] });
      // Pages are read faster than that.
      world.answered = () => turn();
      const read = async function* (): AsyncGenerator<readonly JsonObject[]> {
        for (const value of values) yield [value];
      };
      expect(await world.run({}, world.stream({ read }))).toMatchObject({ state: 'succeeded' });
      return world;
    };

    it('counts as it came last, also when that is how it was before', async () => {
      const world = await reads(at(2), at(1));
      expect(world.published).toEqual({ 't-a': 1 });
      expect((await world.run({ pushed: [at(2)] })).counts).toMatchObject({ updated: 1 });
    });

    it('is in the quarantine when it cannot be accepted as it came last, and not when it can', async () => {
      expect((await reads(at(2), at(3, true))).stores.rejected.size).toBe(1);
      expect((await reads(at(3, true), at(2))).stores.rejected.size).toBe(0);
    });
  });
});
