import { once } from 'node:events';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pathToFileURL } from 'node:url';
import {
  eventually,
  startMongo,
  startNats,
  startProcess,
  type TestMongo,
  type TestNats,
  type TestProcess,
} from './support';

const BASE = '/tmf-api/productCatalogManagement';
/** What the process may hold; it ends when it needs more. */
const HEAP_MB = 160;

interface Job {
  id: string;
  status: string;
  errorLog?: string;
  progress?: Record<string, number>;
}

const server = async (listener: RequestListener): Promise<{ url: string; server: Server }> => {
  const http = createServer(listener);
  await once(http.listen(0, '127.0.0.1'), 'listening');
  return { url: `http://127.0.0.1:${(http.address() as AddressInfo).port}`, server: http };
};

const records = (from: number, to: number): string =>
  Array.from({ length: to - from }, (_, n) =>
    JSON.stringify({ id: `part-${from + n}`, name: `Part ${from + n}` }),
  ).join('\n');

describe('jobs of a catalog process', () => {
  let mongo: TestMongo;
  let nats: TestNats;
  let catalog: TestProcess;
  let folder: string;
  let database: string;
  const servers: Server[] = [];

  beforeAll(async () => {
    [mongo, nats] = await Promise.all([startMongo(), startNats()]);
    folder = await mkdtemp(join(tmpdir(), 'jobs-'));
    database = mongo.database('jobs');
    catalog = await startProcess('product-catalog', {
      AUTH: 'off',
      DATABASE: database,
      LOG_LEVEL: 'error',
      JOBS_FOLDER: folder,
      OUTBOUND_ALLOW: 'loopback',
      MONGODB_URI: mongo.uri,
      NATS_URL: nats.url,
      NODE_OPTIONS: `--max-old-space-size=${HEAP_MB}`,
    });
  });
  afterAll(async () => {
    await catalog?.kill();
    for (const one of servers) {
      one.closeAllConnections();
      one.close();
    }
    await nats?.stop();
    await mongo?.stop();
  });

  const listen = async (listener: RequestListener): Promise<string> => {
    const started = await server(listener);
    servers.push(started.server);
    return started.url;
  };

  const post = async (kind: 'importJob' | 'exportJob', body: object, version = 'v5'): Promise<Response> =>
    fetch(`${catalog.url}${BASE}/${version}/${kind}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        ...(version === 'v5' ? { '@type': kind === 'importJob' ? 'ImportJob' : 'ExportJob' } : {}),
        ...body,
      }),
    });
  const read = async (kind: string, id: string): Promise<Job> =>
    (await (await fetch(`${catalog.url}${BASE}/v5/${kind}/${id}`)).json()) as Job;
  const ended = (kind: string, id: string): Promise<Job> =>
    eventually(
      `${kind} ${id} to end`,
      async () => {
        const job = await read(kind, id);
        return job.status === 'Succeeded' || job.status === 'Failed' ? job : undefined;
      },
      120_000,
    );
  const run = async (kind: 'importJob' | 'exportJob', body: object, version = 'v5'): Promise<Job> => {
    const made = await post(kind, body, version);
    expect(made.status).toBe(201);
    return ended(kind, ((await made.json()) as Job).id);
  };
  const stored = async () => (await mongo.client()).db(database).collection('productOffering');

  it('goes on after SIGKILL: every record is counted once and nothing is doubled', async () => {
    const [half, total] = [10_000, 20_000];
    // Records without an id too: they get the same one from every reading.
    const lines = `${records(0, half)}\n${Array.from({ length: total - half }, (_, n) => `{"name":"Unnamed ${n}"}`).join('\n')}`;
    await writeFile(join(folder, 'many.ndjson'), `${lines}\nbroken\n`);
    const url = pathToFileURL(join(folder, 'many.ndjson')).href;
    const { id } = (await (await post('importJob', { url, path: '/productOffering' })).json()) as Job;
    for (const seen of [500, 8_000]) {
      await eventually(
        'progress',
        async () => ((await read('importJob', id)).progress?.['read'] ?? 0) >= seen,
        60_000,
      );
      await catalog.restart();
    }
    const job = await ended('importJob', id);
    expect(job.progress).toMatchObject({
      read: total + 1,
      created: total,
      updated: 0,
      unchanged: 0,
      rejected: 1,
    });
    expect(await (await stored()).countDocuments({ _by: `importJob:${id}` })).toBe(total);
    expect(await (await stored()).countDocuments({ _by: `importJob:${id}`, _rev: { $ne: 1 } })).toBe(0);
  });

  it('reads over HTTP and writes with one PUT, in the shape of the version that its path names', async () => {
    const received: { type: string | undefined; text: string }[] = [];
    const url = await listen((request, response) => {
      if (request.method === 'GET') {
        response.end('[{"id":"over-http","name":"Over HTTP","parentId":"top"}]');
        return;
      }
      let text = '';
      request.on('data', (chunk: Buffer) => (text += chunk.toString()));
      request.on('end', () => {
        received.push({ type: request.headers['content-type'], text });
        response.end();
      });
    });
    const path = `${BASE}/v4/category`;
    const taken = await run('importJob', { url: `${url}/in.json`, path }, 'v4');
    expect(taken).toMatchObject({ status: 'Succeeded', progress: { created: 1 } });
    const given = await run('exportJob', { url: `${url}/out.json`, path, query: 'parentId=top' }, 'v4');
    expect(given).toMatchObject({ status: 'Succeeded', progress: { exported: 1 } });
    expect(received).toEqual([
      { type: 'application/json', text: expect.stringContaining('"parentId":"top"') },
    ]);
  });

  it.each(['ndjson', 'json', 'csv'] as const)(
    'reads a file in %s that is larger than the memory of the process',
    async (format) => {
      const count = 8_500;
      // Nothing of a record without a usable name is stored: what is held is the reading's own.
      const filler = 'x'.repeat(20_000);
      const { head, line, tail } = {
        ndjson: { head: '', line: `{"description":"${filler}"}\n`, tail: '' },
        json: { head: '[', line: `{"description":"${filler}"},`, tail: '{"description":"last"}]' },
        csv: { head: 'description\n', line: `${filler}\n`, tail: '' },
      }[format];
      function* file(): Generator<string> {
        yield head;
        for (let n = 0; n < count; n += 1) yield line;
        yield tail;
      }
      const url = await listen((_request, response) => Readable.from(file()).pipe(response));
      const job = await run('importJob', { url: `${url}/large.${format}`, path: '/category' });
      expect(count * line.length).toBeGreaterThan(HEAP_MB * 1024 * 1024);
      const read = format === 'json' ? count + 1 : count;
      expect(job).toMatchObject({ status: 'Succeeded', progress: { read, rejected: read } });
    },
  );

  it.each(['ndjson', 'json', 'csv'] as const)(
    'writes a file in %s that is larger than the memory of the process',
    async (format) => {
      const [count, description] = [10_000, 'y'.repeat(20_000)];
      const offerings = (await mongo.client()).db(database).collection<{ _id: string }>('productOffering');
      if ((await offerings.findOne({ _id: 'large-0' })) === null) {
        const like = await offerings.findOne({}, { projection: { _outbox: 0 } });
        for (let from = 0; from < count; from += 500)
          await offerings.insertMany(
            Array.from({ length: 500 }, (_, n) => ({ ...like, _id: `large-${from + n}`, description })),
          );
      }
      let bytes = 0;
      const url = await listen((request, response) => {
        request.on('data', (chunk: Buffer) => (bytes += chunk.length));
        request.on('end', () => response.end());
      });
      const query = 'id.regex=^large-';
      const job = await run('exportJob', { url: `${url}/large.${format}`, path: '/productOffering', query });
      expect(job).toMatchObject({ status: 'Succeeded', progress: { exported: count } });
      expect(bytes).toBeGreaterThan(HEAP_MB * 1024 * 1024);
    },
  );

  it('fails with a reason when its source breaks off or its target refuses', async () => {
    const url = await listen((request, response) => {
      if (request.method === 'PUT') {
        response.statusCode = 507;
        response.end();
        return;
      }
      response.setHeader('content-length', '1000000');
      response.write(`${records(30_000, 30_010)}\n`);
      // Long enough for what was sent to be read before, on a slow machine too.
      setTimeout(() => response.destroy(), 2_000);
    });
    const broken = await run('importJob', { url: `${url}/in.ndjson`, path: '/productOffering' });
    expect(broken).toMatchObject({ status: 'Failed', progress: { read: 10, created: 10 } });
    expect(broken.errorLog).not.toBe('');
    const refused = await run('exportJob', { url: `${url}/out.ndjson`, path: '/category' });
    expect(refused.status).toBe('Failed');
    expect(refused.errorLog).toContain('507');
  });

  it('brings versions of one id back as versions', async () => {
    const versions = ['1.0', '2.0', '1.5'].map((version) => ({
      id: 'versioned',
      name: `in ${version}`,
      version,
    }));
    await writeFile(join(folder, 'versions.json'), JSON.stringify(versions));
    const url = pathToFileURL(join(folder, 'versions.json')).href;
    const job = await run('importJob', { url, path: '/productSpecification' });
    expect(job.progress).toMatchObject({ created: 3 });
    const again = await run('importJob', { url, path: '/productSpecification' });
    expect(again.progress).toMatchObject({ created: 0, unchanged: 3 });
    const latest = await fetch(`${catalog.url}${BASE}/v5/productSpecification/versioned`);
    expect(await latest.json()).toMatchObject({ name: 'in 2.0', version: '2.0' });
    // An id selects what it selects in a list: every version.
    const out = await run('exportJob', {
      url: pathToFileURL(join(folder, 'one-id.ndjson')).href,
      path: '/productSpecification',
      query: 'id=versioned',
    });
    expect(out.progress).toMatchObject({ exported: 3 });
  });

  it.each([
    [{ url: 'file:///etc/passwd' }, '/url'],
    [{ url: 'ftp://example.com/x.json' }, '/url'],
    [{ url: 'file:///x.json', contentType: 'application/xml' }, '/contentType'],
    [{ url: 'file:///x.json', path: '/customer' }, '/path'],
    [{ url: 'file:///x.json', query: 'nothing=1' }, '/query'],
    [{ url: 'file:///x.json', query: 'name=a&limit=5' }, '/query'],
    [{ url: 'file:///x.json', query: 'fields=name' }, '/query'],
  ])('refuses %j before it runs', async (body, path) => {
    const refused = await post('exportJob', body);
    expect(refused.status).toBe(400);
    const { details } = (await refused.json()) as { details: { path: string }[] };
    expect(details.map((fault) => fault.path)).toContain(path);
  });
});
