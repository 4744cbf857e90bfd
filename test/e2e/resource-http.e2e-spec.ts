import { randomUUID } from 'node:crypto';
import { productCatalog, productCatalogSettings } from '@quotebridge/components/product-catalog';
import { loadSettings } from '@quotebridge/platform/config';
import { EventBus, TMF_EVENTS } from '@quotebridge/platform/events';
import { startComponent, type RunningComponent } from '@quotebridge/tmf/component';
import { mongo } from 'mongoose';
import request from 'supertest';
import { eventually, startOwnNats } from './support';

const V4 = '/tmf-api/productCatalogManagement/v4';
const V5 = '/tmf-api/productCatalogManagement/v5';
const OFFERINGS = `${V5}/productOffering`;
const MERGE = 'application/merge-patch+json';
const JSON_PATCH = 'application/json-patch+json';
const database = `resource-http-${randomUUID()}`;
const uri = process.env['MONGODB_URI'] ?? '';

const start = (more: Record<string, string> = {}): Promise<RunningComponent> =>
  startComponent(
    productCatalog,
    loadSettings(productCatalogSettings, {
      ...process.env,
      AUTH: 'off',
      DATABASE: database,
      LOG_LEVEL: 'silent',
      COUNT_CAP: '5',
      ...more,
    }),
  );

const offering = (more: object = {}) => ({
  '@type': 'ProductOffering',
  name: 'Hydraulic pump',
  lifecycleStatus: 'In Study',
  lastUpdate: '2026-01-01T00:00:00Z',
  ...more,
});

