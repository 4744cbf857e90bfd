import { createConnection } from 'node:net';
import { isServerFailure } from '@quotebridge/platform/core';
import * as fc from 'fast-check';
import { hostileRequest } from './hostile-requests';
import { call, relayed, seedOf, startWorld, V4, type Answer, type World } from './support';

describe('hostile input', () => {
  const seed = seedOf('hostile input');
  const errorIds: string[] = [];
  let world: World;
  let known = '';

  const contents = async (): Promise<string> => {
    const collections = ['category', 'productCatalog', 'productOffering', 'hub', 'importJob'];
    const all = await Promise.all(
      collections.map((name) =>
        world.db
          .collection(name)
          .find({}, { projection: { _outbox: 0 } })
          .sort({ _id: 1 })
          .toArray(),
      ),
    );
    return JSON.stringify(all);
  };

  const check = (answer: Answer | undefined, what: string): void => {
    if (!answer) throw new Error(`${what}: no answer. ${world.catalog.lines().slice(-5).join('\n')}`);
    // Not a 501: it refuses what is right and not evaluated here.
    if (isServerFailure(answer.status))
      throw new Error(`${what}: ${answer.status} ${JSON.stringify(answer.body)}`);
    if (answer.status < 400 || what.startsWith('HEAD')) return;
    const { errorId, message, status, code, reason } = answer.body;
    expect({ errorId, message, code, reason, status }).toEqual({
      errorId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      message: expect.stringMatching(/\S/),
      code: expect.stringMatching(/\S/),
      reason: expect.stringMatching(/\S/),
      status: String(answer.status),
    });
    errorIds.push(String(errorId));
  };

  beforeAll(async () => {
    world = await startWorld();
    const made = await call(`${world.catalog.url}${V4}/category`, 'POST', {
      name: 'known',
      description: 'seed',
    });
    known = String(made?.body['id']);
    await relayed(world);
  });
  afterAll(() => world.stop());

  const send = async (
    verb: string,
    path: string,
    text: string | undefined,
    extra: Record<string, string>,
  ): Promise<Answer | undefined> => {
    const carriesBody = verb !== 'GET' && verb !== 'HEAD';
    return call(`${world.catalog.url}${path}`, verb, carriesBody ? text : undefined, extra);
  };

  it('guarantee 7: no body, query, path or header makes the process fail or end; a refused one changes nothing', async () => {
    let before = await contents();
    await fc.assert(
      fc.asyncProperty(hostileRequest, async ({ verb, version, name, rest, search, text, type, extra }) => {
        const path = `/tmf-api/productCatalogManagement/${version}/${name}${rest.replace('/known', `/${known}`)}?${search}`;
        // Its deletion would be right, and the end of the test.
        const target = verb === 'DELETE' && path.includes(known) ? path.replace(known, 'gone') : path;
        const answer = await send(verb, target, text, {
          ...extra,
          ...(type === '' ? {} : { 'content-type': type }),
        });
        check(answer, `${verb} ${target} ${type} ${JSON.stringify(extra)} ${text.slice(0, 300)}`);
        const after = await contents();
        if ((answer?.status ?? 0) >= 400) expect(after).toBe(before);
        before = after;
      }),
      { numRuns: 400, seed, endOnFailure: true },
    );
    expect((await call(`${world.catalog.url}/health/ready`))?.status).toBe(200);
  });

  it('guarantee 7: a body that is too large, too deep, no UTF-8 or not what its headers say is a 4xx', async () => {
    const path = `${world.catalog.url}${V4}/category`;
    const before = await contents();
    const cases: [string | Uint8Array, Record<string, string>, number][] = [
      [JSON.stringify({ name: 'x'.repeat(11 * 1024 * 1024) }), {}, 413],
      [`{"name":"a","x":${'['.repeat(50_000)}${']'.repeat(50_000)}}`, {}, 400],
      [new Uint8Array([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d]), {}, 400],
      ['{"name":"a"}', { 'content-type': 'application/xml' }, 415],
      ['{"name":"a"}', { 'content-encoding': 'gzip' }, 415],
    ];
    for (const [bytes, extra, status] of cases) {
      const answer = await fetch(path, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...extra },
        body: bytes,
      });
      const read = (await answer.json()) as Record<string, unknown>;
      check({ status: answer.status, headers: answer.headers, body: read }, `POST ${status}`);
      expect({ status: answer.status, extra, size: bytes.length }).toEqual({
        status,
        extra,
        size: bytes.length,
      });
    }
    expect(await contents()).toBe(before);
  });

  it.each([
    ['no HTTP at all', 'hello\r\n\r\n', /^HTTP\/1\.1 400 /],
    [
      'a header without end',
      `GET / HTTP/1.1\r\nHost: x\r\nX: ${'y'.repeat(70_000)}\r\n\r\n`,
      /^HTTP\/1\.1 431 /,
    ],
    [
      'two lengths',
      'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab',
      /^HTTP\/1\.1 400 /,
    ],
    [
      'a length and chunks',
      'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
      /^HTTP\/1\.1 400 /,
    ],
    [
      'a chunk that is none',
      'POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n',
      /^HTTP\/1\.1 4\d\d /,
    ],
  ])('guarantee 7: %s is refused with an error id, and the process goes on', async (_what, raw, expected) => {
    const { port } = new URL(world.catalog.url);
    const answer = await new Promise<string>((resolve) => {
      const socket = createConnection(Number(port), '127.0.0.1', () => socket.write(raw));
      let got = '';
      socket.on('data', (chunk: Buffer) => (got += chunk.toString()));
      socket.on('close', () => resolve(got));
      socket.on('error', () => resolve(got));
      socket.setTimeout(60_000, () => socket.destroy());
    });
    expect(answer).toMatch(expected);
    const errorId = /"errorId":"([0-9a-f-]{36})"/.exec(answer)?.[1];
    expect(errorId).toBeDefined();
    errorIds.push(errorId ?? '');
    expect((await call(`${world.catalog.url}/health/live`))?.status).toBe(200);
  });

  it('guarantee 7: every error id is given once', () => {
    expect(errorIds.length).toBeGreaterThan(100);
    expect(new Set(errorIds).size).toBe(errorIds.length);
  });
});
