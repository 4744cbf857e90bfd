import { mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { machineBuilder } from './business';
import { Faults, GENERAL_FAULTS } from './faults';
import { startVendorSystem, type VendorSystem } from './server';
import type { Sandbox, SandboxOptions } from './options';
import { renderPage } from './page';
import { Tables } from './tables';

const vendor = (): VendorSystem => ({
  title: 'Test <system>',
  intro: 'For tests.',
  faults: [],
  seed: (tables) => {
    tables.put('notes', '1', { text: 'seeded' });
    tables.put('notes', '2', { text: 'seeded too' });
  },
  routes: ({ app, tables }) => {
    app.post('/notes', async (request, reply) => {
      const key = String(tables.next('note', 10));
      tables.put('notes', key, { text: String(request.body) });
      return reply.code(201).send({ key });
    });
    app.delete('/notes/1', async (_request, reply) => {
      tables.remove('notes', '1');
      return reply.code(204).send();
    });
  },
  errorAnswer: ({ status, message }) => ({ status, body: { vendor: message } }),
  expireTokens: () => undefined,
  views: (tables) => [
    { title: 'Notes', columns: ['text'], rows: tables.all('notes').map((row) => [String(row['text'])]) },
  ],
});

const running: Sandbox[] = [];

const start = async (options: Partial<SandboxOptions> = {}): Promise<Sandbox> => {
  const sandbox = await startVendorSystem(vendor(), { port: 0, host: '127.0.0.1', ...options });
  running.push(sandbox);
  return sandbox;
};

afterEach(async () => {
  await Promise.all(running.splice(0).map((sandbox) => sandbox.close()));
});

const notes = async (sandbox: Sandbox): Promise<string[]> => {
  const rows = (await (await fetch(`${sandbox.url}/__sandbox/tables/notes`)).json()) as { text: string }[];
  return rows.map((row) => row.text);
};

const post = (url: string, body: string): Promise<Response> => fetch(url, { method: 'POST', body });

describe('kept data', () => {
  it('is there again after a restart: rows written, rows removed, numbers given', async () => {
    const dataFile = join(mkdtempSync(join(tmpdir(), 'qb-sandbox-')), 'deeper', 'data.json');
    const first = await start({ dataFile });
    await post(`${first.url}/notes`, 'mine');
    await fetch(`${first.url}/notes/1`, { method: 'DELETE' });
    await first.close();
    const second = await start({ dataFile });
    expect(await notes(second)).toEqual(['seeded too', 'mine']);
    expect(await (await post(`${second.url}/notes`, 'next')).json()).toEqual({ key: '11' });
  });

  it('is on disk before the answer to the write is sent', async () => {
    const dataFile = join(mkdtempSync(join(tmpdir(), 'qb-sandbox-')), 'data.json');
    const first = await start({ dataFile });
    await Promise.all(['a', 'b', 'c'].map((text) => post(`${first.url}/notes`, text)));
    // The first process is not closed: what a kill would leave behind is read by the second.
    expect((await notes(await start({ dataFile }))).sort()).toEqual(['a', 'b', 'c', 'seeded', 'seeded too']);
    expect(readdirSync(join(dataFile, '..'))).toEqual(['data.json']);
  });

  it('is refused when the file is broken, and the file is left alone', async () => {
    const dataFile = join(mkdtempSync(join(tmpdir(), 'qb-sandbox-')), 'data.json');
    writeFileSync(dataFile, '{"format":1,');
    await expect(start({ dataFile })).rejects.toThrow(/unreadable .* remove it to start over/);
  });
});

describe('switches', () => {
  it('show a fault as often as armed, after the requests let through, and only where it matches', async () => {
    const { url } = await start();
    const fault = { name: 'respond5xx', status: 500, times: 2, after: 1, path: '/notes' };
    expect((await post(`${url}/__sandbox/faults`, JSON.stringify(fault))).status).toBe(201);
    expect((await fetch(`${url}/elsewhere`)).status).toBe(404);
    const statuses = [];
    for (let call = 0; call < 4; call += 1) statuses.push((await post(`${url}/notes`, 'x')).status);
    expect(statuses).toEqual([201, 500, 500, 201]);
  });

  it('end by DELETE, and refuse a name that is not known with the names that are', async () => {
    const { url } = await start();
    await post(`${url}/__sandbox/faults`, '{"name":"respond429","times":"always"}');
    expect((await post(`${url}/notes`, 'x')).status).toBe(429);
    await fetch(`${url}/__sandbox/faults`, { method: 'DELETE' });
    expect((await post(`${url}/notes`, 'x')).status).toBe(201);
    const refused = await post(`${url}/__sandbox/faults`, '{"name":"explode"}');
    expect([refused.status, await refused.text()]).toEqual([
      400,
      expect.stringContaining('dropResponseAfterCommit'),
    ]);
  });

  it.each([
    '{"name":"delay","ms":-1}',
    '{"name":"delay","times":1.5}',
    '{"name":"delay","path":1}',
    '[]',
    'no json',
  ])('refuse %s', async (body) => {
    const { url } = await start();
    expect((await post(`${url}/__sandbox/faults`, body)).status).toBe(400);
  });

  it('can cut an answer short, show a web page and make it wait', async () => {
    const { url } = await start();
    const arm = (fault: object): Promise<Response> => post(`${url}/__sandbox/faults`, JSON.stringify(fault));
    await arm({ name: 'truncateBody' });
    expect(await (await post(`${url}/notes`, 'x')).text()).toBe('{"key"');
    await arm({ name: 'respondHtml' });
    expect((await post(`${url}/notes`, 'x')).headers.get('content-type')).toContain('text/html');
    await arm({ name: 'delay', ms: 120 });
    const begun = performance.now();
    await post(`${url}/notes`, 'x');
    expect(performance.now() - begun).toBeGreaterThanOrEqual(115);
  });

  it('never shoot more often than armed, however requests and faults come', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5 }), fc.nat(5), fc.nat(20), (times, after, calls) => {
        const faults = new Faults(GENERAL_FAULTS);
        faults.arm({ name: 'delay', times, after });
        const shots = Array.from({ length: calls }, () =>
          faults.take('delay', { method: 'GET', url: '/' }),
        ).filter(Boolean).length;
        expect(shots).toBe(Math.min(times, Math.max(0, calls - after)));
      }),
    );
  });
});

