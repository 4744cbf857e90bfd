import type { RunRecord } from '@quotebridge/connectors/sdk';
import { stableId, type JsonObject } from '@quotebridge/platform/core';
import { startS4Sandbox } from '@quotebridge/sandbox/s4hana';
import { startSalesforceSandbox } from '@quotebridge/sandbox/salesforce';
import { orgLogin, OrgUser } from '../e2e/connectors/org-user';
import { control } from '../e2e/connectors/sandbox-control';
import { sapLogin } from '../e2e/connectors/sap-user';
import { eventually, startProcess, type TestProcess } from '../e2e/support';
import { startOrderingSuite, type OrderingSuite } from '../e2e/support/ordering-suite';
import type { ConnectorOrder } from './connector-process';
import { startConnectorProcess, type ConnectorChild } from './start-connector-process';
import { pause, randomFrom, seedOf } from './support';

const CRM = 'crm-chaos';
const ERP = 'erp-chaos';
/** Each of the three processes between CRM and ERP is killed so often. */
const KILLS = Number(process.env['CHAOS_KILLS'] ?? 1);
const TIME_LIMIT = 240_000 + KILLS * 60_000;
/** Far more than it takes; machines that run tests are busy. */
const RECOVERED_WITHIN_MS = 120_000;

/** A connector that is started again after each kill. */
class Killable {
  private child: ConnectorChild | undefined;

  constructor(private readonly order: ConnectorOrder) {}

  async start(): Promise<void> {
    this.child = await startConnectorProcess(this.order);
  }

  async kill(): Promise<void> {
    await this.child?.child.end('SIGKILL');
  }

  async call(path: string, body?: JsonObject): Promise<unknown> {
    const init = {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    };
    const reply = await fetch(`${this.child?.url ?? ''}${path}`, body === undefined ? {} : init);
    return reply.json();
  }
}

describe('orders of the CRM while what carries them to the ERP is killed', () => {
  const random = randomFrom(seedOf('orders of the CRM while what carries them to the ERP is killed'));
  const closers: (() => Promise<unknown>)[] = [];
  let suite: OrderingSuite;
  let orders: TestProcess;
  let crm: Killable;
  let erp: Killable;
  let user: OrgUser;
  let org: ReturnType<typeof control>;
  let s4: ReturnType<typeof control>;

  beforeAll(async () => {
    suite = await startOrderingSuite({ ordersHere: false });
    closers.push(() => suite.stop());
    orders = await startProcess('product-order', { ...suite.orderEnv });
    closers.push(() => orders.kill());
    const erpSandbox = await startS4Sandbox({ port: 0, host: '127.0.0.1' });
    const crmSandbox = await startSalesforceSandbox({ port: 0, host: '127.0.0.1' });
    closers.push(
      () => erpSandbox.close(),
      () => crmSandbox.close(),
    );
    [s4, org] = [control(erpSandbox.url), control(crmSandbox.url)];
    user = await OrgUser.signIn(crmSandbox.url);
    const common = {
      mongodbUri: suite.mongo.uri,
      natsUrl: suite.nats.url,
      // Only what is asked for or named: a stream that nobody answers keeps others waiting.
      schedule: 'event',
      batchSize: 20,
    };
    erp = new Killable({
      ...common,
      type: 's4hana',
      instance: ERP,
      database: suite.mongo.database('erp-connector'),
      settings: { ...sapLogin(erpSandbox.url).settings, attemptSeconds: 5 },
      secrets: sapLogin(erpSandbox.url).secrets,
    });
    const login = orgLogin(crmSandbox.url);
    crm = new Killable({
      ...common,
      type: 'salesforce',
      instance: CRM,
      database: suite.mongo.database('crm-connector'),
      settings: {
        ...login.settings,
        offeringSource: ERP,
        orders: {
          idField: 'QuoteBridge_Order__c',
          fields: { state: 'ERP_Order_Status__c', number: 'ERP_Order_Number__c' },
          take: { from: '2020-01-01T00:00:00Z' },
        },
      },
      secrets: login.secrets,
      streams: [{ name: 'orders', schedule: 'every 1s' }],
    });
    for (const one of [erp, crm]) {
      await one.start();
      closers.push(() => one.kill());
    }
    for (const stream of ['productSpecifications', 'productOfferingPrices', 'productOfferings'])
      await eventually(`a whole run of ${stream}`, async () => {
        const record = (await erp.call(`/streams/${stream}/run`, { wait: true })) as RunRecord;
        // The store stood still for longer than the short lease.
        if (record.state === 'interrupted') return undefined;
        expect(record).toMatchObject({ state: 'succeeded' });
        return record;
      });
  }, TIME_LIMIT);
  afterAll(async () => {
    for (const close of closers.reverse()) await close();
  });

  it(
    'guarantee 4: each that is activated is one sales order with its amount, and its number comes back',
    async () => {
      const placed = new Map<string, number>();
      const place = async (): Promise<void> => {
        const quantity = 1 + placed.size;
        const id = await user.draftOrder('10100001', [['SP-1001', quantity, 10.5]]);
        await user.change('Order', id, { Status: 'Activated' });
        placed.set(id, quantity * 10.5);
      };
      const victims = [
        { kill: () => crm.kill(), start: () => crm.start() },
        { kill: () => erp.kill(), start: () => erp.start() },
        { kill: () => orders.kill(), start: () => orders.restart() },
      ];
      for (let round = 0; round < KILLS; round += 1)
        for (const victim of victims) {
          await place();
          await place();
          // From before the order is read until after it is in the ERP.
          await pause(random, 0, 1_500);
          await victim.kill();
          await place();
          await victim.start();
        }
      const made = async (): Promise<JsonObject[]> => {
        const ids = new Set([...placed.keys()].map((id) => stableId(CRM, 'productOrder', id)));
        return (await s4.table('A_SalesOrder')).filter((row) => ids.has(String(row['ExternalDocumentID'])));
      };
      await eventually(
        'every order of the CRM to have its number',
        async () => {
          const rows = (await org.table('Order')).filter((row) => placed.has(String(row['Id'])));
          return rows.every((row) => typeof row['ERP_Order_Number__c'] === 'string');
        },
        RECOVERED_WITHIN_MS,
      );
      const rows = (await org.table('Order')).filter((row) => placed.has(String(row['Id'])));
      const sold = await made();
      expect(sold).toHaveLength(placed.size);
      expect(
        rows.map((row) => {
          const document = stableId(CRM, 'productOrder', String(row['Id']));
          const one = sold.find((order) => order['ExternalDocumentID'] === document);
          return [one?.['SalesOrder'], Number(one?.['TotalNetAmount'])];
        }),
      ).toEqual(rows.map((row) => [row['ERP_Order_Number__c'], placed.get(String(row['Id']))]));
      expect(await crm.call('/quarantine')).toEqual([]);
    },
    TIME_LIMIT,
  );
});
