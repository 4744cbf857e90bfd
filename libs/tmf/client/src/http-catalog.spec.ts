import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '@quotebridge/platform/core';
import { contextFrom } from '@quotebridge/platform/telemetry';
import { DocumentCache } from './document-cache';
import { HttpCatalog } from './http-catalog';

/** A clock that stands still until the test moves it. */
class TestClock implements Clock {
  time = 1_700_000_000_000;
  now(): number {
    return this.time;
  }
}

/** A catalog server whose documents and manners the test decides. */
class CatalogServer {
  readonly seen: string[] = [];
  lastTrace: string | undefined;
  readonly documents = new Map<
    string,
    { etag: string; name: string; version?: string; lifecycleStatus?: string }
  >();
  readonly lists = new Map<string, readonly object[]>();
  /** Answers wait for it. */
  held: Promise<void> = Promise.resolve();
  status: number | undefined;
  private readonly server: Server = createServer((request, reply) => {
    const key = decodeURIComponent((request.url ?? '').slice(1));
    const condition = request.headers['if-none-match'];
    this.lastTrace = request.headers['traceparent']?.toString();
    this.seen.push(`${key}${condition === undefined ? '' : ` if ${condition}`}`);
    const found = this.documents.get(key);
    void this.held.then(() => {
      if (this.status !== undefined) return reply.writeHead(this.status).end();
      const list = this.lists.get(key);
      if (list !== undefined) return reply.writeHead(206).end(JSON.stringify(list));
      if (found === undefined) return reply.writeHead(404).end('{}');
      if (condition === found.etag) return reply.writeHead(304).end();
      return reply.writeHead(200, { etag: found.etag }).end(JSON.stringify({ ...found, etag: undefined }));
    });
  });

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return this.address();
  }

  address(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

describe('the catalog over HTTP', () => {
  const clock = new TestClock();
  let server: CatalogServer;
  let catalog: HttpCatalog;
  const options = (baseUrl: string) => ({
    baseUrl,
    clock,
    deadlineMs: 60_000,
    maxEntries: 10,
    maxBytes: 1_000_000,
    freshMs: 1000,
    connections: 4,
  });

  beforeEach(async () => {
    server = new CatalogServer();
    server.documents.set('productOffering/a', { etag: '"1"', name: 'A' });
    server.documents.set('productOfferingPrice/p', { etag: '"1"', name: 'P' });
    catalog = new HttpCatalog(options(await server.start()));
  });
  afterEach(async () => {
    await catalog.close();
    await server.stop();
  });

  it('reads a fresh document once', async () => {
    expect(await catalog.offering('a')).toEqual({ name: 'A' });
    expect(await catalog.offering('a')).toEqual({ name: 'A' });
    expect(server.seen).toEqual(['productOffering/a']);
  });

  it('shares the read of a document that is asked for twice at once', async () => {
    await Promise.all([catalog.offering('a'), catalog.offering('a'), catalog.prices(['p', 'p'])]);
    expect(server.seen.sort()).toEqual(['productOffering/a', 'productOfferingPrice/p']);
  });

  it('checks an older document by a conditional read and takes the new state', async () => {
    await catalog.offering('a');
    clock.time += 1001;
    expect(await catalog.offering('a')).toEqual({ name: 'A' });
    server.documents.set('productOffering/a', { etag: '"2"', name: 'A2' });
    clock.time += 1001;
    expect(await catalog.offering('a')).toEqual({ name: 'A2' });
    expect(server.seen).toEqual([
      'productOffering/a',
      'productOffering/a if "1"',
      'productOffering/a if "1"',
    ]);
  });

  it('reads again what an event dropped', async () => {
    await catalog.offering('a');
    server.documents.set('productOffering/a', { etag: '"2"', name: 'A2' });
    catalog.invalidate('productOffering', 'a');
    expect(await catalog.offering('a')).toEqual({ name: 'A2' });
  });

  it('reads a single version at its own address, once, and again after any change of the catalog', async () => {
    const old = 'productOffering/a:(version=1.0)';
    server.documents.set(old, { etag: '"1"', name: 'A1' });
    const both = async () => [await catalog.offering('a:(version=1.0)'), await catalog.offering('a')];
    expect(await both()).toEqual([{ name: 'A1' }, { name: 'A' }]);
    await both();
    expect(server.seen).toEqual([old, 'productOffering/a']);
    catalog.invalidate('productOfferingPrice', 'any');
    await both();
    expect(server.seen).toEqual([old, 'productOffering/a', old]);
  });

  it('finds the version that is named in a catalog that has no addresses for versions', async () => {
    server.documents.set('productOffering/a', { etag: '"1"', name: 'A', version: '2.0' });
    server.documents.set('productOfferingPrice/p', { etag: '"1"', name: 'P' });
    const found = [await catalog.offering('a:(version=2.0)'), await catalog.offering('a:(version=3.0)')];
    expect(found).toEqual([{ name: 'A', version: '2.0' }, undefined]);
    expect([...(await catalog.prices(['p:(version=1.0)'])).keys()]).toEqual(['p:(version=1.0)']);
    const own = new HttpCatalog(options(`${server.address()}/tmf-api/productCatalogManagement/v5`));
    server.documents.set('tmf-api/productCatalogManagement/v5/productOffering/a', { etag: '"1"', name: 'A' });
    expect(await own.offering('a:(version=1.0)')).toBeUndefined();
    await own.close();
  });

  it('reads the version that is sold while the next is prepared, and sees when that is launched', async () => {
    const list = 'productOffering?id=a&lifecycleStatus=Launched&fields=version,lifecycleStatus&limit=100';
    const launched = { lifecycleStatus: 'Launched' };
    server.documents.set('productOffering/a', { etag: '"2"', name: 'A2', lifecycleStatus: 'In Test' });
    server.documents.set('productOffering/a:(version=1.1)', { etag: '"1"', name: 'A1', ...launched });
    server.lists.set(list, [launched, { version: '1.1', ...launched }]);
    expect(await catalog.offering('a')).toMatchObject({ name: 'A1' });
    await catalog.offering('a');
    expect(server.seen).toEqual(['productOffering/a', list, 'productOffering/a:(version=1.1)']);
    server.documents.set('productOffering/a', { etag: '"3"', name: 'A2', ...launched });
    catalog.invalidate('productOffering', 'a');
    expect(await catalog.offering('a')).toMatchObject({ name: 'A2' });
  });

  it('reads what is prepared where nothing is sold', async () => {
    server.documents.set('productOffering/a', { etag: '"1"', name: 'A', lifecycleStatus: 'In Study' });
    server.lists.set(
      'productOffering?id=a&lifecycleStatus=Launched&fields=version,lifecycleStatus&limit=100',
      [],
    );
    expect(await catalog.offering('a')).toMatchObject({ name: 'A' });
  });

  it('reads what may count for a customer once, and again after any change of the catalog', async () => {
    const own = new HttpCatalog(options(`${server.address()}/tmf-api/productCatalogManagement/v5`));
    const path = 'views/offerings/a/prices?customer=c 1'.replace(' ', '+');
    server.documents.set(path, { etag: '"1"', name: 'prices' });
    expect(await own.customerPrices('a', 'c 1')).toEqual({ categories: [], prices: [] });
    await own.customerPrices('a', 'c 1');
    expect(server.seen).toEqual([path]);
    own.invalidate('productOfferingPrice', 'any');
    await own.customerPrices('a', 'c 1');
    expect(server.seen).toEqual([path, path]);
    expect(await own.customerPrices('b', undefined)).toBeUndefined();
    expect(server.seen.at(-1)).toBe('views/offerings/b/prices');
    await own.close();
  });

  it('does not ask a catalog for views that is not ours', async () => {
    expect(await catalog.customerPrices('a', 'c')).toBeUndefined();
    expect(server.seen).toEqual([]);
  });

  it('does not keep an answer that was overtaken by an event', async () => {
    let release: () => void = () => undefined;
    server.held = new Promise((resolve) => (release = resolve));
    const slow = catalog.offering('a');
    while (server.seen.length === 0) await sleep(5);
    server.documents.set('productOffering/a', { etag: '"2"', name: 'A2' });
    catalog.invalidate('productOffering', 'a');
    release();
    expect(await slow).toEqual({ name: 'A' });
    expect(await catalog.offering('a')).toEqual({ name: 'A2' });
  });

  it('knows no document that does not exist, and notices when it comes', async () => {
    expect(await catalog.offering('b')).toBeUndefined();
    expect(await catalog.prices(['p', 'q'])).toEqual(new Map([['p', { name: 'P' }]]));
    server.documents.set('productOffering/b', { etag: '"1"', name: 'B' });
    expect(await catalog.offering('b')).toEqual({ name: 'B' });
  });

  it('reads inside the trace of the request that needs it', async () => {
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00';
    await catalog.offering('a', contextFrom(traceparent));
    expect(server.lastTrace).toContain('0af7651916cd43dd8448eb211c80319c');
  });

  it('never leaves its collection for a strange id', async () => {
    for (const id of ['', '.', '..']) expect(await catalog.offering(id)).toBeUndefined();
    expect(server.seen).toEqual([]);
  });

  it('sends ids as one path segment', async () => {
    await catalog.offering('../x/y?z');
    expect(server.seen).toEqual(['productOffering/../x/y?z']);
  });

  it('says that the catalog is away when it is slow, failing or gone', async () => {
    server.status = 503;
    await expect(catalog.offering('a')).rejects.toThrow('answered 503');
    server.status = undefined;
    server.held = new Promise(() => undefined);
    const impatient = new HttpCatalog({ ...options(server.address()), deadlineMs: 100 });
    await expect(impatient.offering('a')).rejects.toThrow('does not answer');
    await impatient.close();
    await server.stop();
    await expect(catalog.offering('a')).rejects.toThrow('does not answer');
  });
});

describe('the cache', () => {
  it('stays within its bound and lets go of what was used least recently', () => {
    const cache = new DocumentCache(new TestClock(), { entries: 2, bytes: 10_000 }, 1000);
    for (const key of ['a', 'b']) cache.put(key, { document: { key } }, cache.mark);
    cache.get('a');
    cache.put('c', { document: {} }, cache.mark);
    expect([cache.size, cache.get('a') !== undefined, cache.get('b')]).toEqual([2, true, undefined]);
  });

  it('keeps no more bytes of documents than it may, and the small ones when a huge one comes', () => {
    const cache = new DocumentCache(new TestClock(), { entries: 1_000, bytes: 100_000 }, 1000);
    for (let n = 0; n < 100; n += 1)
      cache.put(`k${n}`, { document: { description: 'x'.repeat(5_000) } }, cache.mark);
    const { size } = cache;
    expect(size).toBeGreaterThan(5);
    expect(size).toBeLessThan(15);
    cache.put('huge', { document: { description: 'x'.repeat(500_000) } }, cache.mark);
    expect([cache.size, cache.get('huge')]).toEqual([size, undefined]);
  });

  it('of size 0 keeps nothing', () => {
    const cache = new DocumentCache(new TestClock(), { entries: 0, bytes: 10_000 }, 1000);
    cache.put('a', { document: {} }, cache.mark);
    expect(cache.size).toBe(0);
  });
});
