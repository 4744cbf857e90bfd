import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { JsonObject } from '@quotebridge/platform/core';
import type { Sandbox } from '@quotebridge/sandbox/core';
import { startS4Sandbox } from './start';
import { TestCaller, batchPart, changeSet, orderBody, sendBatch } from './testing';

const ORDERS = 'API_SALES_ORDER_SRV/A_SalesOrder';
const MATERIAL = "API_PRODUCT_SRV/A_Product('SP-1001')";

interface Delivered {
  readonly event: JsonObject;
  readonly authorization: string | undefined;
  readonly type: string | undefined;
}

let sandbox: Sandbox;
let caller: TestCaller;
let receiver: Server;
let delivered: Delivered[] = [];
let answers: number[] = [];

beforeEach(async () => {
  [delivered, answers] = [[], []];
  receiver = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const event = JSON.parse(Buffer.concat(chunks).toString()) as JsonObject;
      const { authorization, 'content-type': type } = request.headers;
      delivered.push({ event, authorization, type });
      response.statusCode = answers.shift() ?? 202;
      response.end();
    });
  });
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  sandbox = await startS4Sandbox({ port: 0, host: '127.0.0.1' });
  caller = new TestCaller(sandbox.url);
  await caller.fetchCsrf();
  const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/webhooks/events`;
  await caller.call('POST', '/__sandbox/events', { url, user: 'broker', password: 'secret' });
});

afterEach(async () => {
  await sandbox.close();
  receiver.closeAllConnections();
  await new Promise((resolve) => receiver.close(resolve));
});

const events = async (count: number): Promise<Delivered[]> => {
  for (const end = performance.now() + 60_000; delivered.length < count && performance.now() < end;)
    await new Promise((resolve) => setTimeout(resolve, 20));
  return delivered;
};
const typesOf = (list: readonly Delivered[]): unknown[] => list.map(({ event }) => event['type']);
const change = (ProductGroup: string): Promise<unknown> => caller.write('PATCH', MATERIAL, { ProductGroup });
const CHANGED = 'sap.s4.beh.product.v1.Product.Changed.v1';

describe('business events', () => {
  it('tell what was made, changed and moved on by its key only', async () => {
    await caller.write('POST', ORDERS, orderBody());
    await change('NEW');
    await caller.call('POST', '/__sandbox/orders/4711/advance', { to: 'C' });
    const [made, ...others] = await events(3);
    expect(made).toMatchObject({
      event: {
        specversion: '1.0',
        type: 'sap.s4.beh.salesorder.v1.SalesOrder.Created.v1',
        data: { SalesOrder: '4711' },
      },
      authorization: `Basic ${Buffer.from('broker:secret').toString('base64')}`,
      type: 'application/cloudevents+json',
    });
    expect(typesOf(others)).toEqual([CHANGED, 'sap.s4.beh.salesorder.v1.SalesOrder.Changed.v1']);
    expect(new Set(delivered.map(({ event }) => event['id'])).size).toBe(3);
  });

  it('tell nothing of what was refused or undone, nor of what was only simulated', async () => {
    await caller.write('POST', ORDERS, orderBody({ SoldToParty: '99' }));
    const refused = batchPart('POST', 'A_SalesOrder', orderBody({ SoldToParty: '99' }));
    const good = batchPart('POST', 'A_SalesOrder', orderBody());
    await sendBatch(caller, 'API_SALES_ORDER_SRV', changeSet(good, refused));
    await caller.fetchCsrf('API_SALES_ORDER_SIMULATION_SRV');
    await caller.write('POST', 'API_SALES_ORDER_SIMULATION_SRV/A_SalesOrderSimulation', orderBody());
    await change('NEW');
    expect(typesOf(await events(1))).toEqual([CHANGED]);
  });

  it('are delivered until they are accepted, in order', async () => {
    answers = [503, 500];
    await change('ONE');
    await caller.write('POST', ORDERS, orderBody());
    const list = await events(4);
    expect(typesOf(list)).toEqual([
      CHANGED,
      CHANGED,
      CHANGED,
      'sap.s4.beh.salesorder.v1.SalesOrder.Created.v1',
    ]);
    expect(new Set(list.slice(0, 3).map(({ event }) => event['id'])).size).toBe(1);
  });

  it.each<[string, number, (list: Delivered[]) => void]>([
    [
      'eventTwice',
      3,
      ([a, b, c]) =>
        expect([b?.event['id'], c?.event['id'] === a?.event['id']]).toEqual([a?.event['id'], false]),
    ],
    [
      'eventLate',
      2,
      (list) => expect(typesOf(list)).toEqual(['sap.s4.beh.salesorder.v1.SalesOrder.Created.v1', CHANGED]),
    ],
    ['eventLost', 1, (list) => expect(typesOf(list)).not.toContain(CHANGED)],
    [
      'eventForged',
      3,
      ([a, b]) =>
        expect([a?.authorization === b?.authorization, a?.event['id'] === b?.event['id']]).toEqual([
          false,
          false,
        ]),
    ],
  ])('by fault %s', async (name, count, judge) => {
    await caller.arm({ name });
    await change('ONE');
    await caller.write('POST', ORDERS, orderBody());
    judge(await events(count));
    expect(delivered).toHaveLength(count);
  });
});
