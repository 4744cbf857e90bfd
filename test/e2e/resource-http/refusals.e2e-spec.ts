import { randomUUID } from 'node:crypto';
import request from 'supertest';
import { eventually, startOwnNats } from '../support';
import {
  CATALOG_V4,
  CATALOG_V5,
  offering,
  OFFERINGS,
  startCatalogApi,
  type CatalogApi,
} from '../support/catalog-api';

const JSON_PATCH = 'application/json-patch+json';

describe('what is refused over HTTP', () => {
  let catalog: CatalogApi;
  beforeAll(async () => {
    catalog = await startCatalogApi();
  });
  afterAll(() => catalog?.stop());

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
    ['an unknown path', 'get', `${CATALOG_V5}/nothing`, undefined, 404],
    ['a method of no resource', 'put', OFFERINGS, '{}', 405],
    ['a method of no item', 'post', `${OFFERINGS}/1`, '{}', 405],
    ['a PATCH of a task', 'patch', `${CATALOG_V5}/importJob/1`, '{}', 405],
    ['an array', 'post', OFFERINGS, '[]', 400],
    ['null', 'post', OFFERINGS, 'null', 400],
    ['a text', 'post', OFFERINGS, '"x"', 400],
    ['an empty body', 'post', OFFERINGS, '', 400],
    ['broken JSON', 'post', OFFERINGS, '{"name":', 400],
    ['a prototype', 'post', OFFERINGS, '{"__proto__":{}}', 400],
    ['a NUL in a name', 'post', `${CATALOG_V4}/productOffering`, '{"name":"x","y":{"a\\u0000b":1}}', 400],
    ['an empty filter', 'get', `${OFFERINGS}?filter=`, undefined, 400],
    ['a number that cannot be kept', 'post', OFFERINGS, '{"x":12345678901234567891}', 400],
    ['deep nesting', 'post', OFFERINGS, `${'['.repeat(200)}${']'.repeat(200)}`, 400],
    ['an id that is a number', 'post', `${CATALOG_V4}/productOffering`, '{"name":"x","id":7}', 400],
    ['an id with a slash', 'post', `${CATALOG_V4}/productOffering`, '{"name":"x","id":"a/b"}', 400],
    ['an id of two dots', 'post', `${CATALOG_V4}/productOffering`, '{"name":"x","id":".."}', 400],
    ['an id with a NUL', 'post', `${CATALOG_V4}/productOffering`, '{"name":"x","id":"a\\u0000"}', 400],
    [
      'an id of 201 characters',
      'post',
      `${CATALOG_V4}/productOffering`,
      `{"name":"x","id":"${'i'.repeat(201)}"}`,
      400,
    ],
    ['a name that the store keeps', 'post', `${CATALOG_V4}/productOffering`, '{"name":"x","_rev":3}', 400],
    ['a hub body that is an array', 'post', `${CATALOG_V5}/hub`, '[]', 400],
  ] as const)('%s: %s is refused', async (_what, method, path, body, status) => {
    const sent = catalog.api()[method](path).set('Content-Type', 'application/json');
    const refused = await (body === undefined ? sent : sent.send(body)).expect(status);
    expect(refused.body).toMatchObject({ '@type': 'Error', status: String(status) });
    for (const name of ['code', 'reason', 'message', 'errorId'])
      expect(refused.body[name]).toEqual(expect.any(String));
    expect(refused.headers['x-error-id']).toBe(refused.body.errorId);
    if (status === 405) expect(refused.headers['allow']).toContain('GET');
  });

  it.each(['PROPFIND', 'LINK', 'SEARCH'])('answers %s, which no path has, with a 501', async (method) => {
    for (const path of [OFFERINGS, `${CATALOG_V5}/nothing`, '/', '/health/live']) {
      const answer = await catalog.raw(method, path);
      expect(answer.status).toBe(501);
      expect(await answer.json()).toMatchObject({
        '@type': 'Error',
        code: 'methodNotImplemented',
        status: '501',
        reason: 'Not Implemented',
        errorId: answer.headers.get('x-error-id'),
      });
    }
  });

  const reversed = { startDateTime: '2026-02-01T00:00:00Z', endDateTime: '2026-01-01T00:00:00Z' };
  it.each([CATALOG_V4, CATALOG_V5])('refuses below %s a period that ends before it starts', async (base) => {
    const path = `${base}/productOffering`;
    const refused = await catalog
      .api()
      .post(path)
      .send(offering({ validFor: reversed }))
      .expect(400);
    expect(refused.body.details).toEqual([
      {
        path: '/validFor/endDateTime',
        message: `must not be before startDateTime: ${reversed.endDateTime} is before ${reversed.startDateTime}`,
        code: 'period',
      },
    ]);
    const { startDateTime, endDateTime } = reversed;
    const { id } = await catalog.create({ validFor: { startDateTime } });
    const patch = (validFor: object) =>
      catalog.api().patch(`${path}/${id}`).send({ '@type': 'ProductOffering', validFor });
    const late = await patch({ endDateTime }).expect(400);
    expect(late.body.details[0].path).toBe('/validFor/endDateTime');
    await patch({ endDateTime: startDateTime }).expect(200);
    await patch({ startDateTime: null, endDateTime }).expect(200);
  });

  it('gives every refusal an id of its own', async () => {
    const ids = await Promise.all(
      Array.from(
        { length: 20 },
        async () => (await catalog.api().get(`${OFFERINGS}/none`)).body.errorId as string,
      ),
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
    await catalog
      .api()
      .post(OFFERINGS)
      .set(headers as Record<string, string>)
      .send(JSON.stringify(offering()))
      .expect(415);
  });

  it('names the patch types in the 415 of a PATCH and in the answer to OPTIONS', async () => {
    const { id } = await catalog.create();
    const told = await catalog.api().options(`${OFFERINGS}/${id}`).expect(204);
    expect(told.headers['allow']).toBe('GET, HEAD, PATCH, DELETE, OPTIONS');
    expect(told.headers['accept-patch']).toContain('application/json-patch-query+json');
    const patch = () => catalog.api().patch(`${OFFERINGS}/${id}`).set('Content-Type', 'text/plain');
    const refused = await patch().send('x').expect(415);
    expect(refused.body.message).toContain('application/json-patch-query+json');
    expect(refused.headers['accept-patch']).toContain('application/json-patch-query+json');
  });

  it('names the media type that a POST must have', async () => {
    const refused = await catalog
      .api()
      .post(OFFERINGS)
      .set('Content-Type', 'text/plain')
      .send('x')
      .expect(415);
    expect(refused.body.message).toBe('The body of a POST must be application/json');
  });

  it('refuses a JSON Patch that would write a name with a NUL', async () => {
    const { id } = await catalog.create({ extra: {} });
    const patch = [{ op: 'add', path: '/extra/a\0b', value: 1 }];
    await catalog
      .api()
      .patch(`${OFFERINGS}/${id}`)
      .set('Content-Type', JSON_PATCH)
      .send(JSON.stringify(patch))
      .expect(422);
  });

  it('suggests the attribute that was meant', async () => {
    const refused = await catalog.api().get(`${OFFERINGS}?lifecycleStatu=x&categroy.id=1`).expect(400);
    expect(refused.body.details.map((fault: { message: string }) => fault.message)).toEqual([
      expect.stringContaining('Did you mean lifecycleStatus?'),
      expect.stringContaining('Did you mean category.id?'),
    ]);
  });

  it('takes a body of 10 MB, sends its events, and refuses a larger one with 413', async () => {
    const nats = await startOwnNats();
    const name = catalog.database('large');
    const large = await catalog.start({ NATS_URL: nats.url, DATABASE: name });
    const api = () => request(large.url);
    const stored = (await catalog.store()).db(name);
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
    );
    await large.close();
    await stored.dropDatabase();
    await nats.stop();
  });
});
