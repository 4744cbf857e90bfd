import * as fc from 'fast-check';
import type { JsonObject } from '@quotebridge/platform/core';
import type { IngestBatch, IngestOutcome, RecordOutcome } from '@quotebridge/platform/events';
import { CallFailed } from '@quotebridge/platform/resilience';
import type { RunOrder } from './run-order';
import type { RunRecord } from './run-record';
import { CursorExpired, type Stream } from './stream';
import { StreamRun } from './stream-run';
import { MemoryStores } from './testing/memory-stores';

const START = Date.UTC(2026, 0, 1);
const iso = (ms: number): string => new Date(ms).toISOString();

/** A record of the simulated source. */
interface Row {
  readonly id: string;
  readonly stamp: number;
  readonly value: number;
}

/** Owner of the resources: what the batches came to. */
class Owner {
  readonly resources = new Map<string, JsonObject>();
  readonly batches: IngestBatch[] = [];
  refuses: (id: string) => boolean = () => false;

  take(batch: IngestBatch): IngestOutcome {
    this.batches.push(batch);
    const outcomes = batch.records.map(({ externalId, id, op, resource }): RecordOutcome => {
      if (this.refuses(id))
        return { externalId, status: 'rejected', faults: [{ path: '/value', message: 'no' }] };
      const before = this.resources.get(id);
      if (op === 'delete') {
        if (batch.dryRun !== true) this.resources.delete(id);
        return { externalId, id, status: before === undefined ? 'unchanged' : 'deleted' };
      }
      if (batch.dryRun !== true) this.resources.set(id, resource);
      if (before === undefined) return { externalId, id, status: 'created' };
      return { externalId, id, status: before['value'] === resource['value'] ? 'unchanged' : 'updated' };
    });
    const { run, batch: number, resource } = batch;
    return { run, batch: number, resource, outcomes };
  }
}

/** A source with its rows; reads are in order of (stamp, id), by pages, each a look at the rows as they are then. */
class World {
  now = START;
  rows: Row[] = [];
  owner = new Owner();
  expired = false;
  stores = new MemoryStores();
  private runs = 0;

  constructor(private readonly overlapMs = 0) {}

  stream(more: Partial<Stream> = {}): Stream {
    return {
      name: 'things',
      title: 'Things',
      entity: 'Thing',
      resource: 'thing',
      overlapMs: this.overlapMs,
      identity: ({ id }) => (typeof id === 'string' ? id : undefined),
      position: ({ id, stamp }) =>
        typeof id === 'string' && typeof stamp === 'number' ? { id, at: iso(stamp) } : undefined,
      read: (from) => this.read(from),
      map: ({ id, value, gone, bad }) => {
        if (bad === true) return { faults: [{ path: '/value', message: 'is bad' }] };
        const op = gone === true ? ('delete' as const) : ('upsert' as const);
        return [{ externalId: String(id), id: `t-${String(id)}`, op, resource: { value: value ?? null } }];
      },
      ...more,
    };
  }

  async *read(from: string | undefined): AsyncGenerator<readonly JsonObject[]> {
    if (this.expired && from !== undefined) throw new CursorExpired('the delta token is too old');
    const since = from === undefined ? 0 : Date.parse(from);
    const size = 3;
    let after: Row | undefined;
    for (;;) {
      const place = after;
      const page = this.rows
        .filter(({ stamp }) => stamp >= since)
        .filter(
          (row) =>
            place === undefined ||
            row.stamp > place.stamp ||
            (row.stamp === place.stamp && row.id > place.id),
        )
        .sort((a, b) => a.stamp - b.stamp || (a.id < b.id ? -1 : 1))
        .slice(0, size);
      if (page.length > 0) yield page.map((row) => ({ ...row }));
      if (page.length < size) return;
      after = page.at(-1);
    }
  }

  async run(ask: Partial<RunOrder> = {}, stream = this.stream()): Promise<RunRecord> {
    const deps = {
      instance: 'erp',
      stores: this.stores,
      submit: async (batch: IngestBatch) => this.owner.take(batch),
      clock: { now: () => this.now },
      redact: (text: string) => text,
      batchSize: 2,
      batchBytes: 10_000,
      window: 2,
    };
    const signal = new AbortController().signal;
    const order = {
      run: `run-${(this.runs += 1)}`,
      trigger: 'manual' as const,
      mode: 'delta' as const,
      signal,
    };
    return new StreamRun(stream, deps, { ...order, ...ask }).execute();
  }

  get published(): Record<string, unknown> {
    return Object.fromEntries([...this.owner.resources].map(([id, { value }]) => [id, value]).sort());
  }

  get wanted(): Record<string, unknown> {
    return Object.fromEntries(this.rows.map(({ id, value }) => [`t-${id}`, value]).sort());
  }
}

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
});
