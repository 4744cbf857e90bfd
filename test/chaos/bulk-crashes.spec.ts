import type { RunRecord } from '@quotebridge/connectors/sdk';
import { EventBus } from '@quotebridge/platform/events';
import { startSalesforceSandbox } from '@quotebridge/sandbox/salesforce';
import { orgLogin } from '../e2e/connectors/org-user';
import { Owner } from '../e2e/connectors/owner';
import { control } from '../e2e/connectors/sandbox-control';
import { eventually, startOwnMongo, startOwnNats, type OwnMongo, type OwnNats } from '../e2e/support';
import { startConnectorProcess, type ConnectorChild } from './start-connector-process';
import { randomFrom, seedOf } from './support';

const INSTANCE = 'sf-chaos';
const ACCOUNTS = 510;
const ROWS = 100;
const KILLS = Number(process.env['CHAOS_KILLS'] ?? 2);
const TIME_LIMIT = 180_000;
/** Where a run may not end because the store stands still for a while. */
const LONG_LEASE_MS = 20_000;

describe('a load by bulk jobs that is killed', () => {
  const random = randomFrom(seedOf('a load by bulk jobs that is killed'));
  let mongod: OwnMongo;
  let nats: OwnNats;
  let bus: EventBus;
  let owner: Owner;
  let sandbox: Awaited<ReturnType<typeof startSalesforceSandbox>>;
  let org: ReturnType<typeof control>;
  let connector: ConnectorChild | undefined;

  beforeAll(async () => {
    [mongod, nats] = await Promise.all([startOwnMongo(), startOwnNats()]);
    bus = await EventBus.connect({ servers: nats.url, name: 'test' });
    owner = await Owner.start(bus, INSTANCE, ['organization', 'individual']);
    sandbox = await startSalesforceSandbox({ port: 0, host: '127.0.0.1', afterSales: 1 });
    org = control(sandbox.url);
  }, TIME_LIMIT);
  afterAll(async () => {
    await connector?.child.end('SIGKILL');
    await owner?.stop();
    await bus?.close();
    await sandbox?.close();
    await Promise.all([mongod?.stop(), nats?.stop()]);
  });

  const start = async (leaseMs?: number): Promise<void> => {
    connector = await startConnectorProcess({
      type: 'salesforce',
      instance: INSTANCE,
      settings: {
        ...orgLogin(sandbox.url).settings,
        offeringSource: 's4hana',
        bulkRows: ROWS,
      },
      secrets: orgLogin(sandbox.url).secrets,
      mongodbUri: mongod.uri,
      database: 'connector-chaos',
      natsUrl: nats.url,
      // Only when it is told: a stream that never ran would be loaded at once, and keep others waiting.
      schedule: 'event',
      batchSize: 20,
      ...(leaseMs === undefined ? {} : { leaseMs }),
    });
  };
  const kill = async (): Promise<void> => connector?.child.end('SIGKILL').then(() => undefined);
  const run = async (stream: string, wait: boolean): Promise<RunRecord & { readonly id: string }> => {
    const reply = await fetch(`${connector?.url ?? ''}/streams/${stream}/run`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ wait }),
    });
    return (await reply.json()) as RunRecord & { readonly id: string };
  };
  /** Runs it to its end; skipped until the lease of the killed process has run out, interrupted when one's own does. */
  const whole = (stream: string): Promise<RunRecord> =>
    eventually(
      `a run of ${stream}`,
      async () => {
        const record = await run(stream, true);
        return record.state === 'skipped' || record.state === 'interrupted' ? undefined : record;
      },
      90_000,
    );
  const jobs = async (): Promise<number> =>
    (await org.requests()).filter(({ method, url }) => method === 'POST' && url.endsWith('/jobs/query'))
      .length;

  it(
    'guarantee 5: goes on with its job behind the last page that was settled',
    async () => {
      await start(LONG_LEASE_MS);
      // Two pages and a half are answered, then nothing: it stands in the middle of the third.
      owner.judge = () => {
        if (owner.resources.size >= 2.5 * ROWS) owner.answers = false;
        return [];
      };
      const left = [await run('accounts', false)];
      await eventually('two pages and a half', () => !owner.answers, 60_000);
      left.push(await run('contacts', false));
      await kill();
      owner.judge = () => [];
      owner.answers = true;
      await start(LONG_LEASE_MS);
      expect(await whole('accounts')).toMatchObject({
        state: 'succeeded',
        counts: { read: ACCOUNTS - 2 * ROWS, rejected: 0 },
      });
      expect(owner.ofType('Organization')).toHaveLength(ACCOUNTS);
      expect(await jobs()).toBe(1);
      // The second was waiting for the first.
      for (const { id } of left)
        await eventually(
          'what was left behind to be interrupted',
          async () => {
            const reply = await fetch(`${connector?.url ?? ''}/runs/${id}`);
            return ((await reply.json()) as RunRecord).state === 'interrupted';
          },
          60_000,
        );
    },
    TIME_LIMIT,
  );

  it(
    'guarantee 5: comes to its end without loss wherever that happens',
    async () => {
      await org.forget();
      await org.fault({ name: 'delay', ms: 60, times: 'always', path: '/jobs' });
      // One whose lease lapses soon when it is killed.
      await kill();
      await start();
      for (let round = 0; round < KILLS; round += 1) {
        await run('contacts', false);
        await new Promise((resolve) => setTimeout(resolve, random() * 1_200));
        await kill();
        await start();
      }
      expect(await whole('contacts')).toMatchObject({ state: 'succeeded', counts: { rejected: 0 } });
      expect(owner.ofType('Individual')).toHaveLength(ACCOUNTS);
      // One that was made just before a kill may not have been noted.
      expect(await jobs()).toBeLessThanOrEqual(1 + KILLS);
    },
    TIME_LIMIT,
  );
});
