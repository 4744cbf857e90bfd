import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { HttpInventory } from './http-inventory';
import { InventoryAway } from './inventory-reader';

describe('the inventory over HTTP', () => {
  const seen: string[] = [];
  const clock = { time: 1_700_000_000_000, now: (): number => clock.time };
  let status = 200;
  let server: Server;
  let inventory: HttpInventory;

  beforeEach(async () => {
    seen.length = 0;
    status = 200;
    server = createServer((asked, reply) => {
      seen.push(asked.url ?? '');
      reply.writeHead(status).end(JSON.stringify({ id: 'p', lines: [{}, {}] }));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    inventory = new HttpInventory({
      baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      clock,
      deadlineMs: 60_000,
      maxEntries: 10,
      maxBytes: 1_000_000,
      freshMs: 1_000,
      pauseMs: 5_000,
      connections: 2,
      levels: 3,
      keep: ({ lines }) => ({ lines: Array.isArray(lines) ? lines.length : 0 }),
    });
  });
  afterEach(async () => {
    await inventory.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  it('asks for each kind at its place, once while it is fresh, and keeps what it is told to keep', async () => {
    for (const kind of ['product', 'serialNumber', 'specification', 'product'] as const)
      expect(await inventory.structure({ kind, id: 'a b/$&' })).toEqual({ lines: 2 });
    const id = encodeURIComponent('a b/$&');
    expect(seen).toEqual([
      `/views/product/${id}/bom?levels=3`,
      `/views/bom/${id}?levels=3`,
      `/views/specification/${id}/bom?levels=3`,
    ]);
    clock.time += 1_001;
    await inventory.structure({ kind: 'product', id: 'a b/$&' });
    expect(seen).toHaveLength(4);
  });

  it.each([404, 409])('knows none when the answer is %i', async (answer) => {
    status = answer;
    expect(await inventory.structure({ kind: 'serialNumber', id: 'x' })).toBeUndefined();
  });

  it('has none for an id that no product can have, without asking', async () => {
    expect(await inventory.structure({ kind: 'product', id: '..' })).toBeUndefined();
    expect(seen).toEqual([]);
  });

  it('leaves one that fails alone for a while, and still tells what it knows', async () => {
    await inventory.structure({ kind: 'product', id: 'known' });
    status = 503;
    const ask = (id: string) => inventory.structure({ kind: 'product', id });
    await expect(ask('x')).rejects.toThrow(InventoryAway);
    await expect(ask('y')).rejects.toThrow('did not answer a moment ago');
    expect(await ask('known')).toEqual({ lines: 2 });
    expect(seen).toHaveLength(2);
    status = 200;
    clock.time += 5_001;
    expect(await ask('y')).toEqual({ lines: 2 });
  });
});
