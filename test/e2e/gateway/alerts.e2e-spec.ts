import { createHmac, randomUUID } from 'node:crypto';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gatewayComponent, gatewaySettings } from '@quotebridge/components/gateway';
import { loadSettings } from '@quotebridge/platform/config';
import { alertSubject, EventBus } from '@quotebridge/platform/events';
import { startComponent, type RunningComponent } from '@quotebridge/tmf/component';
import { SMTPServer } from 'smtp-server';
import request from 'supertest';
import { eventually, startMongo, startNats, type TestMongo, type TestNats } from '../support';

const SECRET = 'a secret of the receiver';
const LONG_MS = 60_000;

interface Posted {
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

interface Told {
  readonly event: string;
  readonly source: string;
  readonly held: number;
  readonly text: string;
}

describe('alerts', () => {
  const mails: string[] = [];
  const posts: Posted[] = [];
  /** The mail server does not take mails with this text. */
  let refused: string | undefined;
  const mailServer = new SMTPServer({
    authOptional: true,
    allowInsecureAuth: true,
    disabledCommands: ['STARTTLS'],
    onAuth: ({ username, password }, _session, done) =>
      done(password === 'right' ? null : new Error('wrong password'), { user: username }),
    onData: (stream, _session, done) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const text = Buffer.concat(chunks).toString();
        if (refused !== undefined && text.includes(refused)) return done(new Error('come back later'));
        mails.push(text);
        done();
      });
    },
  });
  const hook = createServer((message, reply) => {
    const chunks: Buffer[] = [];
    message.on('data', (chunk: Buffer) => chunks.push(chunk));
    message.on('end', () => {
      posts.push({ headers: message.headers, text: Buffer.concat(chunks).toString() });
      reply.writeHead(204).end();
    });
  });
  let mongo: TestMongo;
  let nats: TestNats;
  let bus: EventBus;
  let env: Record<string, string>;
  let gateway: RunningComponent;

  const start = (more: Record<string, string> = {}): Promise<RunningComponent> =>
    startComponent(gatewayComponent, loadSettings(gatewaySettings, { ...env, ...more }));
  const told = (): Told[] => posts.map(({ text }) => JSON.parse(text) as Told);
  const about = (source: string): Told[] => told().filter((one) => one.source === source);
  /** A connector tells that a stream keeps failing. */
  const fail = async (stream: string, error: string): Promise<void> => {
    const run = randomUUID();
    const alert = { instance: 'erp', stream, run, tries: 4, error, at: '2026-11-21T02:00:00.000Z' };
    await bus.publish(alertSubject('erp', stream), alert, { id: `alert-${run}`, key: `erp/${stream}` });
  };
  const taken = (): Promise<unknown> =>
    eventually(
      'all failed runs to be taken',
      async () => {
        const { waiting, inWork } = await bus.lag('ALERTS', 'gateway-alerts-runs');
        return waiting + inWork === 0;
      },
      LONG_MS,
    );
  const ready = (): Promise<unknown> =>
    eventually('the consumers', () =>
      Promise.all(
        [
          ['ALERTS', 'gateway-alerts-runs'],
          ['ALERTS', 'gateway-alerts-calls'],
          ['TMF_EVENTS', 'gateway-alerts-orders'],
          ['DEAD_LETTERS', 'gateway-alerts-letters'],
        ].map(([stream = '', durable = '']) => bus.lag(stream, durable)),
      ).then(
        () => true,
        () => false,
      ),
    );

  beforeAll(async () => {
    [mongo, nats] = await Promise.all([startMongo(), startNats()]);
    await new Promise<void>((resolve) => hook.listen(0, '127.0.0.1', resolve));
    await new Promise<void>((resolve) => mailServer.listen(0, '127.0.0.1', resolve));
    const mailPort = (mailServer.server.address() as AddressInfo).port;
    env = {
      AUTH: 'off',
      LOG_LEVEL: 'silent',
      DATABASE: mongo.database('gateway'),
      MONGODB_URI: mongo.uri,
      NATS_URL: nats.url,
      // Nobody is there: calls that need them fail.
      ...Object.fromEntries(
        ['ORDER', 'CUSTOMER', 'INVENTORY', 'SALES', 'CATALOG'].map((name) => [
          `${name}_URL`,
          'http://127.0.0.1:9',
        ]),
      ),
      WEBHOOK_SECRET: SECRET,
      OUTBOUND_ALLOW: 'loopback',
      HUB_PARK_AFTER: '2',
      ALERT_EMAILS: 'sales.ops@firm.example',
      ALERT_SMTP_URL: `smtp://bridge:right@127.0.0.1:${mailPort}`,
      ALERT_FROM: 'QuoteBridge <bridge@firm.example>',
      ALERT_WEBHOOK_URLS: `http://127.0.0.1:${(hook.address() as AddressInfo).port}/alerts`,
      ALERT_THROTTLE: '1h',
    };
    bus = await EventBus.connect({ servers: nats.url, name: 'alerts-e2e' });
    gateway = await start();
    await ready();
  });
  afterAll(async () => {
    await gateway.close();
    await bus.close();
    hook.closeAllConnections();
    hook.close();
    await new Promise<void>((resolve) => mailServer.close(resolve));
    await nats.stop();
    await mongo.stop();
  });

  it('a stream that keeps failing is told by e-mail and by a signed webhook', async () => {
    await fail('products', 'the ERP answered 503');
    const mail = await eventually(
      'the e-mail',
      () => mails.find((text) => text.includes('products')),
      LONG_MS,
    );
    expect(mail).toMatch(/^From: QuoteBridge <bridge@firm\.example>\r$/m);
    expect(mail).toMatch(/^To: sales\.ops@firm\.example\r$/m);
    expect(mail).toMatch(/^Subject: QuoteBridge: erp cannot read products\r$/m);
    expect(mail).toContain('the ERP answered 503');
    const [post] = await eventually('the webhook', () => posts.length > 0 && posts, LONG_MS);
    const time = String(post?.headers['x-quotebridge-timestamp']);
    const signature = createHmac('sha256', SECRET)
      .update(`${time}.${post?.text ?? ''}`)
      .digest('hex');
    expect(post?.headers['x-quotebridge-signature']).toBe(`sha256=${signature}`);
    expect(JSON.parse(post?.text ?? '')).toMatchObject({
      event: 'alert.runFailed',
      source: 'erp/products',
      facts: { stream: 'products', tries: '4', error: 'the ERP answered 503' },
    });
  });

  it('failed calls, refused orders and dead letters are told, too', async () => {
    await request(gateway.url)
      .post('/api/v1/orders')
      .send({
        customer_id: '1',
        order_number: 7,
        customer_email: 'a@b.example',
        payment_status: 'paid',
        items: [{ part: 'SEAL-1', quantity: 1, unit_price: 5 }],
      })
      .expect(({ status }) => expect(status).toBeGreaterThanOrEqual(500));
    const order = {
      id: 'o1',
      state: 'pending',
      productOrderErrorMessage: [{ code: 'erpRefused', message: 'Customer 1 is blocked' }],
    };
    const subject = 'tmf.TMF622.productOrder.ProductOrderStateChangeEvent';
    const eventTime = '2026-11-21T02:00:00.000Z';
    await bus.publish(
      subject,
      { eventId: 'e1', eventTime, event: { productOrder: order } },
      { id: 'e1', key: 'o1' },
    );
    const headers = {
      'Qb-Consumer': 'erp-orders',
      'Qb-Subject': subject,
      'Qb-Reason': 'gave up',
      'Qb-Attempts': '5',
    };
    await bus.publish('dlq.erp-orders', {}, { id: 'd1', key: 'd1', headers });
    await eventually('three alerts', () => told().length >= 4, LONG_MS);
    expect(
      told()
        .map(({ event }) => event)
        .sort(),
    ).toEqual(['alert.callFailed', 'alert.deadLetter', 'alert.orderRefused', 'alert.runFailed']);
    expect(about('erp-orders')[0]?.text).toContain('gave up');
    expect(about('productOrder')[0]?.text).toContain('Customer 1 is blocked');
  });

  it('what follows within the window is held back over a restart, and told as a number when it ends', async () => {
    await fail('products', 'second');
    await taken();
    await gateway.close();
    // These are published while nobody runs.
    await fail('products', 'third');
    await fail('products', 'fourth');
    await fail('customers', 'another stream');
    gateway = await start();
    await eventually('the other stream', () => about('erp/customers').length > 0, LONG_MS);
    await taken();
    expect(about('erp/products')).toHaveLength(1);
    // The window ends.
    const client = await mongo.client();
    const windows = client.db(env['DATABASE'] ?? '').collection<{ _id: string }>('alertWindows');
    await windows.updateOne({ _id: 'runFailed|erp/products' }, { $set: { until: new Date(0) } });
    const [, rest] = await eventually(
      'the rest',
      () => about('erp/products').length > 1 && about('erp/products'),
      LONG_MS,
    );
    expect(rest).toMatchObject({ held: 2 });
    expect(rest?.text).toContain('fourth');
  });

  it('a mail server that refuses leaves a dead letter that is seen and sent again', async () => {
    refused = 'no mail for this';
    await fail('quotes', 'no mail for this');
    const dead = await eventually(
      'the dead letter',
      async () => {
        const { body } = await request(gateway.url)
          .get('/operations/alerts')
          .query({ state: 'dead', source: 'erp/quotes' });
        return (body as { id: string; url: string; attempts: number; lastError: string }[])[0];
      },
      LONG_MS,
    );
    expect(dead).toMatchObject({ url: 'mailto:sales.ops@firm.example', attempts: 2 });
    expect(dead.lastError).toContain('come back later');
    expect((await request(gateway.url).get('/metrics').expect(200)).text).toMatch(
      /quotebridge_gateway_alerts\{state="dead".*\} 1/,
    );
    refused = undefined;
    await request(gateway.url).post(`/operations/alerts/${dead.id}/resend`).expect(202);
    await eventually('the e-mail', () => mails.some((text) => text.includes('no mail for this')), LONG_MS);
  });
});
