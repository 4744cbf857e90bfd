import { randomUUID } from 'node:crypto';
import { startConnector, type RunningConnector } from '@quotebridge/connectors/runtime';
import { s4hana } from '@quotebridge/connectors/s4hana';
import { salesforce } from '@quotebridge/connectors/salesforce';
import type { ConnectorDefinition, RunRecord } from '@quotebridge/connectors/sdk';
import { stableId, type JsonObject } from '@quotebridge/platform/core';
import { startS4Sandbox } from '@quotebridge/sandbox/s4hana';
import { startSalesforceSandbox } from '@quotebridge/sandbox/salesforce';
import { startOrderingSuite, type OrderingSuite } from '../support/ordering-suite';
import { ON_LOOPBACK } from './on-loopback';
import { orgLogin, OrgUser } from './org-user';
import { control } from './sandbox-control';
import { sapLogin, sapUser } from './sap-user';

const RUN = randomUUID().slice(0, 8);
const ORDERS = '/tmf-api/productOrderingManagement/v5/productOrder';
const CANCELLATIONS = '/tmf-api/productOrderingManagement/v5/cancelProductOrder';

/** The CRM, the ERP with its master data loaded, and the components between them. Registers the hooks of its suite. */
class CrmOrdersWorld {
  readonly crmInstance = `crm-${RUN}`;
  readonly erpInstance = `erp-${RUN}`;
  suite!: OrderingSuite;
  crm!: ReturnType<typeof control>;
  erp!: ReturnType<typeof control>;
  user!: OrgUser;
  private erpUrl = '';
  private salesforce!: RunningConnector;
  private s4hana!: RunningConnector;
  private readonly closers: (() => Promise<unknown>)[] = [];

  constructor(private readonly settings: { readonly crm: JsonObject; readonly erp: JsonObject }) {
    beforeAll(() => this.open(), 120_000);
    afterAll(async () => {
      for (const close of this.closers.reverse()) await close();
    });
    afterEach(async () => {
      await this.crm.clear();
      await this.erp.clear();
    });
  }

  /** One round of the orders that are made in the CRM, or of another stream of it. */
  async take(stream = 'orders'): Promise<RunRecord> {
    const run = await this.salesforce.runStream(stream);
    if (run.state !== 'succeeded') throw new Error(JSON.stringify(run));
    return run;
  }

  /** One round of a stream of either side. */
  async run(side: 'crm' | 'erp', stream: string): Promise<void> {
    const run = await (side === 'crm' ? this.salesforce : this.s4hana).runStream(stream);
    if (run.state !== 'succeeded' || run.counts.rejected > 0) throw new Error(JSON.stringify(run));
  }

  /** An order with products as somebody makes it in the CRM, still a draft; gives its id. */
  draft(lines: readonly [code: string, quantity: number, price: number][], more: JsonObject = {}) {
    return this.user.draftOrder('10100001', lines, more);
  }

  activate(id: string): Promise<void> {
    return this.user.change('Order', id, { Status: 'Activated' });
  }

  /** An order of the CRM as it is. */
  async orderAt(id: string): Promise<JsonObject> {
    return (await this.crm.table('Order')).find((row) => row['Id'] === id) ?? {};
  }

  /** Sales orders of the ERP for an order of the CRM, by the product order in between. */
  salesOrdersOf(id: string): Promise<JsonObject[]> {
    return this.salesOrdersFor(stableId(this.crmInstance, 'productOrder', id));
  }

  async salesOrdersFor(productOrder: string): Promise<JsonObject[]> {
    const all = await this.erp.table('A_SalesOrder');
    return all.filter((row) => row['ExternalDocumentID'] === productOrder);
  }

  /** Calls product ordering as a client. */
  async api(method: string, path = '', body?: JsonObject): Promise<JsonObject> {
    const reply = await fetch(`${this.suite.orders?.url ?? ''}${ORDERS}${path}`, {
      method,
      headers: { 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await reply.text();
    if (!reply.ok) throw new Error(`${method} ${path}: ${reply.status} ${text}`);
    return JSON.parse(text) as JsonObject;
  }

  productOrderOf(id: string): Promise<JsonObject> {
    return this.api('GET', `/${stableId(this.crmInstance, 'productOrder', id)}`);
  }

  /** Asks for the cancellation of a product order, as a client. */
  async cancel(productOrder: string): Promise<void> {
    const reply = await fetch(`${this.suite.orders?.url ?? ''}${CANCELLATIONS}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        '@type': 'CancelProductOrder',
        productOrder: { '@type': 'ProductOrderRef', id: productOrder },
      }),
    });
    if (!reply.ok) throw new Error(`${reply.status} ${await reply.text()}`);
  }

  /** What asks for the cancellation of the product order of an order of the CRM. */
  async cancellationsOf(id: string): Promise<JsonObject[]> {
    const order = stableId(this.crmInstance, 'productOrder', id);
    const reply = await fetch(`${this.suite.orders?.url ?? ''}${CANCELLATIONS}?productOrder.id=${order}`);
    return (await reply.json()) as JsonObject[];
  }

  /** What is in the quarantine of a stream of the CRM, by the id of the order. */
  async quarantined(id: string, stream = 'orders'): Promise<JsonObject | undefined> {
    const reply = await fetch(`${this.salesforce.url}/quarantine/${stream}/${id}`);
    return reply.ok ? ((await reply.json()) as JsonObject) : undefined;
  }

  /** Changes the ERP as somebody who works in it. */
  inErp(method: string, path: string, body: JsonObject): Promise<void> {
    return sapUser(this.erpUrl)(method, path, body);
  }

  private async open(): Promise<void> {
    this.suite = await startOrderingSuite();
    this.closers.push(() => this.suite.stop());
    const erp = await startS4Sandbox({ port: 0, host: '127.0.0.1' });
    const crm = await startSalesforceSandbox({ port: 0, host: '127.0.0.1' });
    this.closers.push(
      () => erp.close(),
      () => crm.close(),
    );
    [this.erp, this.crm] = [control(erp.url), control(crm.url)];
    this.erpUrl = erp.url;
    this.user = await OrgUser.signIn(crm.url);
    const login = sapLogin(erp.url);
    const erpSettings = { ...login.settings, ...this.settings.erp, attemptSeconds: 5 };
    this.s4hana = await this.start(s4hana, this.erpInstance, erpSettings, login.secrets);
    for (const stream of ['productSpecifications', 'productOfferingPrices', 'productOfferings']) {
      const { state, error } = await this.s4hana.runStream(stream);
      if (state !== 'succeeded') throw new Error(`${stream} ${state}: ${error ?? ''}`);
    }
    const org = orgLogin(crm.url);
    const crmSettings = { ...org.settings, offeringSource: this.erpInstance, ...this.settings.crm };
    this.salesforce = await this.start(salesforce, this.crmInstance, crmSettings, org.secrets);
  }

  private async start(
    definition: ConnectorDefinition,
    instance: string,
    settings: JsonObject,
    secrets: Record<string, string>,
  ): Promise<RunningConnector> {
    const connector = await startConnector({
      definition,
      instance,
      settings,
      secrets,
      mongodbUri: this.suite.mongo.uri,
      database: this.suite.mongo.database(instance),
      natsUrl: this.suite.nats.url,
      ...ON_LOOPBACK,
      settleMs: 1_000,
    });
    this.closers.push(() => connector.stop());
    return connector;
  }
}

/** The world of a suite; settings of the connectors beside those that every suite needs. */
export const crmOrdersWorld = (crm: JsonObject, erp: JsonObject = {}): CrmOrdersWorld =>
  new CrmOrdersWorld({ crm, erp });
