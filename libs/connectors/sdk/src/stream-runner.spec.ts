import type { JsonObject } from '@quotebridge/platform/core';
import type { RunRecord } from './run-record';
import type { Stream } from './stream';
import { StreamRunner, type StreamRunnerOptions } from './stream-runner';
import { MemoryStores } from './testing/memory-stores';
import { START, World } from './testing/world';

/** A door that opens once. */
const door = (): { readonly passed: Promise<void>; open(): void } => {
  let open: () => void = () => undefined;
  const passed = new Promise<void>((resolve) => (open = resolve));
  return { passed, open };
};

const build = (more: Partial<StreamRunnerOptions> = {}) => {
  const world = new World();
  const first = door();
  const reads: string[] = [];
  const stream = (name: string, before: () => Promise<void>): Stream =>
    world.stream({
      name,
      read: async function* (from) {
        reads.push(name);
        await before();
        yield* world.read(from);
      },
    });
  const stores = new MemoryStores();
  const told: RunRecord[] = [];
  let runs = 0;
  const runner = new StreamRunner({
    streams: [stream('slow', () => first.passed), stream('things', async () => undefined)],
    instance: 'erp',
    stores,
    inbox: {
      newRun: () => `run-${(runs += 1)}`,
      submit: async (batch) => world.owner.take(batch),
    },
    process: 'host/1',
    clock: { now: () => START },
    redact: (text) => text,
    stopping: new AbortController().signal,
    batchSize: 10,
    batchBytes: 10_000,
    window: 2,
    leaseMs: 10_000,
    mapOf: (one) => (record: JsonObject) => one.map(record),
    traced: (_name, _headers, work) => work(undefined),
    observer: { run: (record) => void told.push(record), action: () => undefined },
    ...more,
  });
  return { runner, stores, first, reads, told };
};

describe('a run that is asked for', () => {
  it('has its id and its record at once, although others before it take long, and ends under that id', async () => {
    const { runner, stores, first, reads } = build();
    const slow = await runner.ask('slow');
    const { id, done } = await runner.ask('things', { by: 'admin', mode: 'compare' });
    expect(stores.records.get(id)).toMatchObject({
      state: 'queued',
      stream: 'things',
      trigger: 'manual',
      by: 'admin',
      mode: 'compare',
      process: 'host/1',
      startedAt: new Date(START).toISOString(),
    });
    expect(stores.records.get(id)).not.toHaveProperty('endedAt');
    expect(reads).not.toContain('things');
    first.open();
    expect(await done).toMatchObject({ _id: id, state: 'succeeded', process: 'host/1' });
    expect(await slow.done).toMatchObject({ state: 'succeeded' });
    expect(reads).toEqual(['slow', 'things']);
    expect(stores.records.get(id)).toMatchObject({ state: 'succeeded' });
  });

  it('goes beside the queue when it is dry, and is found as well', async () => {
    const { runner, stores, first } = build();
    await runner.ask('slow');
    const { id, done } = await runner.ask('things', { dryRun: true });
    expect(stores.records.get(id)).toMatchObject({ dryRun: true });
    expect(await done).toMatchObject({ _id: id, state: 'succeeded', dryRun: true });
    first.open();
    await runner.idle();
  });

  it('is skipped under its id when another process runs the stream, and that is counted', async () => {
    const stores = new MemoryStores();
    stores.lease = () => ({ held: false, acquire: async () => false, release: async () => undefined });
    const { runner, told } = build({ stores });
    const { id, done } = await runner.ask('things');
    expect(await done).toMatchObject({ _id: id, state: 'skipped' });
    expect(stores.records.get(id)).toMatchObject({ state: 'skipped', endedAt: expect.any(String) as string });
    expect(told.map(({ state }) => state)).toEqual(['skipped']);
  });

  it('is refused when it cannot be noted, and those after it are not held up', async () => {
    const stores = new MemoryStores();
    const { put } = stores.runs;
    let isAway = true;
    Object.assign(stores.runs, {
      put: async (record: RunRecord) => {
        if (isAway) throw new Error('the store is away');
        await put(record);
      },
    });
    const { runner } = build({ stores });
    await expect(runner.ask('things')).rejects.toThrow('the store is away');
    await expect(runner.ask('nothing')).rejects.toThrow('There is no stream "nothing"');
    isAway = false;
    expect(await runner.run('things')).toMatchObject({ state: 'succeeded' });
  });
});

describe('runs of all streams', () => {
  it('have their ids and records at once, and are done in their order', async () => {
    const { runner, stores, first, reads } = build();
    const { runs, done } = await runner.askAll({ by: 'admin' });
    expect(runs.map(({ stream }) => stream)).toEqual(['slow', 'things']);
    for (const { id, stream } of runs)
      expect(stores.records.get(id)).toMatchObject({ stream, by: 'admin', process: 'host/1' });
    expect(stores.records.get(runs[1]?.id ?? '')).toMatchObject({ state: 'queued' });
    first.open();
    const records = await done;
    expect(records.map(({ _id, state }) => [_id, state])).toEqual(runs.map(({ id }) => [id, 'succeeded']));
    expect(reads).toEqual(['slow', 'things']);
  });

  it('are skipped after one that does not succeed, which is named', async () => {
    const world = new World();
    const streams = ['good', 'bad', 'next', 'last'].map((name) =>
      world.stream({
        name,
        read: async function* (from) {
          if (name === 'bad') throw new Error('the system is away');
          yield* world.read(from);
        },
      }),
    );
    const { runner, stores } = build({ streams });
    const { runs, done } = await runner.askAll();
    await done;
    const error = 'bad comes before it and has the state failed';
    expect(runs.map(({ id }) => stores.records.get(id))).toMatchObject([
      { stream: 'good', state: 'succeeded' },
      { stream: 'bad', state: 'failed' },
      { stream: 'next', state: 'skipped', error },
      { stream: 'last', state: 'skipped', error },
    ]);
    await runner.idle();
  });
});

describe('a sign that something has changed', () => {
  it('shares the run that waits for its turn, and never one that has begun', async () => {
    const { runner, first, reads, stores } = build();
    const begun = await runner.pushPort.trigger('slow');
    while (reads.length === 0) await new Promise((resolve) => setImmediate(resolve));
    const [second, third] = await Promise.all([
      runner.pushPort.trigger('slow'),
      runner.pushPort.trigger('slow'),
    ]);
    const fourth = await runner.pushPort.trigger('slow');
    expect(new Set([second, third, fourth]).size).toBe(1);
    expect(second).not.toBe(begun);
    expect(stores.records.get(second ?? '')).toMatchObject({ state: 'queued', trigger: 'push' });
    first.open();
    await runner.idle();
    expect(reads).toEqual(['slow', 'slow']);
    // What is over is not shared either.
    const fifth = await runner.pushPort.trigger('slow');
    expect([begun, second]).not.toContain(fifth);
    await runner.idle();
  });

  it('is refused for a stream that there is not, and asked anew the next time', async () => {
    const { runner } = build();
    await expect(runner.pushPort.trigger('nothing')).rejects.toThrow('There is no stream');
    await expect(runner.pushPort.trigger('nothing')).rejects.toThrow('There is no stream');
  });
});
