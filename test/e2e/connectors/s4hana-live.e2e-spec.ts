import { startConnector, type RunningConnector } from '@quotebridge/connectors/runtime';
import { s4hana } from '@quotebridge/connectors/s4hana';
import type { JsonObject } from '@quotebridge/platform/core';
import { createLogger } from '@quotebridge/platform/telemetry';
import { S4_SANDBOX_CREDENTIALS, S4_SANDBOX_SALES_AREA, startS4Sandbox } from '@quotebridge/sandbox/s4hana';
import { startGatewaySuite, type GatewaySuite } from '../support/gateway-suite';
import { control } from './sandbox-control';

type Sandbox = Awaited<ReturnType<typeof startS4Sandbox>>;

const STREAMS = ['productSpecifications', 'productOfferingPrices', 'productOfferings'];

describe('look-ups that S/4HANA answers live', () => {
  let suite: GatewaySuite;
  let sandbox: Sandbox;
  let connector: RunningConnector;
  let s4: ReturnType<typeof control>;

  beforeAll(async () => {
    // What is tested is what is answered, not how fast this machine is.
    suite = await startGatewaySuite({ LOOKUP_FRESH: '0ms', LIVE_DEADLINE: '10s' });
    sandbox = await startS4Sandbox({ port: 0, host: '127.0.0.1', afterSales: 0.02 });
    s4 = control(sandbox.url);
    connector = await startConnector({
      definition: s4hana,
      instance: 's4hana',
      settings: {
        baseUrl: sandbox.url,
        auth: { kind: 'basic', user: S4_SANDBOX_CREDENTIALS.user },
        salesOrganization: S4_SANDBOX_SALES_AREA.SalesOrganization,
        distributionChannel: S4_SANDBOX_SALES_AREA.DistributionChannel,
        plant: '1710',
        liveSeconds: 1,
      },
      secrets: { password: S4_SANDBOX_CREDENTIALS.password },
      mongodbUri: suite.ordering.mongo.uri,
      database: suite.ordering.mongo.database('connector'),
      natsUrl: suite.ordering.nats.url,
      host: '127.0.0.1',
      port: 0,
      outbound: { allow: ['loopback'] },
      logger: createLogger({ service: 'test', level: 'silent' }),
    });
    for (const stream of STREAMS)
      expect(await connector.runStream(stream)).toMatchObject({
        state: 'succeeded',
        counts: { rejected: 0 },
      });
  });
  afterAll(async () => {
    await connector?.stop();
    await sandbox?.close();
    await suite?.stop();
  });
  afterEach(() => s4.clear());

  const get = async (path: string): Promise<JsonObject> =>
    (await suite.api().get(`/api/v2/${path}`).expect(200)).body as JsonObject;
  /** The system fails every call to these services. */
  const down = (path: string): Promise<unknown> =>
    s4.fault({ name: 'respond5xx', status: 503, times: 'always', path });

  it('a price is that of a simulated order, and no order is left', async () => {
    expect(await get('pricing/customer?customer=10100003&part=SP-1003&quantity=60')).toMatchObject({
      net: 23_760,
      list: 23_760,
      currency: 'EUR',
      units: 'PC',
      steps: [{ name: 'PPR0', rule: 'price', amount: 23_760, result: 23_760 }],
      source: 'erp',
      stale: false,
    });
    expect(await s4.table('A_SalesOrder')).toEqual([]);
  });

  it('a structure is exploded on the day, as deep as asked', async () => {
    const [machine] = await s4.table('Equipment');
    const serial = String(machine?.['SerialNumber']);
    const all = await get(`bom/${serial}?levels=5`);
    const levels = (all['lines'] as JsonObject[]).map(({ level }) => Number(level));
    expect(all).toMatchObject({ serial, isCut: false, source: 'erp', stale: false });
    expect(Math.max(...levels)).toBe(5);
    const top = await get(`bom/${serial}?levels=1`);
    expect((top['lines'] as JsonObject[]).every(({ level }) => level === 1)).toBe(true);
    expect(top).toMatchObject({ isCut: true });
  });

  it('what the system refuses or cannot tell is answered from master data, as old as they are', async () => {
    const before = new Date().toISOString();
    await down('API_SALES_ORDER_SIMULATION_SRV');
    const found = await get('pricing/customer?customer=10100001&part=SP-2001&quantity=5');
    expect(found).toMatchObject({ net: 1_825, source: 'masterData', stale: true });
    expect(String(found['fallbackReason'])).not.toBe('');
    expect(String(found['asOf']) < before).toBe(true);
  });
});
