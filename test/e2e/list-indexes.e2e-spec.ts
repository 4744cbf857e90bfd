import request from 'supertest';
import { ORDERS_V4, ORDERS_V5, startOrdersApi, type OrdersApi } from './support/orders-api';

/** Lists that clients ask for by an attribute; each must be read in order from an index. */
const LISTS: readonly (readonly ['order' | 'quote', string])[] = [
  ['order', `${ORDERS_V5}/productOrder`],
  ['order', `${ORDERS_V5}/productOrder?state=acknowledged`],
  ['order', `${ORDERS_V5}/productOrder?sort=creationDate`],
  ['order', `${ORDERS_V4}/productOrder?sort=-orderDate`],
  ['order', `${ORDERS_V5}/productOrder?quote.id=q1`],
  ['order', `${ORDERS_V5}/productOrder?externalId.id=4711`],
  ['order', `${ORDERS_V5}/productOrder?externalId.id=4711&externalId.owner=erp`],
  ['order', `${ORDERS_V4}/productOrder?externalId=4711`],
  ['order', `${ORDERS_V5}/productOrder?relatedParty.partyOrPartyRole.id=c1`],
  ['order', `${ORDERS_V5}/cancelProductOrder?productOrder.id=o1`],
  ['order', `${ORDERS_V5}/cancelProductOrder?productOrder.id=o1&state=done`],
  ['order', `${ORDERS_V5}/cancelProductOrder?state=done`],
  ['quote', '/tmf-api/quoteManagement/v5/quote?state=inProgress'],
  ['quote', '/tmf-api/quoteManagement/v5/quote?externalId.id=006'],
  ['quote', '/tmf-api/quoteManagement/v5/quote?sort=creationDate'],
];

interface Profiled {
  readonly command: { readonly find?: string };
  readonly planSummary?: string;
  readonly hasSortStage?: boolean;
  readonly keysExamined: number;
  readonly docsExamined: number;
  readonly nreturned: number;
}

describe('a list', () => {
  let orders: OrdersApi;
  beforeAll(async () => {
    orders = await startOrdersApi();
    await Promise.all(Array.from({ length: 20 }, () => orders.make()));
  });
  afterAll(() => orders?.stop());

  it.each(LISTS)('of the %s component is read in order from an index: %s', async (component, path) => {
    const { databases, mongo, quotes } = orders.suite;
    const db = (await mongo.client()).db(databases[component]);
    const collection = /(\w+)(\?|$)/.exec(path)?.[1] ?? '';
    const url = component === 'order' ? (orders.suite.orders?.url ?? '') : quotes.url;
    await db.command({ profile: 2 });
    const since = new Date();
    await request(url).get(path).expect(200);
    await db.command({ profile: 0 });
    // The relay looks for events in the same collection: it sorts by them.
    const seen = await db
      .collection('system.profile')
      .find({ ts: { $gte: since }, 'command.find': collection })
      .toArray();
    const reads = (seen as unknown as Profiled[]).filter(
      ({ command }) => !JSON.stringify(command).includes('_outbox.at'),
    );
    expect(reads.length).toBeGreaterThan(0);
    for (const { planSummary, hasSortStage, keysExamined, docsExamined, nreturned } of reads) {
      expect(planSummary).toContain('IXSCAN');
      expect(hasSortStage).not.toBe(true);
      // What is read is what is shown.
      expect(keysExamined).toBeLessThanOrEqual(nreturned + 2);
      expect(docsExamined).toBeLessThanOrEqual(nreturned);
    }
  });
});
