import { createHmac, randomUUID } from 'node:crypto';
import { rest } from '@quotebridge/connectors/rest';
import { startConnector, type RunningConnector } from '@quotebridge/connectors/runtime';
import type { RunRecord } from '@quotebridge/connectors/sdk';
import { stableId, type Json, type JsonObject } from '@quotebridge/platform/core';
import { EventBus } from '@quotebridge/platform/events';
import { createLogger } from '@quotebridge/platform/telemetry';
import type { Sandbox } from '@quotebridge/sandbox/core';
import { REST_SANDBOX_CREDENTIALS, startRestSandbox } from '@quotebridge/sandbox/rest';
import { annotateTypes, validatorFor } from '@quotebridge/tmf-specs';
import { startMongo, startNats, type TestMongo, type TestNats } from '../support';
import { settingsOfGuide } from './guide-settings';
import { Owner } from './owner';
import { publishOrder } from './publish-order';
import { control, eventually } from './sandbox-control';

const WEBHOOK_SECRET = 'a secret of both sides';
const { clientSecret, refreshToken, apiKey, password, user } = REST_SANDBOX_CREDENTIALS;
const SECRETS = { clientSecret, refreshToken, apiKey, password, 'webhook-parts': WEBHOOK_SECRET };
const PAGING: Record<string, JsonObject> = {
  page: { kind: 'page', parameter: 'page' },
  offset: { kind: 'offset', parameter: 'offset' },
  cursor: { kind: 'cursor', parameter: 'cursor', path: 'meta.next' },
  link: { kind: 'nextLink', path: 'links.next' },
  header: { kind: 'linkHeader' },
};

