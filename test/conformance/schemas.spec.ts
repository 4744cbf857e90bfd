import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { randomUUID } from 'node:crypto';
import { loadSpec, validatorFor, type Api, type ApiVersion } from '@quotebridge/tmf-specs';
import request from 'supertest';
import { eventually } from '../e2e/support/eventually';
import { startRunningSuite, type RunningSuite } from './support/running-suite';

/** One resource of an API and what a client of version 5 sends for it. */
interface SchemaCase {
  readonly api: Api;
  readonly v4Name: string;
  readonly v5Name: string;
  readonly v4Schema: string;
  readonly v5Schema: string;
  readonly body: (suite: RunningSuite) => object;
}

const baseOf = (api: Api, version: ApiVersion): string => loadSpec(api, version).servers[0]?.url ?? '';
const entity = { lifecycleStatus: 'In Study', lastUpdate: '2026-01-01T00:00:00Z' };
const same = (name: string, schema: string) => ({
  v4Name: name,
  v5Name: name,
  v4Schema: schema,
  v5Schema: schema,
});

const CASES: readonly SchemaCase[] = [
  {
    api: 'TMF620',
    v4Name: 'catalog',
    v5Name: 'productCatalog',
    v4Schema: 'Catalog',
    v5Schema: 'ProductCatalog',
    body: () => ({ '@type': 'ProductCatalog', name: 'Wholesale' }),
  },
  { api: 'TMF620', ...same('category', 'Category'), body: () => ({ '@type': 'Category', name: 'Pumps' }) },
  {
    api: 'TMF620',
    ...same('productSpecification', 'ProductSpecification'),
    body: () => ({ '@type': 'ProductSpecification', name: 'Piston pump', ...entity }),
  },
  {
    api: 'TMF620',
    ...same('productOffering', 'ProductOffering'),
    body: ({ specification }) => ({
      '@type': 'ProductOffering',
      name: 'Pump with hose',
      ...entity,
      productSpecification: { '@type': 'ProductSpecificationRef', id: specification },
    }),
  },
  {
    api: 'TMF620',
    ...same('productOfferingPrice', 'ProductOfferingPrice'),
    body: () => ({ '@type': 'ProductOfferingPrice', name: 'Rent', priceType: 'recurring', ...entity }),
  },
  {
    api: 'TMF622',
    ...same('productOrder', 'ProductOrder'),
    body: ({ offering }) => ({
      '@type': 'ProductOrder',
      productOrderItem: [
        {
          '@type': 'ProductOrderItem',
          id: '1',
          action: 'add',
          quantity: 1,
          productOffering: { '@type': 'ProductOfferingRef', id: offering },
        },
      ],
    }),
  },
  {
    api: 'TMF648',
    ...same('quote', 'Quote'),
    body: ({ offering }) => ({
      '@type': 'Quote',
      instantSyncQuote: false,
      quoteItem: [
        {
          '@type': 'QuoteItem',
          id: '1',
          action: 'add',
          quantity: 1,
          productOffering: { '@type': 'ProductOfferingRef', id: offering },
        },
      ],
    }),
  },
];

const VERSIONS = ['v4', 'v5'] as const;
const nameIn = (one: SchemaCase, version: ApiVersion): string => (version === 'v4' ? one.v4Name : one.v5Name);
const schemaIn = (one: SchemaCase, version: ApiVersion): string =>
  version === 'v4' ? one.v4Schema : one.v5Schema;

describe('every answer and event is what the API documents say', () => {
  let suite: RunningSuite;
  let listener: Server;
  let callback = '';
  const got: Record<string, unknown>[] = [];

  beforeAll(async () => {
    suite = await startRunningSuite();
    listener = createServer((message, answer) => {
      let text = '';
      message.on('data', (chunk: Buffer) => (text += chunk.toString()));
      message.on('end', () => {
        got.push(JSON.parse(text) as Record<string, unknown>);
        answer.writeHead(204).end();
      });
    });
    await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
    callback = `http://127.0.0.1:${(listener.address() as AddressInfo).port}`;
  });
  afterAll(async () => {
    await suite.close();
    await new Promise((resolve) => listener.close(resolve));
  });

  describe.each(CASES.map((one) => [`${one.api} ${one.v5Name}`, one] as const))('%s', (_title, one) => {
    const on = () => request(suite.url(one.api));
    const path = (version: ApiVersion): string => `${baseOf(one.api, version)}/${nameIn(one, version)}`;
    const faults = (version: ApiVersion, schema: string, value: unknown) =>
      validatorFor(one.api, version, schema)(value);

    it('POST, GET, list and PATCH, read in both versions', async () => {
      const made = await on().post(path('v5')).send(one.body(suite)).expect(201);
      expect(faults('v5', one.v5Schema, made.body)).toEqual([]);
      const id = made.body.id as string;
      const change = { '@type': one.v5Schema, description: 'changed' };
      const patched = await on()
        .patch(`${path('v5')}/${id}`)
        .send(change)
        .expect(200);
      expect(patched.body.description).toBe('changed');
      expect(faults('v5', one.v5Schema, patched.body)).toEqual([]);
      for (const version of VERSIONS) {
        const schema = schemaIn(one, version);
        const read = await on()
          .get(`${path(version)}/${id}`)
          .expect(200);
        expect(faults(version, schema, read.body)).toEqual([]);
        const list = await on().get(path(version)).expect(200);
        expect(list.body.length).toBeGreaterThan(0);
        expect((list.body as unknown[]).flatMap((element) => faults(version, schema, element))).toEqual([]);
      }
    });

    it.each(VERSIONS)('%s: errors', async (version) => {
      const unknown = await on()
        .get(`${path(version)}/${randomUUID()}`)
        .expect(404);
      const invalid = await on().post(path(version)).send([]).expect(400);
      for (const { body } of [unknown, invalid]) expect(faults(version, 'Error', body)).toEqual([]);
    });

    it.each(VERSIONS)('%s: subscriptions and their events', async (version) => {
      const mine = `${callback}/${randomUUID()}`;
      const hub = `${baseOf(one.api, version)}/hub`;
      const sent = { ...(version === 'v5' ? { '@type': 'Hub' } : {}), callback: mine, query: '' };
      const subscribed = await on().post(hub).send(sent).expect(201);
      expect(faults(version, version === 'v5' ? 'Hub' : 'EventSubscription', subscribed.body)).toEqual([]);
      const { body } = await on().post(path('v5')).send(one.body(suite)).expect(201);
      const type = `${schemaIn(one, version)}CreateEvent`;
      const event = await eventually('the create event', () =>
        got.find((each) => {
          const payload = each['event'] as Record<string, { id: string }> | undefined;
          return each['eventType'] === type && payload?.[nameIn(one, version)]?.id === body.id;
        }),
      );
      expect(faults(version, type, event)).toEqual([]);
      await on().delete(`${hub}/${subscribed.body.id}`).expect(204);
    });
  });
});
