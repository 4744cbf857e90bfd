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
  readonly v5Name: string;
  readonly v5Schema: string;
  /** Name and class in version 4; none for a resource that it does not have. */
  readonly v4?: { readonly name: string; readonly schema: string };
  readonly body: (suite: RunningSuite) => object;
}

const baseOf = (api: Api, version: ApiVersion): string => loadSpec(api, version).servers[0]?.url ?? '';
const entity = { lifecycleStatus: 'In Study', lastUpdate: '2026-01-01T00:00:00Z' };
const newIn5 = (name: string, schema: string) => ({ v5Name: name, v5Schema: schema });
const same = (name: string, schema: string) => ({ ...newIn5(name, schema), v4: { name, schema } });
const party = { '@type': 'PartyRef', id: 'p1', '@referredType': 'Organization' };

const CASES: readonly SchemaCase[] = [
  {
    api: 'TMF620',
    ...newIn5('productCatalog', 'ProductCatalog'),
    v4: { name: 'catalog', schema: 'Catalog' },
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
  {
    api: 'TMF629',
    ...same('customer', 'Customer'),
    body: () => ({
      '@type': 'Customer',
      name: 'Weber',
      engagedParty: party,
      account: [{ '@type': 'AccountRef', id: 'a1', name: 'Main account' }],
      contactMedium: [{ '@type': 'EmailContactMedium', emailAddress: 'shop@weber.example' }],
      relatedParty: [{ '@type': 'RelatedPartyOrPartyRole', role: 'billTo', partyOrPartyRole: party }],
      characteristic: [{ '@type': 'StringCharacteristic', name: 'region', value: 'south' }],
    }),
  },
  {
    api: 'TMF632',
    ...same('individual', 'Individual'),
    body: () => ({
      '@type': 'Individual',
      givenName: 'Ada',
      familyName: 'Lind',
      externalReference: [
        { '@type': 'ExternalIdentifier', owner: 'crm', externalIdentifierType: 'contact', id: '3' },
      ],
    }),
  },
  {
    api: 'TMF632',
    ...same('organization', 'Organization'),
    body: () => ({
      '@type': 'Organization',
      name: 'Weber',
      organizationParentRelationship: {
        '@type': 'OrganizationParentRelationship',
        relationshipType: 'subsidiary',
        organization: { '@type': 'OrganizationRef', id: 'group' },
      },
    }),
  },
  {
    api: 'TMF637',
    ...same('product', 'Product'),
    body: () => ({
      '@type': 'Product',
      name: 'Press',
      productSerialNumber: '4711',
      productRelationship: [
        { '@type': 'ProductRelationship', relationshipType: 'contains', id: 'x', quantity: { amount: 2 } },
      ],
      productCharacteristic: [{ '@type': 'NumberCharacteristic', name: 'force', value: 400 }],
    }),
  },
  {
    api: 'TMF669',
    ...same('partyRole', 'PartyRole'),
    body: () => ({ '@type': 'PartyRole', name: 'Bearings Ltd', role: 'supplier', engagedParty: party }),
  },
  {
    api: 'TMF669',
    ...newIn5('partyRoleSpecification', 'PartyRoleSpecification'),
    body: () => ({ '@type': 'PartyRoleSpecification', name: 'Supplier' }),
  },
  {
    api: 'TMF699',
    ...same('salesLead', 'SalesLead'),
    body: () => ({
      '@type': 'SalesLead',
      name: 'Trade fair',
      revenueEstimate: [{ amount: { unit: 'EUR', value: 5 } }, { amount: { unit: 'EUR', value: 7 } }],
      productOffering: [],
    }),
  },
  {
    api: 'TMF699',
    ...newIn5('salesOpportunity', 'SalesOpportunity'),
    body: () => ({
      '@type': 'SalesOpportunity',
      name: 'Overhaul',
      salesOpportunityItem: [{ '@type': 'SalesOpportunityItem', id: '1' }],
    }),
  },
];

const versionsOf = ({ v4 }: SchemaCase): readonly ApiVersion[] => (v4 ? ['v4', 'v5'] : ['v5']);
const nameIn = ({ v4, v5Name }: SchemaCase, version: ApiVersion): string =>
  version === 'v4' ? (v4?.name ?? '') : v5Name;
const schemaIn = ({ v4, v5Schema }: SchemaCase, version: ApiVersion): string =>
  version === 'v4' ? (v4?.schema ?? '') : v5Schema;

describe('every answer and event is what the API documents say', () => {
  let suite: RunningSuite;
  let listener: Server;
  let callback = '';
  const got: { readonly path: string; readonly event: Record<string, unknown> }[] = [];

  beforeAll(async () => {
    suite = await startRunningSuite();
    listener = createServer((message, answer) => {
      let text = '';
      message.on('data', (chunk: Buffer) => (text += chunk.toString()));
      message.on('end', () => {
        got.push({ path: message.url ?? '', event: JSON.parse(text) as Record<string, unknown> });
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
      for (const version of versionsOf(one)) {
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

    it.each(versionsOf(one))('%s: errors', async (version) => {
      const unknown = await on()
        .get(`${path(version)}/${randomUUID()}`)
        .expect(404);
      const invalid = await on().post(path(version)).send([]).expect(400);
      for (const { body } of [unknown, invalid]) expect(faults(version, 'Error', body)).toEqual([]);
    });

    it.each(versionsOf(one))('%s: subscriptions and their events', async (version) => {
      const mine = `/${randomUUID()}`;
      const hub = `${baseOf(one.api, version)}/hub`;
      const sent = {
        ...(version === 'v5' ? { '@type': 'Hub' } : {}),
        callback: `${callback}${mine}`,
        query: '',
      };
      const subscribed = await on().post(hub).send(sent).expect(201);
      expect(faults(version, version === 'v5' ? 'Hub' : 'EventSubscription', subscribed.body)).toEqual([]);
      const { body } = await on().post(path('v5')).send(one.body(suite)).expect(201);
      const type = `${schemaIn(one, version)}CreateEvent`;
      const found = await eventually('the create event', () =>
        got.find(({ path: to, event }) => {
          const payload = event['event'] as Record<string, { id: string }> | undefined;
          return (
            to === mine && event['eventType'] === type && payload?.[nameIn(one, version)]?.id === body.id
          );
        }),
      );
      expect(faults(version, type, found.event)).toEqual([]);
      await on().delete(`${hub}/${subscribed.body.id}`).expect(204);
    });
  });
});
