import { randomUUID } from 'node:crypto';
import { productCatalog, productCatalogSettings } from '@quotebridge/components/product-catalog';
import request from 'supertest';
import { startComponentSuite, type ComponentSuite } from './support/component-suite';

const V4 = '/tmf-api/productCatalogManagement/v4';
const V5 = '/tmf-api/productCatalogManagement/v5';

describe('TMF620 over HTTP', () => {
  let suite: ComponentSuite;

  beforeAll(async () => {
    suite = await startComponentSuite(productCatalog, productCatalogSettings);
  });
  afterAll(() => suite?.close());

  const api = () => request(suite.component.url);

  const offering = (more: object = {}) => ({
    '@type': 'ProductOffering',
    name: 'Hydraulic pump',
    lifecycleStatus: 'In Study',
    lastUpdate: '2026-01-01T00:00:00Z',
    ...more,
  });

  it('creates with 201, Location equal to href, an ETag and the server-set attributes', async () => {
    const made = await api().post(`${V4}/productOffering`).send({ name: 'Filter' }).expect(201);
    expect(made.headers['location']).toBe(made.body.href);
    expect(made.headers['etag']).toMatch(/^"/);
    expect(made.body).toMatchObject({ name: 'Filter', lifecycleStatus: 'In Study' });
    const read = await api()
      .get(made.headers['location'] ?? '')
      .expect(200);
    expect(read.body).toEqual(made.body);
  });

  it('keeps unknown attributes and shows them in both versions', async () => {
    const extra = {
      'x-unit': 'mm',
      nested: { 'a.b': [1, { $c: null }], empty: '' },
      when: '2026-01-01T00:00:00+02:00',
    };
    const made = await api().post(`${V5}/productOffering`).send(offering(extra)).expect(201);
    expect(made.body).toMatchObject(extra);
    const v4 = await api().get(`${V4}/productOffering/${made.body.id}`).expect(200);
    expect(v4.body).toMatchObject(extra);
    const patched = await api()
      .patch(`${V4}/productOffering/${made.body.id}`)
      .send({ description: 'new' })
      .expect(200);
    expect(patched.body).toMatchObject({ ...extra, description: 'new' });
  });

  it('lists every fault of a body with its path and changes nothing', async () => {
    const refused = await api()
      .post(`${V5}/productOffering`)
      .send({ '@type': 'ProductOffering', name: 7, isBundle: 'x' })
      .expect(400);
    const paths = refused.body.details.map((fault: { path: string }) => fault.path);
    expect(paths).toEqual(expect.arrayContaining(['/name', '/isBundle']));
    expect(refused.body).toMatchObject({ '@type': 'Error', status: '400' });
    expect(refused.headers['x-error-id']).toBe(refused.body.errorId);
  });

  it('refuses a stale If-Match with 412 and a lost update is impossible', async () => {
    const made = await api().post(`${V5}/productOffering`).send(offering()).expect(201);
    const path = `${V5}/productOffering/${made.body.id}`;
    const etag = made.headers['etag'] ?? '';
    await api()
      .patch(path)
      .set('If-Match', etag)
      .send({ '@type': 'ProductOffering', name: 'first' })
      .expect(200);
    await api()
      .patch(path)
      .set('If-Match', etag)
      .send({ '@type': 'ProductOffering', name: 'second' })
      .expect(412);
    expect((await api().get(path)).body.name).toBe('first');
    await api()
      .get(path)
      .set('If-None-Match', (await api().get(path)).headers['etag'] ?? '')
      .expect(304);
  });

  it('filters, sorts and pages with totals', async () => {
    const tag = randomUUID();
    for (const n of [1, 2, 3, 4, 5])
      await api()
        .post(`${V5}/productOffering`)
        .send(offering({ name: `${tag}-${n}`, description: tag }))
        .expect(201);
    const page = await api().get(`${V5}/productOffering?description=${tag}&sort=-name&limit=2`).expect(206);
    expect(page.body.map((item: { name: string }) => item.name)).toEqual([`${tag}-5`, `${tag}-4`]);
    expect(page.headers['x-total-count']).toBe('5');
    const next = /<([^>]+)>; rel="next"/.exec(page.headers['link'] ?? '')?.[1] ?? '';
    const second = await api().get(next).expect(206);
    expect(second.body.map((item: { name: string }) => item.name)).toEqual([`${tag}-3`, `${tag}-2`]);
    await api().get(`${V5}/productOffering?nope=1`).expect(400);
  });

  it('gives the same answer to a repeated Idempotency-Key and refuses another body', async () => {
    const key = randomUUID();
    const first = await api()
      .post(`${V5}/productOffering`)
      .set('Idempotency-Key', key)
      .send(offering())
      .expect(201);
    const again = await api()
      .post(`${V5}/productOffering`)
      .set('Idempotency-Key', key)
      .send(offering())
      .expect(201);
    expect(again.body).toEqual(first.body);
    await api()
      .post(`${V5}/productOffering`)
      .set('Idempotency-Key', key)
      .send(offering({ name: 'other' }))
      .expect(409);
  });

  it('answers 405 with Allow, 406, 415 and 404 with the TMF error body', async () => {
    const put = await api().put(`${V5}/productOffering/1`).send({}).expect(405);
    expect(put.headers['allow']).toContain('PATCH');
    expect(put.body['@type']).toBe('Error');
    await api().get(`${V5}/productOffering`).set('Accept', 'text/csv').expect(406);
    await api().post(`${V5}/productOffering`).set('Content-Type', 'text/plain').send('x').expect(415);
    const unknown = await api().get(`${V5}/nothing`).expect(404);
    expect(unknown.body.errorId).toBe(unknown.headers['x-error-id']);
    await api().get(`${V5}/productOffering/none`).expect(404);
  });

  it('enforces the life cycle with the allowed steps in the refusal', async () => {
    const made = await api().post(`${V5}/productOffering`).send(offering()).expect(201);
    const path = `${V5}/productOffering/${made.body.id}`;
    const refused = await api()
      .patch(path)
      .send({ '@type': 'ProductOffering', lifecycleStatus: 'Launched' })
      .expect(409);
    expect(refused.body.message).toContain('In Design');
    await api().patch(path).send({ '@type': 'ProductOffering', lifecycleStatus: 'In Design' }).expect(200);
    await api().delete(path).expect(204);
    await api().get(path).expect(404);
  });

  it('keeps versions of one id: the highest is the latest, each can be read', async () => {
    const id = randomUUID();
    await api()
      .post(`${V5}/productOffering`)
      .send(offering({ id, version: '1.0' }))
      .expect(201);
    await api()
      .post(`${V5}/productOffering`)
      .send(offering({ id, version: '1.0' }))
      .expect(409);
    await api()
      .post(`${V5}/productOffering`)
      .send(offering({ id, version: '2.0', name: 'newer' }))
      .expect(201);
    expect((await api().get(`${V5}/productOffering/${id}`)).body.version).toBe('2.0');
    expect((await api().get(`${V5}/productOffering/${id}:(version=1.0)`).expect(200)).body.name).toBe(
      'Hydraulic pump',
    );
    expect((await api().get(`${V5}/productOffering?id=${id}`)).body).toHaveLength(2);
  });
});
