import { createHmac, randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { stableId } from '@quotebridge/platform/core';
import { EventBus, TMF_EVENTS, type Running } from '@quotebridge/platform/events';
import { eventually, startProcess, type TestProcess } from '../e2e/support';
import { startOrderingSuite, type OrderingSuite } from '../e2e/support/ordering-suite';
import { Clients } from './clients';
import { call, pause, randomFrom, readiness, seedOf } from './support';

const KILLS = Number(process.env['CHAOS_KILLS'] ?? 3);
const TIME_LIMIT = 240_000 + KILLS * 30_000;
/** Far more than it takes; machines that run tests are busy. */
const RECOVERED_WITHIN_MS = 120_000;
const CLIENTS = 6;
/** Keeps the load below what a busy machine can work off in time. */
const PACE_MS = 40;
const SECRET = 'a secret of both systems';

interface Confirmation {
  readonly id: string;
  readonly event: string;
  readonly orderNumber: number;
}

/** A system that is told of orders; takes nothing that is not signed. */
class Receiver {
  /** Confirmations by delivery; one that comes again has the id it had. */
  readonly taken = new Map<string, Confirmation>();
  unsigned = 0;
  private readonly server = createServer((message, reply) => {
    const chunks: Buffer[] = [];
    message.on('data', (chunk: Buffer) => chunks.push(chunk));
    message.on('end', () => {
      const text = Buffer.concat(chunks).toString();
      const time = String(message.headers['x-quotebridge-timestamp']);
      const expected = `sha256=${createHmac('sha256', SECRET).update(`${time}.${text}`).digest('hex')}`;
      if (message.headers['x-quotebridge-signature'] !== expected) this.unsigned += 1;
      this.taken.set(String(message.headers['x-quotebridge-delivery']), JSON.parse(text) as Confirmation);
      reply.writeHead(204).end();
    });
  });

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/confirmations`;
  }

  stop(): void {
    this.server.closeAllConnections();
    this.server.close();
  }
}

/** Places orders until it is stopped; one that was not answered is sent again, the same, until it is. */
class Orders extends Clients {
  /** Answers that said that an order is there, by its number. */
  readonly answered = new Map<number, number>();

  constructor(
    private readonly url: string,
    private readonly random: () => number,
  ) {
    super();
    this.begin(CLIENTS);
  }

  protected async work(client: number): Promise<void> {
    for (let made = 1; this.running; made += 1) await this.place(client * 1_000_000 + made);
  }

  private async place(number: number): Promise<void> {
    const body = {
      customer_id: '10100001',
      order_number: number,
      customer_email: 'buying@presses.example',
      payment_status: 'open',
      payment_method: 'invoice',
      amount: '25.00',
      items: [{ part: 'SEAL-1', quantity: 2, unit_price: '12.50' }],
    };
    const end = performance.now() + RECOVERED_WITHIN_MS;
    while (performance.now() < end) {
      await sleep(this.random() * PACE_MS);
      const answer = await call(`${this.url}/api/v1/orders`, 'POST', body);
      if (answer && answer.status < 300)
        return void this.answered.set(number, (this.answered.get(number) ?? 0) + 1);
      if (answer && answer.status !== 503) {
        this.odd.push(`${number}: ${answer.status} ${JSON.stringify(answer.body)}`);
        return;
      }
      await sleep(100);
    }
    this.odd.push(`${number}: no answer for ${RECOVERED_WITHIN_MS} ms`);
  }
}

describe('a gateway that is killed under load', () => {
  const random = randomFrom(seedOf('a gateway that is killed under load'));
  const receivers = { crm: new Receiver(), erp: new Receiver() };
  let suite: OrderingSuite;
  let gateway: TestProcess;
  let bus: EventBus;
  let erp: Running;
  let database: string;

  beforeAll(async () => {
    suite = await startOrderingSuite();
    const part = 'SEAL-1';
    await suite.offer(part, 12.5, ['Launched'], { id: stableId('s4hana', 'productOffering', part) });
    const urls = await Promise.all([receivers.crm.start(), receivers.erp.start()]);
    database = suite.mongo.database('gateway');
    const nobody = 'http://127.0.0.1:9';
    gateway = await startProcess('gateway', {
      AUTH: 'off',
      LOG_LEVEL: 'warn',
      MONGODB_URI: suite.mongo.uri,
      NATS_URL: suite.nats.url,
      DATABASE: database,
      RATE_LIMIT_PER_MINUTE: '0',
      ORDER_URL: suite.orders?.url ?? '',
      CATALOG_URL: new URL(suite.orderEnv['CATALOG_URL'] ?? '').origin,
      CUSTOMER_URL: nobody,
      INVENTORY_URL: nobody,
      SALES_URL: nobody,
      WEBHOOK_SECRET: SECRET,
      OUTBOUND_ALLOW: 'loopback',
      CONFIRMATION_URLS: urls.join(','),
    });
    bus = await EventBus.connect({ servers: suite.nats.url, name: 'erp' });
    // The ERP takes each order and tells its number, as its connector does.
    let sold = 4_711;
    erp = await bus.consume(
      {
        durable: 'erp',
        stream: TMF_EVENTS,
        subjects: ['tmf.TMF622.productOrder.ProductOrderCreateEvent'],
        concurrency: 16,
        maxAttempts: 5,
        backoffMs: [200],
        ackWaitMs: 10_000,
      },
      async (delivery) => {
        const { event } = delivery.json() as { event: { productOrder: { id: string } } };
        const { id } = event.productOrder;
        const run = randomUUID();
        sold += 1;
        const resource = {
          '@type': 'ProductOrder',
          state: 'inProgress',
          externalIdentifier: [
            {
              '@type': 'ExternalIdentifier',
              owner: 's4hana',
              externalIdentifierType: 'salesOrder',
              id: String(sold),
            },
          ],
        };
        const records = [{ externalId: id, op: 'patch', id, resource }];
        await bus.publish(
          'ingest.productOrder',
          { run, batch: 1, source: 's4hana', resource: 'productOrder', records },
          { id: run, key: id },
        );
      },
    );
  }, TIME_LIMIT);
  afterAll(async () => {
    await gateway?.kill();
    await erp?.stop();
    await bus?.close();
    await suite?.stop();
    for (const receiver of Object.values(receivers)) receiver.stop();
  });

  it(
    'guarantee 4: what it accepted is there once, is confirmed to both systems, and stands in the log',
    async () => {
      const load = new Orders(gateway.url, random);
      for (let kills = 0; kills < KILLS; kills += 1) {
        const before = load.answered.size;
        await eventually('orders to be placed', () => load.answered.size > before, RECOVERED_WITHIN_MS);
        await pause(random, 50, 900);
        await gateway.kill();
        await gateway.restart();
      }
      await readiness(gateway.url, 200);
      await load.stop();
      expect(load.odd).toEqual([]);
      const numbers = [...load.answered.keys()].sort((a, b) => a - b);
      expect(numbers.length).toBeGreaterThan(KILLS);

      const client = await suite.mongo.client();
      const placed = await client.db(suite.databases.order).collection('productOrder').find().toArray();
      const placedNumbers = placed.map((order) => Number(order['businessOrder'].number));
      expect(placedNumbers.sort((a, b) => a - b)).toEqual(numbers);

      for (const [name, receiver] of Object.entries(receivers)) {
        await eventually(
          `the ${name} to hear of ${numbers.length} orders`,
          () => receiver.taken.size >= numbers.length,
          RECOVERED_WITHIN_MS,
        );
        const told = [...receiver.taken.values()];
        expect(new Set(told.map(({ event }) => event))).toEqual(new Set(['order.confirmed']));
        expect(told.map(({ orderNumber }) => orderNumber).sort((a, b) => a - b)).toEqual(numbers);
        expect(receiver.unsigned).toBe(0);
      }

      // An answer is given only when its entry is stored, so every answer that arrived has one.
      const log = await client.db(database).collection('transactions').find().toArray();
      const entries = new Map<number, number>();
      for (const entry of log.filter(
        ({ operation, outcome }) => operation === 'createOrder' && outcome === 'succeeded',
      )) {
        const number = Number(entry['orderNumber']);
        entries.set(number, (entries.get(number) ?? 0) + 1);
        expect(entry).toMatchObject({ customerId: '10100001', paymentMethod: 'invoice', currency: 'EUR' });
        expect(Number(String(entry['amount']))).toBe(25);
      }
      expect(
        numbers.filter((number) => (entries.get(number) ?? 0) < (load.answered.get(number) ?? 0)),
      ).toEqual([]);
      expect([...entries.keys()].filter((number) => !load.answered.has(number))).toEqual([]);
    },
    TIME_LIMIT,
  );
});
