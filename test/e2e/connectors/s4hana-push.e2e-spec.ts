import { randomUUID } from 'node:crypto';
import type { JsonObject } from '@quotebridge/platform/core';
import { eventually } from './sandbox-control';
import { s4World } from './s4hana-world';

const V4_ROOT = '/sap/opu/odata4/sap/api_salesorder/srvd_a2x/sap/salesorder/0001';
const PASSWORD = 'events-password';
/** More than two pages of the sandbox, and than one of the connector. */
const ORDERS = 25;

describe('the S/4HANA connector that is told of changes and reads orders by OData V4', () => {
  const world = s4World({
    settings: { eventsUser: 'event-mesh', orderServiceV4: V4_ROOT },
    secrets: { 'webhook-events': PASSWORD },
  });
  const orders = new Map<string, string>();

  beforeAll(async () => {
    await world.connector.runAll();
    for (let index = 0; index < ORDERS; index += 1) {
      const id = randomUUID();
      await world.write('POST', 'API_SALES_ORDER_SRV/A_SalesOrder', {
        SalesOrderType: 'OR',
        SalesOrganization: '1710',
        DistributionChannel: '10',
        OrganizationDivision: '00',
        SoldToParty: '10100001',
        ExternalDocumentID: id,
        SenderBusinessSystemName: 'QUOTEBRIDGE',
        to_Item: [{ Material: 'SP-1001', RequestedQuantity: '1' }],
      });
      const [created] = await world.salesOrdersOf(id);
      orders.set(id, String(created?.['SalesOrder']));
    }
  });

  const stateOf = (id: string): unknown => world.owner.resources.get(id)?.['state'];
  const advance = (id: string, to: 'B' | 'C'): Promise<unknown> =>
    world.s4.post(`/__sandbox/orders/${orders.get(id) ?? ''}/advance`, { to });

  describe('orders by OData V4', () => {
    it('every order has its state, however the pages are cut', async () => {
      const [first = ''] = orders.keys();
      for (const id of orders.keys()) if (id !== first) await advance(id, 'C');
      await world.s4.forget();
      expect(await world.connector.runStream('orderStatuses')).toMatchObject({
        state: 'succeeded',
        counts: { rejected: 0 },
      });
      expect([...orders.keys()].map(stateOf)).toEqual([
        'inProgress',
        ...Array.from({ length: ORDERS - 1 }, () => 'completed'),
      ]);
      const read = (await world.s4.requests()).filter(({ method }) => method === 'GET');
      expect(read.length).toBeGreaterThan(2);
      expect(read.every(({ url }) => url.startsWith(`${V4_ROOT}/SalesOrder?`))).toBe(true);
    });

    it.each([
      ['a server error', { name: 'respond5xx', status: 503 }],
      ['throttling', { name: 'respond429', retryAfterSeconds: 1 }],
      ['an expired token', { name: 'expireToken' }],
      ['a cut-off answer', { name: 'truncateBody' }],
      ['a web page', { name: 'respondHtml' }],
    ])('%s loses nothing', async (_what, fault) => {
      const [first = ''] = orders.keys();
      await world.s4.fault({ path: 'odata4', ...fault });
      await advance(first, 'B');
      const run = await world.connector.runStream('orderStatuses');
      expect(run).toMatchObject({ state: 'succeeded', counts: { rejected: 0 } });
      expect(run.counts.read).toBeGreaterThan(0);
      expect(await world.s4.played(fault.name)).toBe(true);
    });

    it('a next link to another host leads nobody astray', async () => {
      await world.s4.fault({ name: 'foreignNextLink', times: 'always', path: 'odata4' });
      const reply = await fetch(`${world.connector.url}/streams/orderStatuses/run`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ mode: 'full', wait: true }),
      });
      // Each page is a new query behind the last record.
      expect(await reply.json()).toMatchObject({ state: 'succeeded', counts: { read: ORDERS } });
    });
  });

  describe('business events', () => {
    const door = (): string => `${world.connector.url}/webhooks/events`;
    const deliveries = async (): Promise<JsonObject[]> => {
      const reply = await fetch(world.s4Url('/__sandbox/events'));
      return ((await reply.json()) as JsonObject[]).filter(({ type }) => String(type).includes('.product.'));
    };
    /** Answers to what is delivered from now on, once there are so many. */
    const answersTo = async (count: number): Promise<() => Promise<unknown[]>> => {
      const before = (await deliveries()).length;
      return () =>
        eventually(async () => {
          const list = (await deliveries()).slice(before);
          return list.length < count ? undefined : list.map(({ status }) => status);
        });
    };
    const pushed = async (): Promise<number> => {
      const url = `${world.connector.url}/runs?stream=productSpecifications&limit=100`;
      const runs = (await (await fetch(url)).json()) as JsonObject[];
      return runs.filter(({ trigger }) => trigger === 'push').length;
    };
    const change = async (material: string): Promise<() => Promise<true>> => {
      const before = world.owner.batches.length;
      await world.write('PATCH', `API_PRODUCT_SRV/A_Product('${material}')`, {
        ProductGroup: randomUUID().slice(0, 9),
      });
      const isHere = (): boolean =>
        world.owner.batches
          .slice(before)
          .some(
            ({ resource, records }) =>
              resource === 'productSpecification' &&
              records.some(({ externalId }) => externalId === material),
          );
      return () => eventually(() => (isHere() ? true : undefined));
    };

    beforeAll(async () => {
      await world.s4.post('/__sandbox/events', { url: door(), user: 'event-mesh', password: PASSWORD });
    });

    it('a change is here without anybody asking for it, and so is the state of an order', async () => {
      const answers = await answersTo(1);
      const isHere = await change('SP-1001');
      await isHere();
      expect(await answers()).toEqual([202]);
      const [first = ''] = orders.keys();
      await advance(first, 'C');
      await eventually(() => (stateOf(first) === 'completed' ? true : undefined));
    });

    it('an event that is delivered twice counts once', async () => {
      const [runs, answers] = [await pushed(), await answersTo(2)];
      await world.s4.fault({ name: 'eventTwice' });
      const isHere = await change('SP-1001');
      await isHere();
      expect(await answers()).toEqual([202, 200]);
      expect(await pushed()).toBe(runs + 1);
    });

    it('events that overtake one another lose nothing', async () => {
      const answers = await answersTo(2);
      await world.s4.fault({ name: 'eventLate' });
      const [one, other] = [await change('SP-1001'), await change('SP-1002')];
      await Promise.all([one(), other()]);
      expect(await answers()).toEqual([202, 202]);
    });

    it('an event that is forged begins nothing, the genuine one does', async () => {
      const answers = await answersTo(2);
      await world.s4.fault({ name: 'eventForged' });
      const isHere = await change('SP-1001');
      await isHere();
      expect(await answers()).toEqual([401, 202]);
    });

    it('what a lost event would have told is found by the next run', async () => {
      await world.s4.fault({ name: 'eventLost' });
      const isHere = await change('SP-1001');
      await world.connector.runStream('productSpecifications');
      await isHere();
    });

    it('what is no event is refused, an event of something else begins nothing', async () => {
      const authorization = `Basic ${Buffer.from(`event-mesh:${PASSWORD}`).toString('base64')}`;
      const send = async (body: JsonObject): Promise<unknown> => {
        const reply = await fetch(door(), {
          method: 'POST',
          headers: { authorization },
          body: JSON.stringify(body),
        });
        return [reply.status, ((await reply.json()) as JsonObject)['runs']];
      };
      const event = {
        specversion: '1.0',
        id: randomUUID(),
        source: 's',
        type: 'sap.s4.beh.purchaseorder.v1.X.Y.v1',
      };
      expect(await send({ ...event, specversion: '9' })).toEqual([400, undefined]);
      expect(await send(event)).toEqual([202, {}]);
    });
  });
});
