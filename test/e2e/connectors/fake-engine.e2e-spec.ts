import { randomUUID } from 'node:crypto';
import { fake } from '@quotebridge/connectors/fake';
import { startConnector, type RunningConnector } from '@quotebridge/connectors/runtime';
import { stableId, type JsonObject } from '@quotebridge/platform/core';
import { EventBus, questionSubject, TMF_EVENTS, type QuestionAnswer } from '@quotebridge/platform/events';
import { FAKE_CREDENTIALS, startFakeSandbox } from '@quotebridge/sandbox/fake';
import { ON_LOOPBACK } from './on-loopback';
import { Owner } from './owner';
import { control, eventually } from './sandbox-control';
import { startServers, type Servers } from './servers';

describe('the engine, seen with the fake connector', () => {
  const instance = `fake-${randomUUID().slice(0, 8)}`;
  let servers: Servers;
  let bus: EventBus;
  let owner: Owner;
  let sandbox: Awaited<ReturnType<typeof startFakeSandbox>>;
  let system: ReturnType<typeof control>;
  let connector: RunningConnector;

  const start = (
    more: Partial<Parameters<typeof startConnector>[0]> = {},
    settings: JsonObject = {},
  ): Promise<RunningConnector> =>
    startConnector({
      definition: fake,
      instance,
      settings: { baseUrl: sandbox.url, clientId: FAKE_CREDENTIALS.clientId, attemptSeconds: 2, ...settings },
      secrets: { clientSecret: FAKE_CREDENTIALS.clientSecret },
      mongodbUri: servers.mongodbUri,
      database: 'connector_fake_engine',
      natsUrl: servers.natsUrl,
      ...ON_LOOPBACK,
      ...more,
    });

  beforeAll(async () => {
    servers = await startServers();
    bus = await EventBus.connect({ servers: servers.natsUrl, name: 'test' });
    owner = await Owner.start(bus, instance, ['productSpecification', 'productOffering']);
    sandbox = await startFakeSandbox({ host: '127.0.0.1', port: 0 });
    system = control(sandbox.url);
    connector = await start();
    await connector.runAll();
  });
  afterAll(async () => {
    await connector?.stop();
    await owner?.stop();
    await sandbox?.close();
    await bus?.close();
    await servers?.stop();
  });
  afterEach(() => system.clear());

  const change = (table: string, id: string, fields: JsonObject): Promise<unknown> =>
    system.post('/__sandbox/change', { table, id, ...fields });
  const has = (resource: string, id: string): boolean =>
    owner.resources.has(stableId(instance, resource, id));

  it('a tombstone deletes the resource', async () => {
    await change('parts', 'SP-1002', { deleted: true });
    expect(await connector.runStream('parts')).toMatchObject({ counts: { deleted: 1 } });
    expect(has('productSpecification', 'SP-1002')).toBe(false);
  });

  it('an expired delta token leads to a complete read, which deletes what is gone', async () => {
    await change('offers', 'SP-1003', { gone: true });
    expect(await connector.runStream('offers')).toMatchObject({ mode: 'delta', counts: { deleted: 0 } });
    await system.fault({ name: 'expireDelta' });
    expect(await connector.runStream('offers')).toMatchObject({
      state: 'succeeded',
      mode: 'compare',
      comparedBecause: 'the system no longer knows the delta token',
      counts: { deleted: 1 },
    });
    expect(has('productOffering', 'SP-1003')).toBe(false);
  });

  it('records and runs are found by identifiers of any usual length', async () => {
    const long = 'x'.repeat(1_500);
    for (const [path, code] of [
      [`quarantine/parts/${long}`, 'unknownEntry'],
      [`runs/${long}`, 'unknownRun'],
    ] as const) {
      const reply = await fetch(`${connector.url}/${path}`);
      expect([reply.status, ((await reply.json()) as JsonObject)['code']]).toEqual([404, code]);
    }
  });

  it('a run is asked for with or without a body, also by clients that always name its type', async () => {
    const ask = { method: 'POST', headers: { 'content-type': 'application/json' } };
    for (const body of [{}, { body: '{"mode":"full"}' }]) {
      const asked = await fetch(`${connector.url}/streams/parts/run`, { ...ask, ...body });
      expect(asked.status).toBe(202);
      const address = `${connector.url}${asked.headers.get('location') ?? ''}`;
      await eventually(async () => {
        const run = (await (await fetch(address)).json()) as JsonObject;
        return run['state'] === 'succeeded' ? run : undefined;
      });
    }
  });

  it('a run that is asked for behind one that takes long is found at its address at once, and runs in its turn', async () => {
    const ask = (stream: string): Promise<Response> =>
      fetch(`${connector.url}/streams/${stream}/run`, { method: 'POST' });
    const found = async (address: string | null): Promise<JsonObject> =>
      (await (await fetch(`${connector.url}${address ?? ''}`)).json()) as JsonObject;
    await change('parts', 'SP-1001', { name: 'Slowly changed' });
    owner.answers = false;
    const before = owner.batches.length;
    const slow = await ask('parts');
    await eventually(() => (owner.batches.length > before ? true : undefined));
    const next = await ask('offers');
    expect([slow.status, next.status]).toEqual([202, 202]);
    const [first, second] = [slow.headers.get('location'), next.headers.get('location')];
    expect(await found(first)).toMatchObject({ state: 'running' });
    expect(await found(second)).toMatchObject({
      state: 'queued',
      stream: 'offers',
      trigger: 'manual',
      by: 'local',
    });
    // What is not a run yet is not taken for the last one.
    const { streams } = (await found('/status')) as unknown as { streams: JsonObject[] };
    expect(streams).toMatchObject([{ state: 'running' }, { name: 'offers', state: 'succeeded' }]);
    // The batch that nobody answered is lost with its process; another goes on.
    await connector.stop();
    owner.answers = true;
    connector = await start();
    expect([(await found(first))['state'], (await found(second))['state']]).toEqual([
      'interrupted',
      'interrupted',
    ]);
    expect(await connector.runStream('parts')).toMatchObject({ state: 'succeeded', counts: { updated: 1 } });
  });

  it('a stream that cannot be read is said to fail until it can, whatever dry runs and later tries do meanwhile', async () => {
    const parts = async (): Promise<JsonObject> => {
      const report = (await (await fetch(`${connector.url}/status`)).json()) as { streams: JsonObject[] };
      return report.streams.find(({ name }) => name === 'parts') ?? {};
    };
    const before = (await parts())['lastSuccessAt'];
    await system.fault({ name: 'respond5xx', path: '/parts', times: 'always' });
    const failed = await connector.runStream('parts');
    expect(failed).toMatchObject({ state: 'failed' });
    await system.clear();
    const asItFailed = { outcome: 'failed', error: failed.error, lastSuccessAt: before };
    expect(await connector.runStream('parts', { dryRun: true })).toMatchObject({ state: 'succeeded' });
    expect(await parts()).toMatchObject({ state: 'failed', ...asItFailed });
    owner.answers = false;
    const asked = owner.batches.length;
    const again = connector.runStream('parts', { mode: 'full' });
    await eventually(() => (owner.batches.length > asked ? true : undefined));
    expect(await parts()).toMatchObject({ state: 'running', ...asItFailed });
    await connector.stop();
    expect(await again).toMatchObject({ state: 'interrupted' });
    owner.answers = true;
    connector = await start();
    expect(await parts()).toMatchObject({ state: 'interrupted', ...asItFailed });
    expect(await connector.runStream('parts')).toMatchObject({ state: 'succeeded' });
    expect(await parts()).toMatchObject({ state: 'succeeded', outcome: 'succeeded' });
    expect((await parts())['error']).toBeUndefined();
  });

  it('a paused connector takes nothing from its quarantine by itself, though its mapping is another one', async () => {
    const streams = [{ name: 'parts', mapping: { description: '"changed while it was paused"' } }];
    const replays = async (): Promise<number> => {
      const runs = (await (await fetch(`${connector.url}/runs?stream=parts`)).json()) as JsonObject[];
      return runs.filter(({ trigger, by }) => trigger === 'replay' && by === 'new mapping').length;
    };
    await connector.stop();
    connector = await start({ paused: true, streams });
    // Behind everything that was asked for before.
    await connector.runStream('parts');
    expect(await replays()).toBe(0);
    await connector.stop();
    connector = await start({ streams });
    await eventually(async () => ((await replays()) === 1 ? true : undefined));
    await connector.stop();
    connector = await start();
  });

  describe('live questions', () => {
    const ask = async (question: JsonObject): Promise<QuestionAnswer> =>
      (await bus.request(questionSubject(instance, 'stock'), question, {
        timeoutMs: 20_000,
      })) as QuestionAnswer;

    it('are answered with the time of the answer', async () => {
      expect(await ask({ part: 'SP-1001' })).toMatchObject({
        ok: true,
        value: { part: 'SP-1001', quantity: 7 },
        asOf: expect.stringMatching(/^\d{4}-/) as string,
      });
    });

    it.each([
      ['an unknown part is refused', { part: 'nothing' }, undefined, 'refused'],
      ['a question without a part is refused', {}, undefined, 'refused'],
      [
        'no answer within the deadline is late',
        { part: 'SP-1001', deadlineMs: 300 },
        { name: 'delay', ms: 1_500 },
        'late',
      ],
      [
        'a system that is away makes it unavailable or late',
        { part: 'SP-1001' },
        { name: 'respond5xx', times: 'always' },
        'unavailable|late',
      ],
    ])('%s', async (_name, question, fault, kind) => {
      if (fault !== undefined) await system.fault({ ...fault, path: '/stock' });
      const answer = await ask(question);
      expect(answer).toMatchObject({ ok: false, kind: expect.stringMatching(kind) as string });
    });
  });

  it('a spent day of calls pauses the run until midnight UTC, in the record and the metrics', async () => {
    const itsOwner = await Owner.start(bus, `${instance}-b`, ['productSpecification']);
    const small = await start(
      { instance: `${instance}-b`, database: 'connector_fake_budget' },
      { perDay: 2 },
    );
    try {
      const run = await small.runStream('parts');
      expect(run).toMatchObject({
        state: 'paused',
        error: expect.stringContaining('daily budget') as string,
      });
      expect(run.resumesAt).toMatch(/T00:00:0\d/);
      const metrics = await (await fetch(`${small.url}/metrics`)).text();
      expect(metrics).toMatch(/quotebridge_connector_budget_calls\{kind="used"[^}]*\} 2/);
      expect(metrics).toMatch(/quotebridge_connector_runs_total\{[^}]*state="paused"[^}]*\} 1/);
    } finally {
      await small.stop();
      await itsOwner.stop();
    }
  });

  it('streams run by their schedule and the status tells when next', async () => {
    await connector.stop();
    connector = await start({ schedule: { schedule: 'every 1s', timeZone: 'UTC' } });
    await change('parts', 'SP-1004', { name: 'Changed overnight' });
    await eventually(() =>
      owner.resources.get(stableId(instance, 'productSpecification', 'SP-1004'))?.['name'] ===
      'Changed overnight'
        ? true
        : undefined,
    );
    const status = await eventually(async () => {
      const report = (await (await fetch(`${connector.url}/status`)).json()) as JsonObject;
      return report['connected'] === undefined ? undefined : report;
    });
    expect(status).toMatchObject({
      state: 'running',
      connected: { ok: true },
      streams: [
        { name: 'parts', state: expect.any(String) as string, nextRunAt: expect.any(String) as string },
        { name: 'offers' },
      ],
    });
  });

  it('as many effects of events are in work together as the settings say, and metrics tell how many wait', async () => {
    const wide = await start({ instance: `${instance}-wide`, processMetrics: true }, { callsAtOnce: 32 });
    const consumers = ['', '-wide'].map((end) => `connector-${instance}${end}-createOrder`);
    const together = await Promise.all(
      consumers.map(async (durable) => (await bus.streams.consumers.info(TMF_EVENTS, durable)).config),
    );
    const metrics = await (await fetch(`${wide.url}/metrics`)).text();
    await wide.stop();
    // How many there are in the stream is not ours alone; that they are told of is.
    expect(metrics).toMatch(
      new RegExp(`^quotebridge_consumer_lag_messages\\{consumer="${consumers.at(1)}",[^}]*\\} \\d+$`, 'm'),
    );
    expect(metrics).toMatch(/^quotebridge_connector_stream_failing\{stream="parts",[^}]*\} 0$/m);
    expect(metrics).toMatch(/^process_start_time_seconds\{/m);
    expect(together.map(({ max_ack_pending }) => max_ack_pending)).toEqual([8, 32]);
  });
});
