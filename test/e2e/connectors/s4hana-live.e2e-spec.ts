import { startConnector, type RunningConnector } from '@quotebridge/connectors/runtime';
import { s4hana } from '@quotebridge/connectors/s4hana';
import { stableId, type JsonObject } from '@quotebridge/platform/core';
import { startS4Sandbox } from '@quotebridge/sandbox/s4hana';
import { startGatewaySuite, type GatewaySuite } from '../support/gateway-suite';
import { ON_LOOPBACK } from './on-loopback';
import { control } from './sandbox-control';
import { itemPath, sapLogin, sapUser } from './sap-user';

type Sandbox = Awaited<ReturnType<typeof startS4Sandbox>>;

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
      settings: { ...sapLogin(sandbox.url).settings, plant: '1710', liveSeconds: 1 },
      secrets: sapLogin(sandbox.url).secrets,
      mongodbUri: suite.ordering.mongo.uri,
      database: suite.ordering.mongo.database('connector'),
      natsUrl: suite.ordering.nats.url,
      ...ON_LOOPBACK,
    });
    const runs = await connector.runAll();
    expect(runs.map(({ stream, state, error, counts }) => [stream, state, error, counts.rejected])).toEqual(
      runs.map(({ stream }) => [stream, 'succeeded', undefined, 0]),
    );
  }, 300_000);
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
    expect(await get(`compatibility?part=QP-100001&serial=${serial}`)).toMatchObject({
      availability: { plant: '1710' },
      source: 'erp',
    });
    const top = await get(`bom/${serial}?levels=1`);
    expect((top['lines'] as JsonObject[]).every(({ level }) => level === 1)).toBe(true);
    expect(top).toMatchObject({ isCut: true });
  });

  /** The structure as the system explodes it, and as the inventory tells it while the system is away. */
  const bothBoms = async (query: string): Promise<JsonObject[]> => {
    const live = await get(`bom/${query}`);
    await down('ExplodeBOM');
    const kept = await get(`bom/${query}`);
    await s4.clear();
    expect([live['source'], kept['source']]).toEqual(['erp', 'masterData']);
    return [live, kept];
  };
  const outline = ({ lines }: JsonObject): unknown =>
    (lines as JsonObject[]).map(({ level, id, parent, position, quantity, totalQuantity }) => [
      ...[level, id, parent, position],
      ...[quantity, totalQuantity],
    ]);

  it('the structure of a machine is the same from master data, on any day, also after a change of its model', async () => {
    const [machine] = await s4.table('Equipment');
    const serial = String(machine?.['SerialNumber']);
    for (const query of ['', '?levels=2', '?effective=2022-06-01T00:00:00Z', '?effective=asBuilt'].map(
      (rest) => `${serial}${rest}`,
    )) {
      const [live, kept] = await bothBoms(query);
      expect(outline(kept ?? {})).toEqual(outline(live ?? {}));
    }
    const items = await s4.table('MaterialBOMItem');
    const item =
      items.find((row) => row['Material'] === machine?.['Material'] && row['_usage'] === '1') ?? {};
    await sapUser(sandbox.url)('PATCH', itemPath(item), { BillOfMaterialItemQuantity: '9' });
    await connector.runAll();
    const [live, kept] = await bothBoms(serial);
    expect(outline(kept ?? {})).toEqual(outline(live ?? {}));
    expect(JSON.stringify(outline(kept ?? {}))).toContain('9,9]');
  });

  it('a machine belongs to a customer, who is shipped and billed to and stands below others of the group', async () => {
    const accounts = await s4.table('A_CustSalesPartnerFunc');
    const site = accounts.find(
      (row) => row['PartnerFunction'] === '1C' && row['BPCustomerNumber'] !== '20100001',
    );
    const number = String(site?.['Customer']);
    const named = (code: string): string =>
      stableId(
        's4hana',
        'customer',
        String(
          accounts.find((row) => row['Customer'] === number && row['PartnerFunction'] === code)?.[
            'BPCustomerNumber'
          ],
        ),
      );
    const customer = await get(`customers/${number}`);
    expect(customer).toMatchObject({ cust_id: number, status: 'active', email: `parts@${number}.example` });
    const { customers } = suite;
    const read = async (path: string): Promise<JsonObject> =>
      (await (await fetch(`${customers.url}${path}`)).json()) as JsonObject;
    const account = await read(`/views/customers/${String(customer['id'])}/account`);
    expect(account).toMatchObject({
      roles: {
        shipTo: [{ party: { id: named('WE') } }],
        billTo: [{ party: { id: named('RE') } }],
        payer: [{ party: { id: named('RG') } }],
      },
    });
    const above = await read(`/views/organizations/${String(customer['party_id'])}/hierarchy?direction=up`);
    expect(JSON.stringify(above)).toContain(stableId('s4hana', 'organization', '20100001'));
  });

  it('what a customer pays is the same from master data: own price, price list, discount schedule', async () => {
    const keys = await s4.table('A_SlsPrcgCndnRecdValidity');
    const own = keys.find((row) => row['Customer'] !== '' && row['Material'] === 'QP-100001') ?? {};
    const number = String(own['Customer']);
    const sap = sapUser(sandbox.url);
    for (const customer of ['20100006', number]) {
      const area = `Customer='${customer}',SalesOrganization='1710',DistributionChannel='10',Division='00'`;
      await sap('PATCH', `API_BUSINESS_PARTNER/A_CustomerSalesArea(${area})`, { PriceListType: '03' });
    }
    // A sales area changes without its business partner.
    expect(await connector.runStream('customers', { mode: 'full' })).toMatchObject({ state: 'succeeded' });
    const questions = [
      // Discounts count for a price of his own as well.
      ...[3, 60].map((many) => `customer=${number}&part=QP-100001&quantity=${many}`),
      'customer=20100007&part=QP-100002&quantity=3',
      'customer=20100007&part=QP-100002&quantity=3&priceList=01',
      ...[1, 10, 60, 500].map((many) => `customer=20100006&part=QP-100011&quantity=${many}`),
    ];
    const ask = async (): Promise<JsonObject[]> => {
      const answers: JsonObject[] = [];
      for (const question of questions) answers.push(await get(`pricing/customer?${question}`));
      return answers;
    };
    const live = await ask();
    await down('API_SALES_ORDER_SIMULATION_SRV');
    const kept = await ask();
    expect(live.map(({ source }) => source)).toEqual(live.map(() => 'erp'));
    expect(kept.map(({ source }) => source)).toEqual(kept.map(() => 'masterData'));
    expect(kept.map(({ net }) => net)).toEqual(live.map(({ net }) => net));
    expect(
      kept.map(({ discounts }) => (discounts as JsonObject[]).map(({ percentage }) => percentage)),
    ).toEqual([[], [7.5], [], [], [], [3], [7.5], [12]]);
  });

  it('a spare part fits the models whose list it stands in, and its chain is followed to what is sold today', async () => {
    const items = await s4.table('MaterialBOMItem');
    const modelOf = (part: string): string =>
      String(
        items.find((row) => row['BillOfMaterialComponent'] === part && row['_usage'] === '4')?.['Material'],
      );
    const fit = (part: string): Promise<JsonObject> =>
      get(`compatibility?part=${part}&model=${modelOf(part)}`);
    const chain = await fit('QP-100001');
    const alternatives = ({ supersession }: JsonObject): unknown =>
      ((supersession as JsonObject)['alternatives'] as JsonObject[][]).map((set) =>
        set.map(({ part }) => (part as JsonObject)['productNumber']),
      );
    expect(chain).toMatchObject({ fits: true, isAvailable: true });
    expect(alternatives(chain)).toEqual([['QP-100003']]);
    expect(alternatives(await fit('QP-100006'))).toEqual([['QP-100007', 'QP-100008']]);
    expect(await fit('QP-100016')).toMatchObject({ fits: true, isAvailable: false });
    expect(await get(`compatibility?part=SP-1001&model=${modelOf('QP-100001')}`)).toMatchObject({
      fits: false,
    });
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
