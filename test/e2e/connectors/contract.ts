import { randomUUID } from 'node:crypto';
import { startConnector, type RunningConnector } from '@quotebridge/connectors/runtime';
import { mongoStores, type ConnectorDefinition, type ConnectorStores } from '@quotebridge/connectors/sdk';
import { systemClock, type JsonObject } from '@quotebridge/platform/core';
import { EventBus } from '@quotebridge/platform/events';
import { Store } from '@quotebridge/platform/store';
import { ON_LOOPBACK } from './on-loopback';
import { Owner } from './owner';
import { control, eventually } from './sandbox-control';
import { startServers, type Servers } from './servers';

type Fault = Readonly<Record<string, string | number>> & { readonly name: string };
type Named = readonly [name: string, fault: Fault];

/** What a suite works with. */
export interface ContractWorld {
  readonly instance: string;
  readonly sandbox: ReturnType<typeof control>;
  readonly sandboxUrl: string;
  readonly owner: Owner;
  readonly bus: EventBus;
  readonly connector: RunningConnector;
  readonly stores: ConnectorStores;
}

/** The part of a suite that is about something done in the system on an event. */
export interface ContractAction {
  /** Text in the address of the calls that cause the effect. */
  readonly path: string;
  /** Publishes an event whose effect is asked for; gives its key. */
  publish(world: ContractWorld): Promise<string>;
  /** How often the effect is there. */
  effects(world: ContractWorld, key: string): Promise<number>;
  /** Faults of this system beyond those of every one. */
  readonly faults?: readonly Named[];
}

/** A connector under test with its sandbox. */
export interface ContractOptions {
  readonly definition: ConnectorDefinition;
  startSandbox(): Promise<{ readonly url: string; close(): Promise<void> }>;
  settings(sandboxUrl: string): JsonObject;
  readonly secrets: Readonly<Record<string, string>>;
  /** TMF resources that it publishes or reports to. */
  readonly resources: readonly string[];
  /** Problems of a published resource by the standard; an empty list is what is wanted. */
  validate(resource: JsonObject): readonly unknown[];
  /** The stream that faults are tried on, and text in the address of its calls. */
  readonly stream: { readonly name: string; readonly path: string };
  /** False for a system that is not called over HTTP: only the faults of its own are tried. */
  readonly overHttp?: boolean;
  /** Faults of reading beyond those of every system over HTTP. */
  readonly readFaults?: readonly Named[];
  /** Faults of reading that nothing helps against: the run fails with the reason, and the next one goes on. */
  readonly fatalFaults?: readonly (readonly [...Named, reason: string])[];
  /** Changes one record of that stream in the system. */
  change(world: ContractWorld): Promise<void>;
  /** Other streams, each with a change of one of its records. */
  readonly others?: readonly (readonly [stream: string, change: (world: ContractWorld) => Promise<void>])[];
  readonly action?: ContractAction;
}

/** Faults of §0.1 that any system over HTTP can show while it is read. */
const READ_FAULTS: readonly Named[] = [
  ['an expired token', { name: 'expireToken' }],
  ['a token that expires in the middle', { name: 'expireToken', after: 1 }],
  ['429 with Retry-After', { name: 'respond429', retryAfterSeconds: 1 }],
  ['429 without Retry-After', { name: 'respond429' }],
  ['a server error', { name: 'respond5xx', status: 503 }],
  ['a web page instead of JSON', { name: 'respondHtml' }],
  ['a cut-off answer', { name: 'truncateBody' }],
  ['a cut connection', { name: 'dropRequest' }],
  ['an answer that does not come', { name: 'delay', ms: 3_000 }],
];

/** The same for what is written. */
const WRITE_FAULTS: readonly Named[] = [
  ['a lost answer', { name: 'dropResponseAfterCommit' }],
  ['an error after the commit', { name: 'respond5xxAfterCommit' }],
  ['a cut-off answer', { name: 'truncateBody' }],
  ['a lost request', { name: 'dropRequest' }],
  ['a system that is down at first', { name: 'respond5xx', times: 3 }],
  ['throttling', { name: 'respond429', retryAfterSeconds: 1 }],
  ["a proxy's page", { name: 'respondHtml' }],
  ['an expired token', { name: 'expireToken' }],
  ['an answer that comes too late', { name: 'delay', ms: 3_000 }],
];

const SETTLE_MS = 1_000;
const databaseOf = (instance: string): string => `connector_${instance.replaceAll('-', '_')}`;

/** Events that are all right must not wait for a broken one of the same test. */
const eventWithout = (owner: Owner): void => {
  owner.answers = true;
  owner.judge = () => [];
};

/**
 * What every connector has to do, tried on its sandbox with every fault: nothing lost, nothing doubled, nothing hidden.
 * Settings in tests want `attemptSeconds: 2`, so that an answer can be late.
 */
