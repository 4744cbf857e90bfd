import { randomUUID } from 'node:crypto';
import { startConnector, type RunningConnector } from '@quotebridge/connectors/runtime';
import { salesforce } from '@quotebridge/connectors/salesforce';
import { stableId, systemClock, type JsonObject } from '@quotebridge/platform/core';
import { EventBus, type Running } from '@quotebridge/platform/events';
import {
  API_KEY_COLLECTION,
  createApiKey,
  DEFAULT_ROLES,
  mongoApiKeyStore,
  type ApiKeyDocument,
} from '@quotebridge/platform/security';
import { startSalesforceSandbox } from '@quotebridge/sandbox/salesforce';
import request from 'supertest';
import { startOrderingSuite, type OrderingSuite } from '../support/ordering-suite';
import { ON_LOOPBACK } from './on-loopback';
import { orgLogin, OrgUser } from './org-user';
import { control, eventually } from './sandbox-control';

const INSTANCE = `crm-${randomUUID().slice(0, 8)}`;
const QUOTES = '/tmf-api/quoteManagement/v5/quote';

describe('what a quote earns', () => {
  const closers: (() => Promise<unknown>)[] = [];
  const keys = new Map<string, string>();
  const events: string[] = [];
  let suite: OrderingSuite;
  let connector: RunningConnector;
  let listening: Running;
  let org: ReturnType<typeof control>;
  let user: OrgUser;

  const makeKeys = async (database: string): Promise<void> => {
    const collection = (await suite.mongo.client()).db(database);
    const store = mongoApiKeyStore(collection.collection<ApiKeyDocument>(API_KEY_COLLECTION));
    for (const role of ['integrator', 'controlling']) {
      const made = await createApiKey(
        { name: role, role },
        { store, roles: DEFAULT_ROLES, clock: systemClock },
      );
      keys.set(role, made.key);
    }
  };
  /** A part on sale, with what it costs us when that is known. */
  const sell = async (code: string, value: number, cost?: number): Promise<void> => {
    const id = stableId('erp', 'productOffering', code);
    await suite.offer(code, value, ['Launched'], { id });
    if (cost === undefined) return;
    const catalog = request(suite.orderEnv['CATALOG_URL'] ?? '');
    const { body } = await catalog.get(`/productOffering/${id}`).expect(200);
    await catalog
      .patch(`/productSpecification/${body.productSpecification.id}`)
      .send({
        '@type': 'ProductSpecification',
        procurementCost: [{ '@type': 'ProcurementCost', price: { unit: 'EUR', value: cost } }],
      })
      .expect(200);
  };

  beforeAll(async () => {
    let access = '';
    suite = await startOrderingSuite({
      ordersHere: false,
      quoteEnv: (mongo) => {
        access = mongo.database('access');
        return { AUTH: 'on', ACCESS_DATABASE: access, QUOTE_MARGIN: 'true', DISCOUNT_THRESHOLDS: '' };
      },
    });
    closers.push(() => suite.stop());
    await makeKeys(access);
    await sell('SP-1001', 100, 60);
    await sell('SP-2001', 10, 4);
    await sell('SP-2101', 5);
    const bus = await EventBus.connect({ servers: suite.nats.url, name: 'test' });
    closers.push(() => bus.close());
    listening = await bus.consume(
      {
        durable: 'e2e-margin',
        stream: 'TMF_EVENTS',
        subjects: ['tmf.TMF648.quote.>'],
        concurrency: 1,
        maxAttempts: 1,
        backoffMs: [100],
        ackWaitMs: 5_000,
      },
      async (delivery) => void events.push(JSON.stringify(delivery.json())),
    );
    closers.push(() => listening.stop());
    const sandbox = await startSalesforceSandbox({ port: 0, host: '127.0.0.1' });
    closers.push(() => sandbox.close());
    org = control(sandbox.url);
    user = await OrgUser.signIn(sandbox.url);
    connector = await startConnector({
      definition: salesforce,
      instance: INSTANCE,
      settings: {
        ...orgLogin(sandbox.url).settings,
        offeringSource: 'erp',
        stages: ['Qualification'],
        fields: {
          quoteId: 'QuoteBridge_Quote_Id__c',
          quoteAmount: 'QuoteBridge_Quote_Amount__c',
          margin: 'QuoteBridge_Margin__c',
          marginPercent: 'QuoteBridge_Margin_Percent__c',
        },
        quoteUrl: suite.quotes.addresses['TMF648/v5'] ?? '',
      },
      secrets: {
        ...orgLogin(sandbox.url).secrets,
        quoteApiKey: keys.get('controlling') ?? '',
      },
      mongodbUri: suite.mongo.uri,
      database: suite.mongo.database('connector'),
      natsUrl: suite.nats.url,
      ...ON_LOOPBACK,
    });
    closers.push(() => connector.stop());
  }, 120_000);
  afterAll(async () => {
    for (const close of closers.reverse()) await close();
  });

  /** An opportunity of which the first line is given as well. */
  const opportunity = async (): Promise<readonly [id: string, line: string]> => {
    const id = await user.opportunity('Qualification');
    const line = await user.addLine(id, 'SP-1001', 2);
    await user.addLine(id, 'SP-2001', 10);
    return [id, line];
  };
  /** Amount, margin and its percentage as the opportunity shows them after a round. */
  const shows = async (id: string, ...figures: readonly (number | null)[]): Promise<void> => {
    expect(await connector.runStream('opportunities')).toMatchObject({ state: 'succeeded' });
    const names = ['QuoteBridge_Quote_Amount__c', 'QuoteBridge_Margin__c', 'QuoteBridge_Margin_Percent__c'];
    await eventually(async () => {
      const row = (await org.table('Opportunity')).find((one) => one['Id'] === id) ?? {};
      return names.every((name, index) => row[name] === figures[index]) ? true : undefined;
    });
  };
  const as = (role: 'integrator' | 'controlling') =>
    request.agent(suite.quotes.url).set('X-API-Key', keys.get(role) ?? '');

  it('stands on the opportunity beside its amount, and goes when a cost is not known', async () => {
    const [id, line] = await opportunity();
    await shows(id, 300, 140, 46.67);
    await user.change('OpportunityLineItem', line, { Quantity: 3 });
    await shows(id, 400, 180, 45);
    await user.addLine(id, 'SP-2101', 1);
    await shows(id, 405, null, null);
  });

  it('is seen and found by who has the scope that names it, by nobody else, and in no event', async () => {
    const [opportunityId] = await opportunity();
    await shows(opportunityId, 300, 140, 46.67);
    const id = stableId(INSTANCE, 'quote', opportunityId);
    const seen = await as('controlling').get(`${QUOTES}/${id}`).expect(200);
    expect(seen.body.margin).toMatchObject({
      margin: { unit: 'EUR', value: 140 },
      cost: { value: 160 },
      percentage: 46.67,
      quoteItem: [{ margin: { value: 80 } }, { margin: { value: 60 } }],
    });
    for (const path of [
      `${QUOTES}/${id}`,
      `${QUOTES.replace('v5', 'v4')}/${id}`,
      `${QUOTES}/${id}?fields=margin`,
    ]) {
      const { text } = await as('integrator').get(path).expect(200);
      expect(text).not.toMatch(/margin|"cost"/i);
    }
    await as('integrator')
      .get(`${QUOTES}?margin.percentage.gt=1`)
      .expect((answer) => expect([400, 501]).toContain(answer.status));
    await as('integrator')
      .patch(`${QUOTES}/${id}`)
      .send({ '@type': 'Quote', margin: seen.body.margin })
      .expect(403);
    // What somebody changes who cannot see it leaves it where it was.
    const note = { '@type': 'Quote', note: [{ '@type': 'Note', text: 'looked at' }] };
    await as('integrator').patch(`${QUOTES}/${id}`).send(note).expect(200);
    const kept = await as('controlling').get(`${QUOTES}/${id}`).expect(200);
    expect(kept.body).toMatchObject({
      note: [{ text: 'looked at' }],
      margin: seen.body.margin as JsonObject,
    });
    await eventually(
      () => events.some((text) => text.includes('looked at') && text.includes(id)) || undefined,
    );
    expect(events.filter((text) => /margin/i.test(text))).toEqual([]);
  });
});
