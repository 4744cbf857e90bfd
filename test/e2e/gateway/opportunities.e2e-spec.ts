import { randomUUID } from 'node:crypto';
import request from 'supertest';
import { startGatewaySuite, type GatewaySuite } from '../support/gateway-suite';

const OPPORTUNITIES = '/tmf-api/salesManagement/v5/salesOpportunity';

describe('opportunities over the business API', () => {
  let suite: GatewaySuite;
  const api = () => suite.api();
  const make = async (more: object = {}): Promise<string> => {
    const body = { '@type': 'SalesOpportunity', name: `Overhaul ${randomUUID()}`, ...more };
    const answer = await request(suite.sales.url).post(OPPORTUNITIES).send(body).expect(201);
    return answer.body.id as string;
  };
  const patch = (id: string, change: object, version = 'v1') =>
    api().patch(`/api/${version}/opportunities/${id}`).send(change);

  beforeAll(async () => {
    suite = await startGatewaySuite();
  });
  afterAll(() => suite.stop());

  it('a stage, an account and a quote are set, and what else there is stays', async () => {
    const id = await make({
      relatedParty: [
        {
          '@type': 'RelatedPartyRefOrPartyRoleRef',
          role: 'salesperson',
          partyOrPartyRole: { '@type': 'PartyRef', '@referredType': 'Individual', id: 'p1' },
        },
      ],
      quote: [{ '@type': 'QuoteRef', id: 'q0' }],
    });
    const account = { id: 'a1', name: 'Presses Ltd' };
    const { body } = await patch(id, { stage: 'open', account, quote: { id: 'q1' } }).expect(200);
    expect(body).toMatchObject({ id, stage: 'open', outcome: 'open', account, quote: { id: 'q1' } });
    const { body: stored } = await request(suite.sales.url).get(`${OPPORTUNITIES}/${id}`).expect(200);
    expect(stored).toMatchObject({
      status: 'inProgress',
      relatedParty: [{ role: 'salesperson' }, { role: 'account', partyOrPartyRole: { id: 'a1' } }],
      quote: [{ id: 'q1' }, { id: 'q0' }],
    });
    await patch(id, { account: { id: 'a2' } }).expect(200);
    const { body: after } = await request(suite.sales.url).get(`${OPPORTUNITIES}/${id}`).expect(200);
    expect(after.relatedParty).toHaveLength(2);
  });

  it('won and lost are final, and a step that is not possible says so', async () => {
    for (const [stage, reason] of [
      ['won', 'Best price'],
      ['lost', 'Too late'],
    ] as const) {
      const id = await make();
      const refused = await patch(id, { stage }).expect(409);
      expect(refused.body.message).toBe(
        `There is no step from 'new' to '${stage}'. Allowed from 'new': open, cancelled.`,
      );
      await patch(id, { stage: 'open' }).expect(200);
      const { body } = await patch(id, { stage, reason }, 'v2').expect(200);
      expect(body).toMatchObject({ stage, outcome: stage, reason, stageChangedAt: expect.any(String) });
      expect((await patch(id, { stage: 'open' })).body).toMatchObject({ errorId: expect.any(String) });
    }
    const { body } = await patch(await make(), { stage: 'maybe' }).expect(400);
    expect(body.details).toMatchObject([{ path: '/stage', code: 'enum' }]);
    await patch(await make(), {}).expect(400);
    await patch(randomUUID(), { stage: 'open' }).expect(404);
  });

  it('the list is filtered and read in pages, with a total', async () => {
    const account = randomUUID();
    const ids: string[] = [];
    for (let made = 0; made < 5; made += 1) {
      const id = await make();
      await patch(id, { account: { id: account }, ...(made < 3 ? { stage: 'open' } : {}) }).expect(200);
      ids.push(id);
    }
    const list = async (query: object) =>
      (
        await api()
          .get('/api/opportunities')
          .query({ account, ...query })
          .expect(200)
      ).body as {
        items: { id: string }[];
        total: number;
      };
    const pages = [await list({ limit: 3 }), await list({ limit: 3, offset: 3 })];
    expect(pages.map(({ total }) => total)).toEqual([5, 5]);
    expect(pages.flatMap(({ items }) => items.map(({ id }) => id)).sort()).toEqual([...ids].sort());
    expect((await list({ stage: 'open' })).items.map(({ id }) => id).sort()).toEqual(ids.slice(0, 3).sort());
    await api().get('/api/opportunities?stage=maybe').expect(400);
  });

  it('what the second version sets the first one reads and keeps', async () => {
    const id = await make({ description: 'Two presses' });
    const { body: second } = await patch(id, { stage: 'open', reason: 'Asked for a quote' }, 'v2').expect(
      200,
    );
    const { body: first } = await patch(id, { quote: { id: 'q7' } }, 'v1').expect(200);
    expect(Object.keys(first as object).sort()).toEqual(['id', 'name', 'outcome', 'quote', 'stage']);
    const { body: after } = await patch(id, { quote: { id: 'q7' } }, 'v2').expect(200);
    expect(after).toEqual({ ...second, quote: { id: 'q7' } });
  });
});
