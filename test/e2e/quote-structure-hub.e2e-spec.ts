import type { JsonObject } from '@quotebridge/platform/core';
import { eventually } from './support/eventually';
import { SECRET, startStructureSuite, type StructureSuite } from './support/structure-suite';
import { Subscriber } from './support/subscriber';

const QUOTES = { v5: '/tmf-api/quoteManagement/v5', v4: '/tmf-api/quoteManagement/v4' };
const ORDERS = '/tmf-api/productOrderingManagement/v5';
const PART = 'productRelationship.name=Secret drive';
const QUERIES = {
  v5: `event.quote.quoteItem.product.${PART}`,
  v4: 'event.quote.quoteItem.product.productRelationship.product.name=Secret drive',
};

type Role = Parameters<StructureSuite['as']>[0];
type Version = keyof typeof QUOTES;

/** The id of the resource that an event is about. */
const subjectOf = ({ event }: JsonObject): unknown =>
  Object.values(event as JsonObject).map((resource) => (resource as JsonObject)['id'])[0];

describe('the structure of a machine in events of the hub, with access control on', () => {
  const listening: Subscriber<JsonObject>[] = [];
  let suite: StructureSuite;
  beforeAll(async () => {
    suite = await startStructureSuite();
  }, 120_000);
  afterAll(async () => {
    await suite.stop();
    await Promise.all(listening.map((one) => one.close()));
  });

  const subscribed = async (role: Role, base: string, query = ''): Promise<Subscriber<JsonObject>> => {
    const subscriber = new Subscriber<JsonObject>();
    const callback = await subscriber.listen();
    listening.push(subscriber);
    const component = base === ORDERS ? suite.orders : suite.quotes;
    const hub = { ...(base.endsWith('v5') ? { '@type': 'Hub' } : {}), callback, query };
    await suite.as(role, component).post(`${base}/hub`).send(hub).expect(201);
    return subscriber;
  };
  const quoted = async (): Promise<string> => {
    const answer = await suite.as('engineer').post(`${QUOTES.v5}/quote`).send(suite.repair).expect(201);
    return answer.body.id as string;
  };
  /** The text of all that came about a resource. */
  const heard = (subscriber: Subscriber<JsonObject>, id: string): Promise<string> =>
    eventually(
      `an event about ${id}`,
      () => {
        const about = subscriber.got.filter((envelope) => subjectOf(envelope) === id);
        return about.length > 0 && JSON.stringify(about);
      },
      60_000,
    );

  it.each<Version>(['v5', 'v4'])(
    'is sent in %s to who could read products when he subscribed and to nobody else, also after a restart',
    async (version) => {
      const clerk = await subscribed('clerk', QUOTES[version]);
      const engineer = await subscribed('engineer', QUOTES[version]);
      const see = async (): Promise<void> => {
        const id = await quoted();
        expect(await heard(engineer, id)).toMatch(/Secret drive/);
        const shown = await heard(clerk, id);
        expect(shown).toContain('SN-1');
        expect(shown).not.toMatch(SECRET);
      };
      await see();
      await suite.restartQuotes();
      await see();
    },
    120_000,
  );

  it.each<Version>(['v5', 'v4'])(
    'cannot be found out in %s by queries of subscriptions',
    async (version) => {
      const hub = {
        ...(version === 'v5' ? { '@type': 'Hub' } : {}),
        callback: 'http://127.0.0.1:9/listener',
        query: QUERIES[version],
      };
      const refused = await suite.as('clerk').post(`${QUOTES[version]}/hub`).send(hub).expect(400);
      expect(refused.body.details[0].path).toContain('/query');
      const engineer = await subscribed('engineer', QUOTES[version], QUERIES[version]);
      expect(await heard(engineer, await quoted())).toContain('Secret drive');
    },
    120_000,
  );

  it('is not sent to who may not read products in events of the order either, which holds it', async () => {
    const clerk = await subscribed('clerk', ORDERS);
    const engineer = await subscribed('engineer', ORDERS);
    const id = await quoted();
    for (const state of ['approved', 'accepted'])
      await suite.as('clerk').patch(`${QUOTES.v5}/quote/${id}`).send({ '@type': 'Quote', state }).expect(200);
    const order = await eventually(
      'the order of the quote',
      async () => {
        const { body } = await suite
          .as('clerk', suite.orders)
          .get(`${ORDERS}/productOrder?quote.id=${id}`)
          .expect(200);
        return (body as { id: string }[])[0];
      },
      60_000,
    );
    expect(await heard(engineer, order.id)).toMatch(/Secret drive/);
    expect(await heard(clerk, order.id)).not.toMatch(SECRET);
  }, 120_000);
});
