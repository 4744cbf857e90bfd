import { randomUUID } from 'node:crypto';
import type { RunningComponent } from '@quotebridge/tmf/component';
import request from 'supertest';
import { CATALOG_V4, CATALOG_V5, OFFERINGS, startCatalogApi, type CatalogApi } from '../support/catalog-api';

describe('a request that names the type of a body which it does not have', () => {
  let catalog: CatalogApi;
  /** A replica whose subscribers may be on this machine. */
  let other: RunningComponent;
  const api = () => request(other.url);
  beforeAll(async () => {
    catalog = await startCatalogApi();
    other = await catalog.start({ OUTBOUND_ALLOW: 'loopback' });
  });
  afterAll(async () => {
    await other?.close();
    await catalog?.stop();
  });

  const nothing = [
    { 'Content-Type': 'application/json' },
    { 'Content-Type': 'application/json; charset=utf-8', 'Content-Length': '0' },
    { 'Content-Type': 'text/plain' },
    { 'Content-Type': 'application/json', 'Transfer-Encoding': 'chunked' },
    { 'Content-Type': 'text/plain', 'Transfer-Encoding': 'chunked' },
  ];

  it.each(nothing)('with %j reads and deletes a resource in both versions', async (headers) => {
    for (const path of [CATALOG_V4, CATALOG_V5]) {
      const { id } = await catalog.create();
      const item = `${path}/productOffering/${id}`;
      await catalog.api().get(item).set(headers).expect(200);
      await catalog.api().delete(item).set(headers).expect(204);
      await catalog.api().get(item).expect(404);
    }
  });

  it.each(nothing)('with %j resumes and deletes a subscription', async (headers) => {
    const hub = `${CATALOG_V5}/hub`;
    const body = { '@type': 'Hub', callback: 'http://127.0.0.1:1/listener' };
    const { id } = (await api().post(hub).send(body).expect(201)).body as { id: string };
    await api().post(`/operations/hub/${id}/resume`).set(headers).expect(200);
    await api().delete(`${hub}/${id}`).set(headers).expect(204);
    await api().get(`${hub}/${id}`).expect(404);
  });

  it.each(nothing)('with %j is refused where a body is needed', async (headers) => {
    const { id } = await catalog.create();
    for (const [method, path] of [
      ['post', OFFERINGS],
      ['post', `${CATALOG_V5}/hub`],
      ['patch', `${OFFERINGS}/${id}`],
      ['patch', `${OFFERINGS}/${randomUUID()}`],
    ] as const) {
      const refused = await catalog.api()[method](path).set(headers).expect(400);
      expect(refused.body).toMatchObject({ '@type': 'Error', code: 'emptyBody', status: '400' });
      expect(refused.headers['x-error-id']).toBe(refused.body.errorId);
    }
  });

  it('and one whose body is broken deletes nothing', async () => {
    const { id } = await catalog.create();
    const item = `${OFFERINGS}/${id}`;
    const refused = await catalog
      .api()
      .delete(item)
      .set('Content-Type', 'application/json')
      .send('{')
      .expect(400);
    expect(refused.body).toMatchObject({ code: 'malformedJson' });
    await catalog.api().get(item).expect(200);
  });
});