describe('transactions', () => {
  it('leave every row as it was when they fail, whatever was done in them', () => {
    const step = fc.record({ key: fc.constantFrom('a', 'b', 'c'), value: fc.option(fc.nat(9)) });
    fc.assert(
      fc.property(fc.array(step), fc.array(step), (before, inside) => {
        const tables = new Tables();
        const play = (steps: typeof before): void =>
          steps.forEach(({ key, value }) =>
            value === null ? tables.remove('t', key) : tables.put('t', key, { value }),
          );
        play(before);
        const rows = ['a', 'b', 'c'].map((key) => tables.get('t', key));
        const failing = (): void => {
          tables.transaction(() => play(inside));
          throw new Error('no');
        };
        expect(() => tables.transaction(failing)).toThrow('no');
        expect(['a', 'b', 'c'].map((key) => tables.get('t', key))).toEqual(rows);
      }),
    );
  });
});

describe('reset, journal and page', () => {
  it('a reset brings the seed back and forgets faults and requests', async () => {
    const { url, ...sandbox } = await start();
    await post(`${url}/notes`, 'mine');
    await post(`${url}/__sandbox/reset`, '');
    expect(await notes({ url, ...sandbox })).toEqual(['seeded', 'seeded too']);
    expect(await (await fetch(`${url}/__sandbox/requests`)).json()).toEqual([]);
  });

  it('the page shows the data as text, markup in it included', async () => {
    const { url } = await start();
    await post(`${url}/notes`, '<script>alert(1)</script>');
    const page = await (await fetch(url)).text();
    expect(page).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(page).not.toContain('<script>');
    expect(page).not.toMatch(/src=|https?:/);
  });

  it('the page never lets a text end its cell', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const page = renderPage('t', '', [{ title: 't', columns: ['c'], rows: [[text]] }]);
        expect(page.match(/<td>/g)).toHaveLength(1);
        expect(/<td>([^<]*)<\/td>/.test(page)).toBe(true);
      }),
    );
  });
});

describe('a taken port', () => {
  it('is told in one sentence', async () => {
    const { port } = await start();
    await expect(start({ port })).rejects.toThrow(
      `Test <system> cannot listen on 127.0.0.1:${port}: the port is taken`,
    );
  });
});

describe('made-up business', () => {
  it('is the same for the same seed and size, and each number comes once', () => {
    const business = machineBuilder(7, 5);
    expect(machineBuilder(7, 5)).toEqual(business);
    expect(business.materials).toHaveLength(5 * machineBuilder(7, 1).materials.length);
    for (const numbers of [
      business.materials.map((one) => one.number),
      business.customers.map((one) => one.number),
    ]) {
      expect(new Set(numbers).size).toBe(numbers.length);
    }
  });

  it('has a positive price for everything, and scales that fall as the quantity grows', () => {
    for (const { number, price, scales } of machineBuilder(3, 3).materials) {
      const ladder = [Number(price), ...scales.map((scale) => Number(scale.price))];
      expect([number, ladder]).toEqual([number, [...ladder].sort((a, b) => b - a)]);
      expect(ladder.every((step) => step > 0)).toBe(true);
    }
  });
});
