import { salesComponent, salesSettings } from '@quotebridge/components/sales';
import { stableId } from '@quotebridge/platform/core';
import type { IngestRecord } from '@quotebridge/platform/events';
import request from 'supertest';
import { startComponentSuite, type ComponentSuite } from './support/component-suite';

const LEAD = { v4: '/tmf-api/sales/v4/salesLead', v5: '/tmf-api/salesManagement/v5/salesLead' };
const OPPORTUNITY = '/tmf-api/salesManagement/v5/salesOpportunity';

describe('leads and opportunities', () => {
  let suite: ComponentSuite;
  const api = () => request(suite.component.url);

  beforeAll(async () => {
    suite = await startComponentSuite(salesComponent, salesSettings);
  });
  afterAll(() => suite.close());

  it('a lead is one thing in v4 and a list of things in v5, and nothing gets lost on the way', async () => {
    const made = await api()
      .post(LEAD.v4)
      .send({
        name: 'Trade fair',
        type: 'newBusiness',
        priority: 'high',
        estimatedRevenue: { unit: 'EUR', value: 5000 },
        productOffering: { id: 'press', name: 'Press' },
        prospectContact: [{ mediumType: 'phone', characteristic: { phoneNumber: '123' } }],
      })
      .expect(201);
    const { id } = made.body as { id: string };
    expect(made.body).toMatchObject({ status: 'acknowledged', creationDate: expect.any(String) });
    const v5 = await api().get(`${LEAD.v5}/${id}`).expect(200);
    expect(v5.body).toMatchObject({
      salesLeadType: 'newBusiness',
      revenueEstimate: [{ amount: { unit: 'EUR', value: 5000 } }],
      productOffering: [{ '@type': 'ProductOfferingRef', id: 'press' }],
      prospectContactMedium: [{ '@type': 'PhoneContactMedium', phoneNumber: '123' }],
    });
    await api()
      .patch(`${LEAD.v5}/${id}`)
      .send({
        '@type': 'SalesLead',
        productOffering: [
          { '@type': 'ProductOfferingRef', id: 'press' },
          { '@type': 'ProductOfferingRef', id: 'saw' },
        ],
      })
      .expect(200);
    const shown = await api().get(`${LEAD.v4}/${id}`).expect(200);
    expect(shown.body).toMatchObject({ productOffering: { id: 'press' }, estimatedRevenue: { value: 5000 } });
    await api().patch(`${LEAD.v4}/${id}`).send({ description: 'called' }).expect(200);
    const after = await api().get(`${LEAD.v5}/${id}`).expect(200);
    expect(after.body.productOffering.map((one: { id: string }) => one.id)).toEqual(['press', 'saw']);
    const found = await api().get(`${LEAD.v4}?productOffering.id=press&estimatedRevenue.value.gt=100`);
    expect(found.body.map((one: { id: string }) => one.id)).toEqual([id]);
    await api().post(LEAD.v4).send({ name: 'x', status: 'accepted' }).expect(400);
  });

  it('opportunities are part of v5 only', async () => {
    await api().get('/tmf-api/sales/v4/salesOpportunity').expect(404);
    const lead = await api().post(LEAD.v5).send({ '@type': 'SalesLead', name: 'Lead' }).expect(201);
    const body = {
      '@type': 'SalesOpportunity',
      name: 'Overhaul',
      salesLead: [{ '@type': 'SalesLeadRef', id: lead.body.id }],
      revenueEstimate: [{ amount: { unit: 'EUR', value: 8000 }, revenueType: 'oneTime' }],
      quote: [{ '@type': 'QuoteRef', id: 'q1' }],
      salesOpportunityItem: [
        {
          '@type': 'SalesOpportunityItem',
          id: '1',
          productOffering: { '@type': 'ProductOfferingRef', id: 'o1' },
        },
      ],
    };
    const made = await api().post(`${OPPORTUNITY}?checkReferences=true`).send(body).expect(201);
    const { id } = made.body as { id: string };
    const broken = { ...body, salesLead: [{ '@type': 'SalesLeadRef', id: 'none' }] };
    await api().post(`${OPPORTUNITY}?checkReferences=true`).send(broken).expect(422);
    const step = (status: string) =>
      api().patch(`${OPPORTUNITY}/${id}`).send({ '@type': 'SalesOpportunity', status });
    await step('accepted').expect(409);
    await step('inProgress').expect(200);
    const won = await step('accepted').expect(200);
    expect(Date.parse(won.body.statusChangeDate)).toBeGreaterThanOrEqual(Date.parse(made.body.creationDate));
    await step('inProgress').expect(409);
    const found = await api().get(`${OPPORTUNITY}?quote.id=q1&status=accepted`).expect(200);
    expect(found.body.map((one: { id: string }) => one.id)).toEqual([id]);
    await suite.event('SalesOpportunityStateChangeEvent', id);
    await api().delete(`${OPPORTUNITY}/${id}`).expect(204);
    await suite.event('SalesOpportunityDeleteEvent', id);
  });

  it('takes in opportunities of a CRM with the status they have there', async () => {
    const opportunity = (externalId: string, status: string, more: object = {}): IngestRecord => ({
      externalId,
      op: 'upsert',
      id: stableId('erp', 'salesOpportunity', externalId),
      resource: {
        '@type': 'SalesOpportunity',
        name: `Deal ${externalId}`,
        status,
        creationDate: '2025-05-01T00:00:00Z',
        externalIdentifier: [
          {
            '@type': 'ExternalIdentifier',
            owner: 'erp',
            externalIdentifierType: 'opportunity',
            id: externalId,
          },
        ],
        ...more,
      },
    });
    const statuses = async (resource: string, records: readonly IngestRecord[]) =>
      (await suite.ingest(resource, records)).map(({ status }) => status);
    const [won, open] = [opportunity('W', 'accepted'), opportunity('O', 'acknowledged')];
    expect(await statuses('salesOpportunity', [won, open])).toEqual(['created', 'created']);
    expect(await statuses('salesOpportunity', [won, open])).toEqual(['unchanged', 'unchanged']);
    // Between two readings the deal was worked on and won.
    expect(await statuses('salesOpportunity', [opportunity('O', 'accepted')])).toEqual(['updated']);
    const [back] = await suite.ingest('salesOpportunity', [opportunity('O', 'inProgress')]);
    expect(back).toMatchObject({ status: 'rejected', faults: [{ code: 'illegalTransition' }] });
    const [found] = (await api().get(`${OPPORTUNITY}?externalIdentifier.id=O`).expect(200)).body;
    expect(found).toMatchObject({ status: 'accepted', creationDate: '2025-05-01T00:00:00Z' });
    const patch: IngestRecord = {
      ...open,
      op: 'patch',
      resource: { '@type': 'SalesOpportunity', quote: [{ '@type': 'QuoteRef', id: 'q7' }] },
    };
    expect(await statuses('salesOpportunity', [patch])).toEqual(['updated']);
    expect(await statuses('salesOpportunity', [{ ...won, op: 'delete', resource: {} }])).toEqual(['deleted']);
    const lead = opportunity('L', 'pending', { '@type': 'SalesLead' });
    expect(await statuses('salesLead', [{ ...lead, id: stableId('erp', 'salesLead', 'L') }])).toEqual([
      'created',
    ]);
    await suite.event('SalesOpportunityCreateEvent', won.id);
    await suite.event('SalesLeadCreateEvent', stableId('erp', 'salesLead', 'L'));
  });
});