export const connectorContract = (options: ContractOptions): void => {
  const { definition, stream, action, secrets } = options;

  describe(`the contract of connectors: ${definition.id}`, () => {
    const instance = `${definition.id}-${randomUUID().slice(0, 8)}`;
    const closers: (() => Promise<unknown>)[] = [];
    let servers: Servers;
    let world: ContractWorld;

    const start = (more: Partial<Parameters<typeof startConnector>[0]> = {}): Promise<RunningConnector> =>
      startConnector({
        definition,
        instance,
        settings: options.settings(world.sandboxUrl),
        secrets,
        mongodbUri: servers.mongodbUri,
        database: databaseOf(instance),
        natsUrl: servers.natsUrl,
        ...ON_LOOPBACK,
        settleMs: SETTLE_MS,
        batchSize: 20,
        ...more,
      });

    beforeAll(async () => {
      servers = await startServers();
      closers.push(() => servers.stop());
      const bus = await EventBus.connect({ servers: servers.natsUrl, name: 'test' });
      closers.push(() => bus.close());
      const owner = await Owner.start(bus, instance, options.resources);
      const sandbox = await options.startSandbox();
      closers.push(() => sandbox.close());
      const store = await Store.connect({
        uri: servers.mongodbUri,
        database: databaseOf(instance),
        appName: 'test',
      });
      closers.push(() => store.close());
      const stores = await mongoStores(store, instance, systemClock);
      const base = { instance, sandbox: control(sandbox.url), sandboxUrl: sandbox.url, owner, bus, stores };
      world = { ...base, connector: undefined as never };
      const connector = await start();
      world = { ...base, connector };
      closers.push(() => world.connector.stop());
    });
    afterAll(async () => {
      for (const close of closers.reverse()) await close();
    });
    afterEach(async () => {
      await world.sandbox.clear();
      eventWithout(world.owner);
    });

    const lasting = async (): Promise<string> =>
      JSON.stringify([
        await world.stores.checkpoints.load(stream.name),
        await world.stores.quarantine.list({ limit: 500 }),
        [...world.owner.resources],
      ]);

    it('a dry run of the first load counts what would be made, and makes nothing', async () => {
      const before = await lasting();
      const run = await world.connector.runStream(stream.name, { dryRun: true });
      expect(run).toMatchObject({ state: 'succeeded', dryRun: true, counts: { rejected: 0 } });
      expect(run.counts.created).toBeGreaterThan(0);
      expect(await lasting()).toBe(before);
    });

    it('the first run of every stream publishes resources that the standard accepts', async () => {
      const runs = await world.connector.runAll();
      expect(runs.map(({ state, error, counts }) => [state, error, counts.rejected])).toEqual(
        runs.map(() => ['succeeded', undefined, 0]),
      );
      expect(world.owner.resources.size).toBeGreaterThan(0);
      expect([...world.owner.resources.values()].flatMap((resource) => options.validate(resource))).toEqual(
        [],
      );
    });

    it('the second run publishes nothing', async () => {
      const before = world.owner.batches.length;
      await world.connector.runAll();
      expect(world.owner.batches).toHaveLength(before);
    });

    it('a change is published, alone', async () => {
      const before = world.owner.batches.length;
      await options.change(world);
      await world.connector.runStream(stream.name);
      expect(world.owner.batches.slice(before).flatMap(({ records }) => records)).toHaveLength(1);
    });

    const { others = [] } = options;
    if (others.length > 0)
      it.each(others)('a change that %s reads is published by it, alone', async (name, changeOf) => {
        await world.connector.runStream(name);
        const before = world.owner.batches.length;
        await changeOf(world);
        expect(await world.connector.runStream(name)).toMatchObject({ state: 'succeeded' });
        const published = world.owner.batches.slice(before).flatMap(({ records }) => records);
        expect(published).toHaveLength(1);
        expect(published.flatMap(({ resource }) => options.validate(resource))).toEqual([]);
      });

    it.each([...(options.overHttp === false ? [] : READ_FAULTS), ...(options.readFaults ?? [])])(
      '%s while reading loses nothing',
      async (_name, fault) => {
        await options.change(world);
        const before = world.owner.batches.length;
        await world.sandbox.fault({ path: stream.path, ...fault });
        const run = await world.connector.runStream(stream.name);
        expect(run).toMatchObject({ state: 'succeeded', counts: { rejected: 0 } });
        expect(world.owner.batches.length).toBeGreaterThan(before);
        // One that waits for a second call is not shown when one was enough.
        if (fault['after'] === undefined) expect(await world.sandbox.played(fault.name)).toBe(true);
      },
    );

    const { fatalFaults = [] } = options;
    if (fatalFaults.length > 0)
      it.each(fatalFaults)(
        '%s fails the run with the reason and loses nothing',
        async (_name, fault, reason) => {
          await world.sandbox.fault({ path: stream.path, times: 'always', ...fault });
          const failed = await world.connector.runStream(stream.name, { mode: 'full' });
          expect(failed).toMatchObject({ state: 'failed', error: expect.stringContaining(reason) as string });
          await world.sandbox.clear();
          expect(await world.connector.runStream(stream.name, { mode: 'full' })).toMatchObject({
            state: 'succeeded',
            counts: { rejected: 0 },
          });
        },
      );

    it('guarantee 5: the checkpoint stays while the owner does not answer, and the next run loses nothing', async () => {
      await options.change(world);
      const before = await world.stores.checkpoints.load(stream.name);
      world.owner.answers = false;
      const count = world.owner.batches.length;
      const running = world.connector.runStream(stream.name);
      await eventually(() => (world.owner.batches.length > count ? true : undefined));
      const stopped = world.connector.stop();
      await Promise.allSettled([running, stopped]);
      expect(await world.stores.checkpoints.load(stream.name)).toEqual(before);
      world.owner.answers = true;
      world = { ...world, connector: await start() };
      const next = world.owner.batches.length;
      expect(await world.connector.runStream(stream.name)).toMatchObject({ state: 'succeeded' });
      expect(world.owner.batches.length).toBeGreaterThan(next);
    });

    it('guarantee 8: a refused record is quarantined with path and reason, passes, and is accepted by a replay', async () => {
      await options.change(world);
      world.owner.judge = () => [{ path: '/externalIdentifier/0/id', message: 'is not liked today' }];
      const run = await world.connector.runStream(stream.name);
      expect(run).toMatchObject({ state: 'succeeded', counts: { rejected: 1 } });
      const list = async (): Promise<readonly JsonObject[]> =>
        (await (
          await fetch(`${world.connector.url}/quarantine?stream=${stream.name}`)
        ).json()) as JsonObject[];
      expect(await list()).toMatchObject([
        {
          faults: [
            {
              path: '/externalIdentifier/0/id',
              message: 'is not liked today',
              of: 'resource',
              value: expect.anything() as unknown,
            },
          ],
        },
      ]);
      eventWithout(world.owner);
      const [entry] = await list();
      const address = `${world.connector.url}/quarantine/${stream.name}/${encodeURIComponent(String(entry?.['externalId']))}`;
      const replayed = await fetch(`${address}/replay?wait=true`, { method: 'POST' });
      expect(await replayed.json()).toMatchObject({ trigger: 'replay', counts: { rejected: 0, read: 1 } });
      expect(await list()).toEqual([]);
    });

    it('runs are listed with what started them, and one that runs can be seen', async () => {
      const asked = await fetch(`${world.connector.url}/streams/${stream.name}/run`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ mode: 'compare' }),
      });
      expect(asked.status).toBe(202);
      const { id } = (await asked.json()) as { id: string };
      const ended = await eventually(async () => {
        const run = (await (await fetch(`${world.connector.url}/runs/${id}`)).json()) as JsonObject;
        return run['state'] === 'succeeded' ? run : undefined;
      });
      expect(ended).toMatchObject({ trigger: 'manual', by: 'local', mode: 'compare' });
      const page = await fetch(`${world.connector.url}/runs?stream=${stream.name}&limit=2`);
      const first = (await page.json()) as JsonObject[];
      const next = /<([^>]+)>; rel="next"/.exec(page.headers.get('link') ?? '')?.[1] ?? '';
      const second = (await (await fetch(`${world.connector.url}${next}`)).json()) as JsonObject[];
      expect(first).toHaveLength(2);
      expect(second.some(({ _id }) => first.some((one) => one['_id'] === _id))).toBe(false);
    });

    it('a mapping of its own is seen in a preview, laid over what is published, and checked at the start', async () => {
      const preview = async (mapping: JsonObject): Promise<Response> =>
        fetch(`${world.connector.url}/streams/${stream.name}/preview`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ mapping }),
        });
      const seen = (await (await preview({ description: '"mine: " & $mapped.name' })).json()) as JsonObject[];
      expect(JSON.stringify(seen)).toContain('mine: ');
      expect((await preview({ description: '(' })).status).toBe(400);
      const broken = start({
        instance: `${instance}-x`,
        streams: [{ name: stream.name, mapping: { name: '$number("x")' } }],
      });
      await expect(broken).rejects.toThrow(`mapping of ${stream.name}, name:`);
    });

    it('wrong settings and missing secrets are named together, and no secret is in any record', async () => {
      const wrong = start({
        instance: `${instance}-y`,
        settings: { ...options.settings(world.sandboxUrl), surprise: 1 },
        secrets: {},
      });
      await expect(wrong).rejects.toThrow(/\/settings\/surprise [^]*\/secrets\/\w+ is missing/);
      const all = JSON.stringify(await world.stores.runs.list({ limit: 500 }));
      for (const secret of Object.values(secrets)) expect(all).not.toContain(secret);
    });

    if (action !== undefined) {
      describe('guarantee 4: an effect happens exactly once', () => {
        it.each([['no fault', undefined] as const, ...WRITE_FAULTS, ...(action.faults ?? [])])(
          'with %s',
          async (_name, fault) => {
            if (fault !== undefined)
              await world.sandbox.fault({ method: 'POST', path: action.path, ...fault });
            const key = await action.publish(world);
            await eventually(async () => ((await action.effects(world, key)) > 0 ? true : undefined));
            // Long enough for a request that was given up to arrive after all.
            await new Promise((resolve) => setTimeout(resolve, SETTLE_MS * 1.5));
            expect(await action.effects(world, key)).toBe(1);
            if (fault !== undefined) expect(await world.sandbox.played(fault.name)).toBe(true);
          },
        );
      });
    }
  });
};
