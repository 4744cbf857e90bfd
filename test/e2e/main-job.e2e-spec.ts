import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { stableId } from '@quotebridge/platform/core';
import { startChild, type Child } from './support/child';
import { eventually, startOwnMongo, startOwnNats, type OwnMongo, type OwnNats } from './support';

const ROOT = path.resolve(__dirname, '../..');
const MAIN = path.join(ROOT, 'dist/apps/standalone/src/main.js');
const S4_LOGIN = `Basic ${Buffer.from('QUOTEBRIDGE:s4-sandbox-password').toString('base64')}`;

type Addresses = Record<string, string>;
type Resource = Record<string, unknown> & { id: string };

const json = async (address: string, init: RequestInit = {}): Promise<unknown> => {
  const answer = await fetch(address, {
    ...init,
    headers: { 'content-type': 'application/json', ...init.headers },
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${address} answered ${answer.status}: ${text}`);
  return text === '' ? undefined : JSON.parse(text);
};

/** For a deal that hangs. */
const TIME_LIMIT = 300_000;
jest.setTimeout(TIME_LIMIT);

describe('the standalone app', () => {
  let mongo: OwnMongo;
  let nats: OwnNats;
  let folder: string;
  let env: NodeJS.ProcessEnv;
  const children: Child[] = [];

  beforeAll(async () => {
    [mongo, nats] = await Promise.all([startOwnMongo(), startOwnNats()]);
    folder = mkdtempSync(path.join(tmpdir(), 'quotebridge-standalone-'));
    env = {
      PATH: process.env['PATH'],
      MONGODB_URI: mongo.uri,
      NATS_URL: nats.url,
      QUOTEBRIDGE_DATA: folder,
      QUOTEBRIDGE_PORTS: 'free',
      LOG_LEVEL: 'error',
    };
  });
  afterAll(async () => {
    for (const child of children) if (!child.isOver()) await child.end('SIGKILL');
    await nats.stop();
    await mongo.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const start = (args: readonly string[], more: NodeJS.ProcessEnv = {}): Child => {
    const child = startChild(
      process.execPath,
      ['--enable-source-maps', MAIN, ...args],
      { ...env, ...more },
      ROOT,
    );
    children.push(child);
    return child;
  };
  const ended = async (child: Child): Promise<{ code: number | null; text: string }> => {
    await eventually('the app to end', () => child.isOver(), TIME_LIMIT - 20_000);
    return { code: child.process.exitCode, text: child.lines.join('\n') };
  };
  const up = async (...args: string[]): Promise<{ child: Child; addresses: Addresses }> => {
    rmSync(path.join(folder, 'addresses.json'), { force: true });
    const child = start(args);
    const addresses = await eventually(
      'the addresses',
      () => {
        if (child.isOver()) throw new Error(child.lines.join('\n'));
        try {
          return JSON.parse(readFileSync(path.join(folder, 'addresses.json'), 'utf8')) as Addresses;
        } catch {
          return undefined;
        }
      },
      60_000,
    );
    return { child, addresses };
  };

  it('carries one deal from Salesforce to S/4HANA and back, prints it and ends with 0', async () => {
    const { code, text } = await ended(start(['--once']));
    expect(text).toMatch(/S\/4HANA productOfferings: \d+ read, 116 created/);
    expect(text).toMatch(/S\/4HANA machines: 16 read, 16 created/);
    expect(text).toMatch(/S\/4HANA delta .*1 of \d+ in productOfferingPrices, 1 of \d+ in machines/);
    expect(text).toMatch(/Structure of QS-\d+, .*: \d+ lines on 5 levels/);
    expect(text).toMatch(/quote [0-9a-f-]{36} priced: 8132 EUR \+ 740 EUR per month/);
    expect(text).toMatch(/S\/4HANA sales order 4711: 8872.00 EUR, exactly one/);
    expect(text).toMatch(/opportunity Closed Won, amount 8872, order 4711 completed/);
    expect(text).toMatch(
      /Salesforce order \d+ of 5260.97, activated there: S\/4HANA sales order 4712: 5260.97 EUR, exactly one/,
    );
    expect(text).toMatch(/Payment status: open from .*; 5260.97 EUR paid there, paid in Salesforce/);
    expect(text).toMatch(
      /nobody took in time: its quote is rejected \(expired\), its opportunity Closed Lost/,
    );
    expect(text).toMatch(/S\/4HANA customer \d+ is ".+, since .+" now, and so is his account/);
    expect(code).toBe(0);
    const addresses = JSON.parse(readFileSync(path.join(folder, 'addresses.json'), 'utf8')) as Addresses;
    for (const api of ['TMF620', 'TMF622', 'TMF648']) {
      for (const version of ['v4', 'v5']) {
        expect(addresses[`${api}/${version}`]).toMatch(
          new RegExp(`^http://127.0.0.1:\\d+/tmf-api/\\w+/${version}$`),
        );
        expect(addresses[`openapi/${api}/${version}`]).toBeDefined();
      }
    }
    expect(addresses).toMatchObject({ mongodb: mongo.uri, nats: nats.url });
  });

  it('keeps the data over a second start', async () => {
    const { code, text } = await ended(start(['--once']));
    expect(text).toMatch(/productOfferings: \d+ read, 0 created, 0 updated, \d+ unchanged/);
    expect(text).toContain('S/4HANA sales order 4713: 8872.00 EUR');
    expect(code).toBe(0);
  });

  it('guarantee 4: every order is in the ERP exactly once, whatever is lost or killed on the way', async () => {
    let { child, addresses } = await up('--no-demo');
    const at = (name: string): string => addresses[name] ?? '';
    await json(`${at('sandbox/s4hana')}/__sandbox/faults`, {
      method: 'POST',
      body: JSON.stringify({
        name: 'dropResponseAfterCommit',
        times: 3,
        method: 'POST',
        path: 'A_SalesOrder',
      }),
    });
    const orders: string[] = [];
    for (let n = 0; n < 12; n += 1) {
      const body = {
        '@type': 'ProductOrder',
        relatedParty: [
          {
            '@type': 'RelatedPartyRefOrPartyRoleRef',
            role: 'customer',
            partyOrPartyRole: { '@type': 'PartyRef', '@referredType': 'Organization', id: '10100001' },
          },
        ],
        productOrderItem: [
          {
            '@type': 'ProductOrderItem',
            id: '1',
            action: 'add',
            quantity: 1 + n,
            itemPrice: [
              {
                '@type': 'OrderPrice',
                priceType: 'oneTime',
                price: { '@type': 'Price', dutyFreeAmount: { unit: 'EUR', value: 418.5 } },
              },
            ],
            productOffering: {
              '@type': 'ProductOfferingRef',
              id: stableId('s4hana', 'productOffering', 'SP-1003'),
            },
          },
        ],
      };
      const made = (await json(`${at('TMF622/v5')}/productOrder`, {
        method: 'POST',
        body: JSON.stringify(body),
      })) as Resource;
      orders.push(made.id);
      if (n % 4 === 3) {
        // Somewhere between the order's event, the look-up, the post and the answer.
        await new Promise((resolve) => setTimeout(resolve, 40 * n));
        await child.end('SIGKILL');
        ({ child, addresses } = await up('--no-demo'));
      }
    }
    for (const id of orders) {
      await eventually(
        `order ${id} to be in progress`,
        async () =>
          ((await json(`${at('TMF622/v5')}/productOrder/${id}`)) as Resource)['state'] === 'inProgress',
        60_000,
      );
      const filter = encodeURIComponent(`ExternalDocumentID eq '${id}'`);
      const found = (await json(
        `${at('sandbox/s4hana')}/sap/opu/odata/sap/API_SALES_ORDER_SRV/A_SalesOrder?$filter=${filter}&$format=json`,
        { headers: { authorization: S4_LOGIN } },
      )) as { d: { results: unknown[] } };
      expect(found.d.results).toHaveLength(1);
    }
    expect(await child.end('SIGTERM')).toBe(0);
  });

  it('with --no-demo only comes up: every address of documents, pages and health answers, and callbacks may lead here', async () => {
    const { child, addresses } = await up('--no-demo');
    const shown = await eventually('the list of addresses', () =>
      child.lines.some((line) => line.includes('All of them, for scripts'))
        ? child.lines.join('\n')
        : undefined,
    );
    expect(shown).not.toContain('The deal');
    const told = Object.entries(addresses).filter(([name]) => /^(openapi|docs|health)\//.test(name));
    expect(told.length).toBeGreaterThan(30);
    for (const [name, address] of told) {
      expect([name, (await fetch(address)).status]).toEqual([name, 200]);
      if (!name.startsWith('openapi/')) expect(shown).toContain(address);
    }
    const hub = { '@type': 'Hub', callback: 'http://127.0.0.1:9/listener' };
    const made = (await json(`${addresses['TMF620/v5'] ?? ''}/hub`, {
      method: 'POST',
      body: JSON.stringify(hub),
    })) as Resource;
    expect(made).toMatchObject(hub);
    await json(`${addresses['TMF620/v5'] ?? ''}/hub/${made.id}`, {
      method: 'DELETE',
      headers: { 'content-type': 'text/plain' },
    });
    expect(await child.end('SIGTERM')).toBe(0);
  });

  it('says which step of the deal did not come about and why, and ends with 1', async () => {
    const { child, addresses } = await up('--once');
    // Long before the deal is there.
    await json(`${addresses['sandbox/salesforce'] ?? ''}/__sandbox/faults`, {
      method: 'POST',
      body: JSON.stringify({
        name: 'respond5xx',
        times: 'always',
        method: 'POST',
        path: 'sobjects/Opportunity',
      }),
    });
    const { code, text } = await ended(child);
    expect(text).toMatch(/^QuoteBridge stopped\. POST .*sobjects\/Opportunity answered 503/m);
    expect(text).not.toMatch(/\n\s+at /);
    expect(text).not.toContain('TMF648 quote');
    expect(code).toBe(1);
  });

  it('says in one sentence that a port is taken, and ends with 1', async () => {
    const blocker = createServer();
    await once(blocker.listen(0, '127.0.0.1'), 'listening');
    const { port } = blocker.address() as { port: number };
    const { code, text } = await ended(
      start(['--once'], { QUOTEBRIDGE_PORTS: 'fixed', QUOTEBRIDGE_S4_SANDBOX_PORT: String(port) }),
    );
    blocker.close();
    expect(code).toBe(1);
    expect(text).toMatch(new RegExp(`QuoteBridge stopped.*${port}`));
    expect(text).not.toMatch(/\n\s+at /);
  });

  it('says that NATS cannot be reached, and ends with 1', async () => {
    const { code, text } = await ended(start(['--once'], { NATS_URL: 'nats://127.0.0.1:1' }));
    expect(code).toBe(1);
    expect(text).toMatch(/QuoteBridge stopped\..*NATS/);
  });
});