describe('the REST connector on its sandbox, with the settings of the guide', () => {
  let mongo: TestMongo;
  let nats: TestNats;
  let bus: EventBus;
  let sandbox: Sandbox;
  let api: ReturnType<typeof control>;
  let owner: Owner;
  let connector: RunningConnector | undefined;
  let instance = '';

  const settings = (stream: JsonObject = {}, more: JsonObject = {}): JsonObject => {
    const guide = settingsOfGuide('rest.md', { 'http://127.0.0.1:8446': sandbox.url });
    const [first] = guide['streams'] as JsonObject[];
    return { ...guide, attemptSeconds: 1, ...more, streams: [{ ...first, ...stream }] };
  };
  const start = async (given: JsonObject = settings()): Promise<RunningConnector> => {
    connector = await startConnector({
      definition: rest,
      instance,
      settings: given,
      secrets: SECRETS,
      mongodbUri: mongo.uri,
      database: `connector_${instance}`,
      natsUrl: nats.url,
      host: '127.0.0.1',
      port: 0,
      outbound: { allow: ['loopback'] },
      logger: createLogger({ service: 'test', level: 'silent' }),
      settleMs: 1_000,
    });
    return connector;
  };
  const run = (): Promise<RunRecord> => {
    if (connector === undefined) throw new Error('not started');
    return connector.runStream('supplierParts');
  };
  const oneRun = async (stream?: JsonObject, more?: JsonObject): Promise<RunRecord> => {
    await start(settings(stream, more));
    return run();
  };
  const change = async (number: string, body: JsonObject): Promise<void> => {
    const reply = await fetch(`${sandbox.url}/api/parts/${number}`, {
      method: 'PATCH',
      headers: { 'x-api-key': apiKey },
      body: JSON.stringify(body),
    });
    if (!reply.ok) throw new Error(await reply.text());
  };
  /** Batches of parts; events that other tests left behind cause others. */
  const partBatches = () => owner.batches.filter(({ resource }) => resource === 'productSpecification');
  const idOf = (number: string): string => stableId(instance, 'productSpecification', number);

  beforeAll(async () => {
    [mongo, nats] = await Promise.all([startMongo(), startNats()]);
    bus = await EventBus.connect({ servers: nats.url, name: 'test' });
    sandbox = await startRestSandbox({ host: '127.0.0.1', port: 0, size: 0.2 });
    api = control(sandbox.url);
  });
  afterAll(async () => {
    await sandbox?.close();
    await bus?.close();
    await Promise.all([mongo?.stop(), nats?.stop()]);
  });
  beforeEach(async () => {
    instance = `rest-${randomUUID().slice(0, 8)}`;
    owner = await Owner.start(bus, instance, ['productSpecification', 'productOrder']);
    await api.post('/__sandbox/reset', {});
  });
  afterEach(async () => {
    await connector?.stop();
    connector = undefined;
    await owner.stop();
  });

  it('reads everything once and then only what has changed; what was deleted is retired', async () => {
    expect(await oneRun()).toMatchObject({
      state: 'succeeded',
      counts: { read: 400, created: 400, rejected: 0 },
    });
    const validate = validatorFor('TMF620', 'v5', 'ProductSpecification');
    const stored = [...owner.resources.values()].map((one) =>
      annotateTypes('TMF620', 'ProductSpecification', one),
    );
    expect(stored.flatMap(validate)).toEqual([]);
    await change('ET-100007', { texts: { en: 'New name' } });
    await change('ET-100008', { deleted: true });
    const before = partBatches().length;
    expect(await run()).toMatchObject({ state: 'succeeded', counts: { updated: 2 } });
    const records = partBatches()
      .slice(before)
      .flatMap((batch) => batch.records);
    expect(
      records.map(({ externalId, resource }) => [
        externalId,
        resource['name'] === 'New name',
        resource['lifecycleStatus'],
      ]),
    ).toEqual([
      ['ET-100007', true, expect.any(String)],
      ['ET-100008', false, 'Retired'],
    ]);
    const asked = (await api.requests()).filter(({ url }) => url.includes('updated_since'));
    expect(asked.length).toBeGreaterThan(0);
  });

  it.each(Object.keys(PAGING))('paging by %s gives every part once', async (style) => {
    const given = { path: `/api/${style}/parts`, query: { limit: '70' }, paging: PAGING[style] ?? {} };
    expect(await oneRun(given)).toMatchObject({ state: 'succeeded', counts: { read: 400, created: 400 } });
  });

  it.each<[string, JsonObject]>([
    ['basic', { kind: 'basic', user }],
    ['an API key in a header', { kind: 'apiKey', in: 'header', name: 'X-Api-Key' }],
    ['an API key in the query', { kind: 'apiKey', in: 'query', name: 'api_key' }],
    ['a refresh token that changes with every use', { kind: 'refreshToken', clientId: 'quotebridge' }],
  ])('signs in by %s', async (_name, auth) => {
    const full = {
      ...auth,
      ...(auth['kind'] === 'refreshToken' ? { tokenUrl: `${sandbox.url}/oauth/token` } : {}),
    };
    expect(await oneRun({}, { auth: full })).toMatchObject({ state: 'succeeded', counts: { read: 400 } });
    await api.fault({ name: 'expireToken' });
    expect(await run()).toMatchObject({ state: 'succeeded' });
    await connector?.stop();
    await start(settings({}, { auth: full }));
    expect(await run()).toMatchObject({ state: 'succeeded' });
  });

  it('a wrong secret fails the run and is not shown', async () => {
    const run = await oneRun({}, { auth: { kind: 'basic', user: 'nobody' } });
    expect(run.state).toBe('failed');
    expect(JSON.stringify(run)).not.toContain(password);
  });

  describe('faults', () => {
    it.each<[string, JsonObject]>([
      ['401 in the middle of a run', { name: 'expireToken', after: 2, path: '/parts' }],
      ['429 with Retry-After', { name: 'respond429', retryAfterSeconds: 1, path: '/parts', after: 1 }],
      ['429 without Retry-After', { name: 'respond429', path: '/parts', after: 1 }],
      ['500', { name: 'respond5xx', status: 500, path: '/parts', after: 1, times: 2 }],
      ['malformed JSON', { name: 'truncateBody', path: '/parts', after: 1 }],
      ['a web page', { name: 'respondHtml', path: '/parts', after: 1 }],
      ['a dropped connection', { name: 'dropRequest', path: '/parts', after: 2 }],
      ['a slow answer', { name: 'delay', ms: 1_500, path: '/parts', after: 1 }],
      ['a page that comes twice', { name: 'duplicatePage', path: '/parts', after: 2 }],
      ['a changed page size', { name: 'smallerPage', path: '/parts', after: 1 }],
    ])('%s is got over, and every part is read', async (_name, fault) => {
      await api.fault(fault);
      expect(await oneRun()).toMatchObject({ state: 'succeeded', counts: { created: 400, rejected: 0 } });
      expect((await api.requests()).some(({ faults }) => faults.includes(String(fault['name'])))).toBe(true);
    });

    it.each<[string, string, JsonObject, string]>([
      [
        'a next link to another host',
        'link',
        { name: 'foreignNextLink', times: 'always' },
        'the next link points to',
      ],
      [
        'the same page again and again',
        'page',
        { name: 'duplicatePage', times: 'always', after: 1 },
        'the same page twice',
      ],
      [
        'a changed page size between numbered pages',
        'page',
        { name: 'smallerPage', after: 1 },
        'changed the size',
      ],
    ])('%s fails the run with a reason', async (_name, style, fault, reason) => {
      await api.fault({ ...fault, path: '/parts' });
      const run = await oneRun({ path: `/api/${style}/parts`, paging: PAGING[style] ?? {} });
      expect(run).toMatchObject({ state: 'failed', error: expect.stringContaining(reason) as string });
      await api.clear();
      expect(await connector?.runStream('supplierParts')).toMatchObject({ state: 'succeeded' });
      expect(owner.resources.size).toBe(400);
    });

    it('a limit that is told in the body pauses the stream', async () => {
      await api.fault({ name: 'limitReached', path: '/parts' });
      expect(await oneRun()).toMatchObject({
        state: 'paused',
        error: expect.stringContaining('LIMIT') as string,
      });
    });
  });

  describe('orders at the supplier', () => {
    const order = (): JsonObject & { id: string } => ({
      '@type': 'ProductOrder',
      id: randomUUID(),
      state: 'acknowledged',
      productOrderItem: [
        {
          '@type': 'ProductOrderItem',
          id: '1',
          quantity: 3,
          product: { productSpecification: { id: idOf('ET-100001') } },
        },
      ],
    });
    it('an order is placed with its parts, and its number comes back', async () => {
      await oneRun();
      const placed = order();
      await publishOrder(bus, placed);
      const patched = await eventually(() => owner.resources.get(placed.id));
      const orders = (await api.table('Order')).filter((one) => one['reference'] === placed.id);
      expect(orders).toMatchObject([{ lines: [{ part: 'ET-100001', quantity: 3 }] }]);
      expect(patched).toMatchObject({
        externalId: [{ owner: 'supplier', id: orders[0]?.['number'] as string }],
      });
    });

    it('a refusal is told to the component', async () => {
      await start();
      const placed = order();
      await publishOrder(bus, placed);
      const patched = await eventually(() => owner.resources.get(placed.id));
      expect(JSON.stringify(patched['note'])).toContain('Refused by the supplier');
      expect(await api.table('Order')).toEqual([]);
    });
  });

  describe('signed messages', () => {
    const door = (): string => `${connector?.url ?? ''}/webhooks/parts`;
    const notify = async (more: JsonObject): Promise<{ status: number; body: JsonObject }[]> => {
      const body = { url: door(), secret: WEBHOOK_SECRET, numbers: ['ET-100001', 'ET-100002'], ...more };
      const { answers } = (await api.post('/__sandbox/notify', body)) as {
        answers: { status: number; body: string }[];
      };
      return answers.map(({ status, body: text }) => ({ status, body: JSON.parse(text) as JsonObject }));
    };

    it('a message with records is taken once, however often it comes', async () => {
      await start();
      const answers = await notify({ times: 3 });
      expect(answers).toMatchObject([
        { status: 200, body: { counts: { created: 2 } } },
        { status: 200, body: { duplicate: true } },
        { status: 200, body: { duplicate: true } },
      ]);
      expect(partBatches()).toHaveLength(1);
    });

    it.each<[string, JsonObject, string]>([
      ['a wrong signature', { spoil: 'signature' }, 'signature does not fit'],
      ['another secret', { secret: 'guessed' }, 'signature does not fit'],
      ['a body that was written again', { spoil: 'body' }, 'signature does not fit'],
      ['an old time', { spoil: 'timestamp' }, 'was sent more than 300 seconds ago'],
    ])('%s is a 401 with an error id, and nothing happens', async (_name, more, reason) => {
      await start();
      const [answer] = await notify(more);
      expect(answer).toMatchObject({ status: 401, body: { errorId: expect.any(String) as string } });
      expect(JSON.stringify(answer?.body)).toContain(reason);
      expect(JSON.stringify(answer?.body)).not.toContain(WEBHOOK_SECRET);
      expect(partBatches()).toEqual([]);
    });

    it('a replay under another id has no effect', async () => {
      await start();
      const body = JSON.stringify({
        data: { parts: [{ number: 'ET-1', texts: { en: 'One' }, status: 'A' }] },
      });
      const time = String(Math.floor(Date.now() / 1000));
      const signature = createHmac('sha256', WEBHOOK_SECRET).update(`${time}.${body}`).digest('hex');
      const send = (id: string): Promise<Json> =>
        fetch(door(), {
          method: 'POST',
          body,
          headers: { 'x-delivery-id': id, 'x-timestamp': time, 'x-signature': signature },
        }).then(async (reply) => (await reply.json()) as Json);
      expect(await send('first')).toMatchObject({ counts: { created: 1 } });
      expect(await send('second')).toEqual({ duplicate: true });
    });

    it('messages out of order leave the newest', async () => {
      await oneRun();
      const message = (at: string, text: string): string =>
        JSON.stringify({
          data: { parts: [{ number: 'ET-100001', texts: { en: text }, status: 'A', changedAt: at }] },
        });
      for (const [at, text] of [
        ['2030-01-02T00:00:00Z', 'newer'],
        ['2030-01-01T00:00:00Z', 'older'],
      ] as const) {
        const body = message(at, text);
        const time = String(Math.floor(Date.now() / 1000));
        const signature = createHmac('sha256', WEBHOOK_SECRET).update(`${time}.${body}`).digest('hex');
        await fetch(door(), {
          method: 'POST',
          body,
          headers: { 'x-delivery-id': text, 'x-timestamp': time, 'x-signature': signature },
        });
      }
      const sent = owner.batches
        .flatMap(({ records }) => records)
        .filter(({ externalId }) => externalId === 'ET-100001');
      expect(sent.map(({ modifiedAt }) => modifiedAt).slice(-2)).toEqual([
        '2030-01-02T00:00:00.000Z',
        '2030-01-01T00:00:00.000Z',
      ]);
    });

    it('a bad record goes to the quarantine, and the message counts', async () => {
      await start();
      const [answer] = await notify({ numbers: ['ET-100003'] });
      expect(answer?.status).toBe(200);
      owner.judge = () => [{ path: '/name', message: 'is not liked' }];
      const [second] = await notify({ numbers: ['ET-100004'] });
      expect(second).toMatchObject({ status: 200, body: { counts: { rejected: 1 } } });
    });

    it('without records a message begins a delta run', async () => {
      const more = { webhooks: [{ name: 'parts', stream: 'supplierParts' }] };
      await oneRun({}, more);
      await change('ET-100009', { texts: { en: 'Pushed' } });
      const [answer] = await notify({});
      expect(answer?.status).toBe(202);
      await eventually(() =>
        owner.resources.get(idOf('ET-100009'))?.['name'] === 'Pushed' ? true : undefined,
      );
    });

    it('there is no door of another name, and a large body is refused', async () => {
      await start();
      expect(
        (await fetch(`${connector?.url ?? ''}/webhooks/other`, { method: 'POST', body: '{}' })).status,
      ).toBe(404);
      expect((await fetch(door(), { method: 'POST', body: 'x'.repeat(1_100_000) })).status).toBe(413);
    });
  });
});