describe('a resource over HTTP', () => {
  let catalog: RunningComponent;
  const client = new mongo.MongoClient(uri);
  const api = () => request(catalog.url);
  const create = async (more: object = {}) =>
    (await api().post(OFFERINGS).send(offering(more)).expect(201)).body as { id: string };
  const names = (body: { name: string }[]): string[] => body.map(({ name }) => name);

  beforeAll(async () => {
    await client.connect();
    catalog = await start();
  });
  afterAll(async () => {
    await catalog.close();
    await client.db(database).dropDatabase();
    await client.close();
  });

  describe('errors', () => {
    const long = 'x'.repeat(5_000);
    it.each([
      ['percent-encoding of a path', 'get', `${OFFERINGS}/%zz`, undefined, 400],
      ['bytes of a path that are no UTF-8', 'get', `${OFFERINGS}/%ff`, undefined, 400],
      ['percent-encoding of a condition', 'get', `${OFFERINGS}?name=%zz`, undefined, 400],
      ['percent-encoding of fields', 'get', `${OFFERINGS}/1?fields=%zz`, undefined, 400],
      ['an unknown attribute', 'get', `${OFFERINGS}?nope=1`, undefined, 400],
      ['an unknown operator', 'get', `${OFFERINGS}?name.like=x`, undefined, 400],
      ['an operator of the database', 'get', `${OFFERINGS}?name[$ne]=x`, undefined, 400],
      ['an attribute that is an operator', 'get', `${OFFERINGS}?$where=1`, undefined, 400],
      ['a costly expression', 'get', `${OFFERINGS}?name.regex=(a%2B)%2B$`, undefined, 400],
      ['a page parameter that is given twice', 'get', `${OFFERINGS}?limit=1&limit=2`, undefined, 400],
      ['a negative limit', 'get', `${OFFERINGS}?limit=-1`, undefined, 400],
      ['a damaged cursor', 'get', `${OFFERINGS}?after=abc`, undefined, 400],
      ['an offset too deep', 'get', `${OFFERINGS}?offset=10001`, undefined, 400],
      ['a parameter that one resource does not have', 'get', `${OFFERINGS}/1?version=2`, undefined, 400],
      [
        'JSONPath beyond the subset',
        'get',
        `${OFFERINGS}?filter=category[?(@.id.length()%3E1)]`,
        undefined,
        501,
      ],
      ['a long query', 'get', `${OFFERINGS}?name=${'x'.repeat(9_000)}`, undefined, 400],
      ['an unknown id', 'get', `${OFFERINGS}/${randomUUID()}`, undefined, 404],
      ['an id with a NUL', 'get', `${OFFERINGS}/a%00b`, undefined, 404],
      ['a very long id', 'get', `${OFFERINGS}/${long}`, undefined, 404],
      ['an unknown version', 'get', `${OFFERINGS}/1:(version=9)`, undefined, 404],
      ['an unknown path', 'get', `${V5}/nothing`, undefined, 404],
      ['a method of no resource', 'put', OFFERINGS, '{}', 405],
      ['a method of no item', 'post', `${OFFERINGS}/1`, '{}', 405],
      ['a PATCH of a task', 'patch', `${V5}/importJob/1`, '{}', 405],
      ['an array', 'post', OFFERINGS, '[]', 400],
      ['null', 'post', OFFERINGS, 'null', 400],
      ['a text', 'post', OFFERINGS, '"x"', 400],
      ['an empty body', 'post', OFFERINGS, '', 400],
      ['broken JSON', 'post', OFFERINGS, '{"name":', 400],
      ['a prototype', 'post', OFFERINGS, '{"__proto__":{}}', 400],
      ['a number that cannot be kept', 'post', OFFERINGS, '{"x":12345678901234567891}', 400],
      ['deep nesting', 'post', OFFERINGS, `${'['.repeat(200)}${']'.repeat(200)}`, 400],
      ['an id that is a number', 'post', `${V4}/productOffering`, '{"name":"x","id":7}', 400],
      ['an id with a slash', 'post', `${V4}/productOffering`, '{"name":"x","id":"a/b"}', 400],
      ['an id of two dots', 'post', `${V4}/productOffering`, '{"name":"x","id":".."}', 400],
      ['an id with a NUL', 'post', `${V4}/productOffering`, '{"name":"x","id":"a\\u0000"}', 400],
      [
        'an id of 201 characters',
        'post',
        `${V4}/productOffering`,
        `{"name":"x","id":"${'i'.repeat(201)}"}`,
        400,
      ],
      ['a name that the store keeps', 'post', `${V4}/productOffering`, '{"name":"x","_rev":3}', 400],
      ['a hub body that is an array', 'post', `${V5}/hub`, '[]', 400],
    ] as const)('%s: %s is refused', async (_what, method, path, body, status) => {
      const sent = api()[method](path).set('Content-Type', 'application/json');
      const refused = await (body === undefined ? sent : sent.send(body)).expect(status);
      expect(refused.body).toMatchObject({ '@type': 'Error', status: String(status) });
      for (const name of ['code', 'reason', 'message', 'errorId'])
        expect(refused.body[name]).toEqual(expect.any(String));
      expect(refused.headers['x-error-id']).toBe(refused.body.errorId);
      if (status === 405) expect(refused.headers['allow']).toContain('GET');
    });

    it('gives every refusal an id of its own', async () => {
      const ids = await Promise.all(
        Array.from({ length: 20 }, async () => (await api().get(`${OFFERINGS}/none`)).body.errorId as string),
      );
      expect(new Set(ids).size).toBe(20);
    });

    it.each([
      [{ 'Content-Type': 'text/plain' }],
      [{ 'Content-Type': 'application/json; charset=iso-8859-1' }],
      [{ 'Content-Type': JSON_PATCH }],
      [{ 'Content-Type': 'application/json', 'Content-Encoding': 'gzip' }],
      [{ 'Content-Type': 'application/json', 'Content-Encoding': 'nonsense' }],
    ])('refuses a POST with %j as 415', async (headers) => {
      await api()
        .post(OFFERINGS)
        .set(headers as Record<string, string>)
        .send(JSON.stringify(offering()))
        .expect(415);
    });

    it('names the patch types in the 415 of a PATCH and in the answer to OPTIONS', async () => {
      const { id } = await create();
      const told = await api().options(`${OFFERINGS}/${id}`).expect(204);
      expect(told.headers['allow']).toBe('GET, HEAD, PATCH, DELETE, OPTIONS');
      expect(told.headers['accept-patch']).toContain('application/json-patch-query+json');
    });

    it('suggests the attribute that was meant', async () => {
      const refused = await api().get(`${OFFERINGS}?lifecycleStatu=x&categroy.id=1`).expect(400);
      expect(refused.body.details.map((fault: { message: string }) => fault.message)).toEqual([
        expect.stringContaining('Did you mean lifecycleStatus?'),
        expect.stringContaining('Did you mean category.id?'),
      ]);
    });

    it('takes a body of 10 MB, sends its events, and refuses a larger one with 413', async () => {
      const nats = await startOwnNats();
      const large = await start({ NATS_URL: nats.url, DATABASE: `${database}-large` });
      const api = () => request(large.url);
      const stored = client.db(`${database}-large`);
      const empty = JSON.stringify(offering({ description: '' })).length;
      const body = (length: number) => JSON.stringify(offering({ description: 'y'.repeat(length - empty) }));
      const made = await api().post(OFFERINGS).type('json').send(body(10_485_760)).expect(201);
      const path = `${OFFERINGS}/${made.body.id}`;
      // Two events of this size do not fit beside the document; they leave all the same.
      await api().patch(path).send({ '@type': 'ProductOffering', name: 'larger' }).expect(200);
      expect((await api().get(`${path}?fields=name`).expect(200)).body.name).toBe('larger');
      await api().delete(path).expect(204);
      const refused = await api().post(OFFERINGS).type('json').send(body(10_485_761)).expect(413);
      expect(refused.body['@type']).toBe('Error');
      await eventually(
        'all events to leave',
        async () => (await stored.collection('tombstones').countDocuments()) === 0,
        30_000,
      );
      await large.close();
      await stored.dropDatabase();
      await nats.stop();
    });
  });

  describe('conditions of a request', () => {
    it('compares the tags of a list, weakly where nothing is changed', async () => {
      const { id } = await create();
      const path = `${OFFERINGS}/${id}`;
      const etag = (await api().get(path)).headers['etag'] ?? '';
      await api().get(path).set('If-None-Match', `"a,b", W/${etag}`).expect(304);
      await api().get(path).set('If-None-Match', '*').expect(304);
      await api().get(path).set('If-None-Match', '"a", "b"').expect(200);
      await api().get(path).set('If-Match', '"a"').expect(412);
      const patch = { '@type': 'ProductOffering', name: 'new' };
      const stale = await api().patch(path).set('If-Match', `W/${etag}`).send(patch).expect(412);
      expect(stale.headers['etag']).toBe(etag);
      await api().patch(path).set('If-None-Match', etag).send(patch).expect(412);
      const changed = await api().patch(path).set('If-Match', `"x", ${etag}`).send(patch).expect(200);
      expect(changed.headers['etag']).not.toBe(etag);
      await api().delete(path).set('If-Match', etag).expect(412);
      await api().delete(path).set('If-Match', '*').expect(204);
    });

    it('demands If-Match with 428 where the deployment wants it', async () => {
      const strict = await start({ REQUIRE_IF_MATCH: 'true' });
      try {
        const { id } = await create();
        await request(strict.url).patch(`${OFFERINGS}/${id}`).send({ name: 'x' }).expect(428);
        await request(strict.url).delete(`${OFFERINGS}/${id}`).expect(428);
      } finally {
        await strict.close();
      }
    });

    it('limits the rate of a client with 429 and says when to come back', async () => {
      const limited = await start({ RATE_LIMIT_PER_MINUTE: '3' });
      try {
        const answers = [];
        for (let i = 0; i < 4; i += 1) answers.push(await request(limited.url).get(`${OFFERINGS}/none`));
        expect(answers.map(({ status }) => status)).toEqual([404, 404, 404, 429]);
        expect(answers[3]?.headers['retry-after']).toBeDefined();
        expect(answers[3]?.body).toMatchObject({ '@type': 'Error', status: '429' });
      } finally {
        await limited.close();
      }
    });

    it('answers HEAD with the headers of GET and no body', async () => {
      const { id } = await create();
      const got = await api().get(`${OFFERINGS}/${id}`).expect(200);
      const head = await api().head(`${OFFERINGS}/${id}`).expect(200);
      expect(head.text ?? '').toBe('');
      for (const name of ['etag', 'content-type', 'content-length'])
        expect(head.headers[name]).toBe(got.headers[name]);
      const list = await api().head(`${OFFERINGS}?id=${id}`).expect(200);
      expect(list.headers['x-total-count']).toBe('1');
      await api().head(`${OFFERINGS}/none`).expect(404);
    });
  });

  describe('patches', () => {
    it.each([
      [MERGE, { name: 'new' }, 200],
      [JSON_PATCH, [{ op: 'replace', path: '/name', value: 'new' }], 200],
      [JSON_PATCH, [{ op: 'test', path: '/name', value: 'another' }], 409],
      [JSON_PATCH, [{ op: 'remove', path: '/nothing' }], 422],
      [JSON_PATCH, { op: 'remove' }, 400],
      [JSON_PATCH, [{ op: 'replace', path: '/id', value: 'x' }], 400],
      [JSON_PATCH, [{ op: 'add', path: '/_rev', value: 1 }], 400],
      [
        'application/json-patch-query+json',
        [{ op: 'replace', path: '/category/name?category.id=7', value: 'n' }],
        200,
      ],
      [
        'application/json-patch-query+json',
        [{ op: 'replace', path: '/category/name?category.id=8', value: 'n' }],
        422,
      ],
      ['application/json-patch-query+json', [{ op: 'remove', path: 'category[?(@.id.length()>1)]' }], 501],
      [MERGE, [], 400],
      [MERGE, { href: 'x' }, 400],
      [MERGE, { name: 7 }, 400],
      [MERGE, { name: null }, 400],
      [MERGE, { lifecycleStatus: 'Launched' }, 409],
    ])('%s %j is answered with %i', async (type, body, status) => {
      const { id } = await create({ category: [{ '@type': 'CategoryRef', id: '7', name: 'old' }] });
      const before = await api().get(`${OFFERINGS}/${id}`);
      const answer = await api()
        .patch(`${OFFERINGS}/${id}`)
        .type(type)
        .send(JSON.stringify(body))
        .expect(status);
      if (status === 200) expect((await api().get(`${OFFERINGS}/${id}`)).body).toEqual(answer.body);
      else expect((await api().get(`${OFFERINGS}/${id}`)).headers['etag']).toBe(before.headers['etag']);
    });

    it('loses no update of concurrent writers: attributes of others stay, the same one is a conflict', async () => {
      const { id } = await create();
      const path = `${OFFERINGS}/${id}`;
      const others = await Promise.all(
        ['a', 'b', 'c', 'd', 'e', 'f'].map((name) =>
          api()
            .patch(path)
            .send({ [`x-${name}`]: name }),
        ),
      );
      expect(others.map(({ status }) => status)).toEqual(Array(6).fill(200));
      expect((await api().get(path)).body).toMatchObject({ 'x-a': 'a', 'x-c': 'c', 'x-f': 'f' });
      const same = await Promise.all(
        [1, 2, 3, 4].map((n) =>
          api()
            .patch(path)
            .send({ description: `${n}` }),
        ),
      );
      const statuses = same.map(({ status }) => status);
      expect(statuses).toContain(200);
      expect(statuses.filter((status) => status !== 200 && status !== 409)).toEqual([]);
    });
  });

  describe('fields', () => {
    const chosen = ['@type', 'href', 'id', 'name'];
    it('are honoured by every answer with a resource', async () => {
      const made = await api().post(`${OFFERINGS}?fields=name`).send(offering()).expect(201);
      expect(Object.keys(made.body).sort()).toEqual(chosen);
      const path = `${OFFERINGS}/${made.body.id}`;
      const patched = await api().patch(`${path}?fields=name`).send({ description: 'x' }).expect(200);
      expect(Object.keys(patched.body).sort()).toEqual(chosen);
      expect(Object.keys((await api().get(`${path}?fields=name`)).body).sort()).toEqual(chosen);
      expect(Object.keys((await api().get(`${path}?fields=none`)).body).sort()).toEqual([
        '@type',
        'href',
        'id',
      ]);
      const listed = await api().get(`${OFFERINGS}?id=${made.body.id}&fields=name`);
      expect(Object.keys(listed.body[0]).sort()).toEqual(chosen);
      expect((await api().get(path)).body.description).toBe('x');
    });

    it('reach into arrays, in both versions alike', async () => {
      const { id } = await create({
        category: [{ '@type': 'CategoryRef', id: '7', name: 'n', href: '/c' }],
        'x-more': { deep: { a: 1, b: 2 }, list: [] },
      });
      const want = 'category.name,x-more.deep.a';
      for (const base of [V4, V5]) {
        const one = await api().get(`${base}/productOffering/${id}?fields=${want}`).expect(200);
        const list = await api().get(`${base}/productOffering?id=${id}&fields=${want}`).expect(200);
        expect(list.body).toEqual([one.body]);
        expect(one.body).toMatchObject({ category: [{ name: 'n' }], 'x-more': { deep: { a: 1 } } });
        expect(one.body.category[0].href).toBeUndefined();
        expect(one.body.name).toBeUndefined();
      }
    });
  });

  describe('Idempotency-Key', () => {
    it('makes one resource of many requests at once', async () => {
      const key = randomUUID();
      const tag = randomUUID();
      const post = () =>
        api()
          .post(OFFERINGS)
          .set('Idempotency-Key', key)
          .send(offering({ description: tag }));
      const answers = await Promise.all(Array.from({ length: 8 }, post));
      expect(answers.map(({ status }) => status)).toEqual(Array(8).fill(201));
      expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
      expect(new Set(answers.map(({ headers }) => headers['etag'])).size).toBe(1);
      expect((await api().get(`${OFFERINGS}?description=${tag}`)).body).toHaveLength(1);
      const other = api().post(OFFERINGS).set('Idempotency-Key', key);
      await other.send(offering({ description: 'another' })).expect(409);
    });

    it('holds for a further version of an id too', async () => {
      const id = randomUUID();
      await create({ id, version: '1.0' });
      const key = randomUUID();
      const post = () =>
        api()
          .post(OFFERINGS)
          .set('Idempotency-Key', key)
          .send(offering({ id, version: '2.0' }));
      const answers = await Promise.all([post(), post(), post()]);
      expect(answers.map(({ status }) => status)).toEqual([201, 201, 201]);
      expect((await api().get(`${OFFERINGS}?id=${id}`)).body).toHaveLength(2);
    });

    it('is not used up by a request that is refused', async () => {
      const key = randomUUID();
      await api()
        .post(OFFERINGS)
        .set('Idempotency-Key', key)
        .send(offering({ name: 7 }))
        .expect(400);
      await api().post(OFFERINGS).set('Idempotency-Key', key).send(offering()).expect(201);
    });
  });

  describe('versions of one id', () => {
    const three = async () => {
      const id = randomUUID();
      for (const version of ['1.9', '1.10', '1.2']) await create({ id, version, name: version });
      return id;
    };
    const versionsOf = async (id: string): Promise<string[]> =>
      names((await api().get(`${OFFERINGS}?id=${id}`)).body).sort();
    it('the latest is the highest number, the others keep their path', async () => {
      const id = await three();
      expect((await api().get(`${OFFERINGS}/${id}`)).body.name).toBe('1.10');
      const old = await api().get(`${OFFERINGS}/${id}:(version=1.2)`).expect(200);
      expect(old.body).toMatchObject({ id, name: '1.2', href: `${OFFERINGS}/${id}:(version=1.2)` });
      expect((await api().get(`${OFFERINGS}/${id}:(version=1.10)`).expect(200)).body.name).toBe('1.10');
      expect(await versionsOf(id)).toEqual(['1.10', '1.2', '1.9']);
    });

    it('a PATCH changes the version it names and no other', async () => {
      const id = await three();
      const path = `${OFFERINGS}/${id}:(version=1.2)`;
      const changed = await api().patch(path).send({ description: 'old one' }).expect(200);
      expect(changed.body).toMatchObject({ version: '1.2', description: 'old one' });
      expect((await api().get(path)).body).toEqual(changed.body);
      expect((await api().get(`${OFFERINGS}/${id}`)).body.description).toBeUndefined();
      await api().patch(path).send({ version: '3.0' }).expect(409);
      await api().patch(`${OFFERINGS}/${id}`).send({ version: '1.9' }).expect(409);
      await api().patch(`${OFFERINGS}/${id}`).send({ version: '2.0' }).expect(200);
    });

    it('a DELETE of a version removes that one; of the latest, the next lower takes its place', async () => {
      const id = await three();
      const before = (await api().get(`${OFFERINGS}/${id}`)).headers['etag'];
      await api().delete(`${OFFERINGS}/${id}:(version=1.10)`).expect(204);
      const latest = await api().get(`${OFFERINGS}/${id}`).expect(200);
      expect(latest.body.name).toBe('1.9');
      expect(latest.headers['etag']).not.toBe(before);
      await api().delete(`${OFFERINGS}/${id}:(version=1.2)`).expect(204);
      expect(await versionsOf(id)).toEqual(['1.9']);
      await api().delete(`${OFFERINGS}/${id}:(version=1.9)`).expect(204);
      await api().get(`${OFFERINGS}/${id}`).expect(404);
    });

    it('a DELETE of the id removes all of them, each with its event', async () => {
      const deleted: string[] = [];
      const bus = await EventBus.connect({ servers: process.env['NATS_URL'] ?? '', name: 'versions' });
      const spec = {
        durable: `versions-${randomUUID()}`,
        stream: TMF_EVENTS,
        subjects: ['tmf.TMF620.productOffering.ProductOfferingDeleteEvent'],
        concurrency: 1,
        maxAttempts: 1,
        backoffMs: [100],
        ackWaitMs: 5_000,
        startAt: 'new' as const,
      };
      const running = await bus.consume(spec, async (delivery) => {
        const { event } = delivery.json() as { event: { productOffering: { href: string } } };
        deleted.push(event.productOffering.href);
      });
      const id = await three();
      const path = `${OFFERINGS}/${id}`;
      const mine = () => deleted.filter((href) => href.startsWith(path)).sort();
      try {
        await api().delete(path).expect(204);
        await eventually('three delete events', () => mine().length >= 3);
        expect(mine()).toEqual([path, `${path}:(version=1.2)`, `${path}:(version=1.9)`]);
      } finally {
        await running.stop();
        await bus.forget(TMF_EVENTS, spec.durable);
        await bus.close();
      }
      expect(await versionsOf(id)).toEqual([]);
      await api().get(`${OFFERINGS}/${id}:(version=1.2)`).expect(404);
      await create({ id, version: '1.0', name: 'again' });
      expect(await versionsOf(id)).toEqual(['again']);
    });

    it('two at once with one number: one is made, the other is a conflict', async () => {
      const id = await three();
      const post = () =>
        api()
          .post(OFFERINGS)
          .send(offering({ id, version: '5.0', name: '5.0' }));
      const statuses = (await Promise.all([post(), post()])).map(({ status }) => status).sort();
      expect(statuses).toEqual([201, 409]);
      expect((await api().get(`${OFFERINGS}/${id}`)).body.version).toBe('5.0');
    });
  });

  describe('lists', () => {
    const tag = randomUUID();
    const list = `${OFFERINGS}?description=${tag}`;
    const link = (answer: { headers: Record<string, string> }, rel: string): string | undefined =>
      new RegExp(`<([^>]+)>; rel="${rel}"`).exec(answer.headers['link'] ?? '')?.[1];

    beforeAll(async () => {
      for (const n of [1, 2, 3, 4, 5, 6, 7, 8])
        await create({
          name: `n${n}`,
          description: tag,
          isBundle: n % 2 === 0,
          validFor: { '@type': 'TimePeriod', endDateTime: `2026-01-0${n}T00:00:00Z` },
        });
    });

    it.each([
      ['&name=n1', ['n1']],
      ['&name=n1,n3', ['n1', 'n3']],
      ['&name=n1&name=n3', ['n1', 'n3']],
      ['&name="n2"', ['n2']],
      ['&name.gte=n7', ['n7', 'n8']],
      ['&name%3En6', ['n7', 'n8']],
      ['&name.lt=n2', ['n1']],
      ['&isBundle=true&name.lte=n4', ['n2', 'n4']],
      ['&name.ne=n1&name.lt=n3', ['n2']],
      ['&name.regex=^n[12]$', ['n1', 'n2']],
      ['&validFor.endDateTime.gt=2026-01-06T12:00:00Z', ['n7', 'n8']],
      ['&name=n1;name=n2', ['n1', 'n2']],
      ['&filter=$[?(@.name==%27n5%27 || @.name==%27n6%27)]', ['n5', 'n6']],
      ['&name=none', []],
    ])('%s finds %j', async (query, expected) => {
      const combined = query.includes(';')
        ? `${OFFERINGS}?description=${tag}&name=n1;description=${tag}&name=n2`
        : `${list}${query}`;
      const found = await api().get(`${combined}&sort=name`).expect(200);
      expect(names(found.body)).toEqual(expected);
      expect(found.headers['x-result-count']).toBe(String(expected.length));
    });

    it('tells a total up to the cap, none beyond it, and the exact one on request', async () => {
      const beyond = await api().get(`${list}&limit=2`).expect(206);
      expect(beyond.headers['x-total-count']).toBeUndefined();
      expect(beyond.headers['content-range']).toBe('items 0-1/*');
      const exact = await api().get(`${list}&limit=2`).set('Prefer', 'count=exact').expect(206);
      expect(exact.headers).toMatchObject({ 'x-total-count': '8', 'content-range': 'items 0-1/8' });
      expect(exact.headers['preference-applied']).toBe('count=exact');
      const few = await api().get(`${list}&name.lte=n3&limit=2`).expect(206);
      expect(few.headers['x-total-count']).toBe('3');
      const whole = await api().get(list).expect(200);
      expect(whole.headers['x-total-count']).toBe('8');
      const end = await api().get(`${list}&sort=name&offset=6&limit=5`).expect(200);
      expect(end.headers).toMatchObject({ 'x-total-count': '8', 'content-range': 'items 6-7/8' });
      const past = await api().get(`${list}&name.lte=n3&offset=9&limit=5`).expect(200);
      expect(past.headers).toMatchObject({ 'x-total-count': '3', 'content-range': 'items */3' });
    });

    it('is complete with 200 and partial with 206 only when a page was asked for', async () => {
      await api().get(list).expect(200);
      await api().get(`${list}&limit=8`).expect(200);
      await api().get(`${list}&limit=7`).expect(206);
      const ranged = await api().get(`${list}&sort=name`).set('Range', 'items=1-2').expect(206);
      expect(names(ranged.body)).toEqual(['n2', 'n3']);
      const short = await start({ DEFAULT_LIMIT: '3' });
      try {
        const cut = await request(short.url).get(list).expect(200);
        expect(cut.body).toHaveLength(3);
        expect(link(cut, 'next')).toBeDefined();
      } finally {
        await short.close();
      }
    });

    it('leads through all pages and back by cursors, undisturbed by what is inserted meanwhile', async () => {
      const seen: string[] = [];
      const inserted: string[] = [];
      let next: string | undefined = `${list}&sort=-name&limit=3`;
      let last = '';
      while (next !== undefined) {
        const page: request.Response = await api().get(next);
        seen.push(...names(page.body));
        last = next;
        next = link(page, 'next');
        // Behind the place that is read and before it: neither may repeat or hide one of the eight.
        inserted.push((await create({ name: 'z', description: tag })).id);
      }
      expect(seen).toEqual(['n8', 'n7', 'n6', 'n5', 'n4', 'n3', 'n2', 'n1']);
      const back = link(await api().get(last), 'prev') ?? '';
      const previous = await api().get(back).expect(206);
      expect(names(previous.body)).toEqual(['n5', 'n4', 'n3']);
      for (const id of inserted) await api().delete(`${OFFERINGS}/${id}`).expect(204);
    });

    it('refuses cursors of an order that runs through an array, also one that only the store has', async () => {
      await api().get(`${OFFERINGS}?sort=category.id&after=x`).expect(400);
      await api().get(`${V4}/productOffering?sort=category.name&before=x`).expect(400);
      await api().get(`${OFFERINGS}?sort=category.id&limit=1`).expect(206);
    });
  });
});
