import { randomUUID } from 'node:crypto';
import { startConnector, type RunningConnector } from '@quotebridge/connectors/runtime';
import { salesforce } from '@quotebridge/connectors/salesforce';
import { stableId } from '@quotebridge/platform/core';
import { EventBus } from '@quotebridge/platform/events';
import { startSalesforceSandbox } from '@quotebridge/sandbox/salesforce';
import { ON_LOOPBACK } from './on-loopback';
import { orgLogin, OrgUser } from './org-user';
import { Owner } from './owner';
import { control } from './sandbox-control';
import { startServers, type Servers } from './servers';

const INSTANCE = `sf-${randomUUID().slice(0, 8)}`;
const ACCOUNTS = 510;
const ROWS = 100;

describe('loads from Salesforce by bulk jobs', () => {
  let servers: Servers;
  let bus: EventBus;
  let owner: Owner;
  let sandbox: Awaited<ReturnType<typeof startSalesforceSandbox>>;
  let org: ReturnType<typeof control>;
  let user: OrgUser;
  let connector: RunningConnector;

  const start = (): Promise<RunningConnector> =>
    startConnector({
      definition: salesforce,
      instance: INSTANCE,
      settings: {
        ...orgLogin(sandbox.url).settings,
        offeringSource: 's4hana',
        bulkRows: ROWS,
      },
      secrets: orgLogin(sandbox.url).secrets,
      mongodbUri: servers.mongodbUri,
      database: `connector_${INSTANCE.replace('-', '_')}`,
      natsUrl: servers.natsUrl,
      ...ON_LOOPBACK,
      batchSize: 20,
    });

  beforeAll(async () => {
    servers = await startServers();
    bus = await EventBus.connect({ servers: servers.natsUrl, name: 'test' });
    owner = await Owner.start(bus, INSTANCE, ['organization', 'individual']);
    sandbox = await startSalesforceSandbox({ port: 0, host: '127.0.0.1', afterSales: 1 });
    org = control(sandbox.url);
    user = await OrgUser.signIn(sandbox.url);
    connector = await start();
  });
  afterAll(async () => {
    await connector?.stop();
    await sandbox?.close();
    await bus?.close();
    await servers?.stop();
  });
  afterEach(async () => {
    await org.clear();
    owner.answers = true;
    owner.judge = () => [];
  });

  const urls = async (part: RegExp): Promise<string[]> =>
    (await org.requests())
      .map(({ method, url }) => `${method} ${url.slice(url.indexOf('/jobs'))}`)
      .filter((one) => part.test(one));

  it('a load that is cut off goes on with the same job behind the last page that was settled', async () => {
    await org.forget();
    // Two pages and a half are answered; then the owner is away.
    owner.judge = () => {
      if (owner.resources.size >= 2.5 * ROWS) owner.answers = false;
      return [];
    };
    const cut = connector.runStream('accounts');
    while (owner.answers) await new Promise((resolve) => setTimeout(resolve, 20));
    await Promise.all([connector.stop(), cut]);
    expect(await cut).toMatchObject({ state: 'interrupted' });
    expect(owner.resources.size).toBeLessThan(ACCOUNTS);
    owner.answers = true;
    owner.judge = () => [];
    connector = await start();
    const rest = await connector.runStream('accounts');
    expect(rest).toMatchObject({ state: 'succeeded', counts: { read: ACCOUNTS - 2 * ROWS, rejected: 0 } });
    expect(owner.resources.size).toBe(ACCOUNTS);
    expect(await urls(/^POST \/jobs/)).toHaveLength(1);
    // Read once from the beginning; the job is gone at the end.
    expect(await urls(/maxRecords=\d+$/)).toHaveLength(1);
    expect(await urls(/^DELETE \/jobs/)).toHaveLength(1);
  });

  it('a delta follows it: what has changed, and what was deleted', async () => {
    await org.forget();
    const [site] = await user.query('SELECT Id FROM Account WHERE Parent.ParentId != null LIMIT 1');
    const id = String(site?.['Id']);
    await user.change('Account', id, { Name: 'Renamed Works', BillingStreet: 'Gate 1\nYard "B", left' });
    const changed = await connector.runStream('accounts');
    expect(changed).toMatchObject({ state: 'succeeded', counts: { updated: 1, created: 0, rejected: 0 } });
    const key = stableId(INSTANCE, 'organization', id);
    expect(owner.resources.get(key)).toMatchObject({
      name: 'Renamed Works',
      contactMedium: expect.arrayContaining([
        expect.objectContaining({ contactType: 'billTo', street1: 'Gate 1', street2: 'Yard "B", left' }),
      ]) as unknown,
    });
    await user.remove('Account', id);
    expect(await connector.runStream('accounts')).toMatchObject({ counts: { deleted: 1 } });
    expect(owner.resources.has(key)).toBe(false);
    expect(await urls(/^POST \/jobs/)).toHaveLength(0);
  });

  it.each([
    ['a job that fails', { name: 'bulkJobFailed' }],
    ['a job that somebody aborts', { name: 'bulkJobAborted' }],
    ['a place in the result that is forgotten', { name: 'bulkLocatorLost', after: 2 }],
    ['a cut-off page', { name: 'truncateBody', path: '/results', after: 2 }],
    ['a web page instead of a result', { name: 'respondHtml', path: '/results' }],
    ['a token that expires between two pages', { name: 'expireToken', path: '/results', after: 1 }],
    ['throttling', { name: 'respond429', path: '/jobs', retryAfterSeconds: 1 }],
    ['a cut connection', { name: 'dropRequest', path: '/jobs/query/' }],
    ['a job whose answer is lost', { name: 'dropResponseAfterCommit', path: '/jobs/query', method: 'POST' }],
  ])('%s: the load is complete all the same', async (_name, fault) => {
    await org.forget();
    await org.fault(fault);
    const before = owner.batches.length;
    const run = await connector.runStream('accounts', { mode: 'compare' });
    expect([run.state, run.error]).toEqual(['succeeded', undefined]);
    expect(run.counts).toMatchObject({ created: 0, updated: 0, rejected: 0, deleted: 0 });
    expect(run.counts.read).toBeGreaterThanOrEqual(ACCOUNTS - 1);
    expect(owner.batches).toHaveLength(before);
    expect((await org.requests()).some(({ faults }) => faults.includes(fault.name))).toBe(true);
  });

  it('jobs that keep failing end the run with the reason; a spent budget pauses it, and it goes on with its job', async () => {
    await org.fault({ name: 'bulkJobFailed', times: 3 });
    expect(await connector.runStream('contacts')).toMatchObject({
      state: 'failed',
      error: expect.stringMatching(
        /Contact cannot be read by a bulk job: it ended Failed: InternalServerError/,
      ) as string,
    });
    await org.forget();
    await org.fault({ name: 'requestLimitExceeded', path: '/results', after: 3 });
    expect(await connector.runStream('contacts')).toMatchObject({
      state: 'paused',
      error: expect.stringContaining('LIMIT_EXCEEDED') as string,
    });
    const rest = await connector.runStream('contacts');
    expect(rest).toMatchObject({ state: 'succeeded', counts: { read: ACCOUNTS - 3 * ROWS, rejected: 0 } });
    expect(owner.ofType('Individual')).toHaveLength(ACCOUNTS);
    expect(await urls(/^POST \/jobs/)).toHaveLength(1);
  });
});
