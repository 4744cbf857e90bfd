import request from 'supertest';
import { CATALOG_V4, CATALOG_V5, OFFERINGS, startCatalogApi, type CatalogApi } from '../support/catalog-api';

const MERGE = 'application/merge-patch+json';
const JSON_PATCH = 'application/json-patch+json';

describe('a change over HTTP', () => {
  let catalog: CatalogApi;
  beforeAll(async () => {
    catalog = await startCatalogApi();
  });
  afterAll(() => catalog?.stop());

  describe('conditions of a request', () => {
    it('compares the tags of a list, weakly where nothing is changed', async () => {
      const { id } = await catalog.create();
      const path = `${OFFERINGS}/${id}`;
      const etag = (await catalog.api().get(path)).headers['etag'] ?? '';
      await catalog.api().get(path).set('If-None-Match', `"a,b", W/${etag}`).expect(304);
      await catalog.api().get(path).set('If-None-Match', '*').expect(304);
      await catalog.api().get(path).set('If-None-Match', '"a", "b"').expect(200);
      await catalog.api().get(path).set('If-Match', '"a"').expect(412);
      const patch = { '@type': 'ProductOffering', name: 'new' };
      const stale = await catalog.api().patch(path).set('If-Match', `W/${etag}`).send(patch).expect(412);
      expect(stale.headers['etag']).toBe(etag);
      await catalog.api().patch(path).set('If-None-Match', etag).send(patch).expect(412);
      const changed = await catalog.api().patch(path).set('If-Match', `"x", ${etag}`).send(patch).expect(200);
      expect(changed.headers['etag']).not.toBe(etag);
      await catalog.api().delete(path).set('If-Match', etag).expect(412);
      await catalog.api().delete(path).set('If-Match', '*').expect(204);
    });

    it('demands If-Match with 428 where the deployment wants it', async () => {
      const strict = await catalog.start({ REQUIRE_IF_MATCH: 'true' });
      try {
        const { id } = await catalog.create();
        await request(strict.url).patch(`${OFFERINGS}/${id}`).send({ name: 'x' }).expect(428);
        await request(strict.url).delete(`${OFFERINGS}/${id}`).expect(428);
      } finally {
        await strict.close();
      }
    });

    it('limits the rate of each client with 429 and says when to come back', async () => {
      const limited = await catalog.start({ RATE_LIMIT_PER_MINUTE: '3', TRUST_PROXY: 'true' });
      try {
        const from = (client: string) =>
          request(limited.url).get(`${OFFERINGS}/none`).set('X-Forwarded-For', client);
        const answers = [];
        for (let i = 0; i < 4; i += 1) answers.push(await from('127.0.0.2'));
        await from('127.0.0.3').expect(404);
        expect(answers.map(({ status }) => status)).toEqual([404, 404, 404, 429]);
        expect(answers[3]?.headers['retry-after']).toBeDefined();
        expect(answers[3]?.body).toMatchObject({ '@type': 'Error', status: '429' });
      } finally {
        await limited.close();
      }
    });

    it('takes a client for the one whom the proxy tells of, not for whom he says he is', async () => {
      const proxied = await catalog.start({ TRUST_PROXY: 'true' });
      try {
        const from = (addresses: string) =>
          request(proxied.url).get(`${OFFERINGS}/none`).set('X-Forwarded-For', addresses);
        // Without access control only this machine may call.
        await from('127.0.0.1').expect(404);
        await from('127.0.0.1, 8.8.4.4').expect(403);
      } finally {
        await proxied.close();
      }
    });

    it('answers HEAD with the headers of GET and no body', async () => {
      const { id } = await catalog.create();
      const got = await catalog.api().get(`${OFFERINGS}/${id}`).expect(200);
      const head = await catalog.api().head(`${OFFERINGS}/${id}`).expect(200);
      expect(head.text ?? '').toBe('');
      for (const name of ['etag', 'content-type', 'content-length'])
        expect(head.headers[name]).toBe(got.headers[name]);
      const list = await catalog.api().head(`${OFFERINGS}?id=${id}`).expect(200);
      expect(list.headers['x-total-count']).toBe('1');
      await catalog.api().head(`${OFFERINGS}/none`).expect(404);
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
      const { id } = await catalog.create({ category: [{ '@type': 'CategoryRef', id: '7', name: 'old' }] });
      const before = await catalog.api().get(`${OFFERINGS}/${id}`);
      const answer = await catalog
        .api()
        .patch(`${OFFERINGS}/${id}`)
        .type(type)
        .send(JSON.stringify(body))
        .expect(status);
      if (status === 200) expect((await catalog.api().get(`${OFFERINGS}/${id}`)).body).toEqual(answer.body);
      else
        expect((await catalog.api().get(`${OFFERINGS}/${id}`)).headers['etag']).toBe(before.headers['etag']);
    });

    it('lists every fault of a patch with its path, each once', async () => {
      const { id } = await catalog.create();
      const refused = await catalog
        .api()
        .patch(`${OFFERINGS}/${id}`)
        .send({ id: 'another', name: 7, isBundle: 'no', _rev: 1 })
        .expect(400);
      const paths = refused.body.details.map(({ path }: { path: string }) => path);
      expect(paths.sort()).toEqual(['/_rev', '/id', '/isBundle', '/name']);
    });

    it('is not refused for what the other version did not demand, unless it touches that', async () => {
      const made = await catalog.api().post(`${CATALOG_V4}/productOfferingPrice`).send({ name: 'Price' });
      const price = `${CATALOG_V5}/productOfferingPrice/${made.body.id}`;
      // Version 5 demands a priceType.
      await catalog.api().patch(price).send({ description: 'new' }).expect(200);
      await catalog.api().patch(price).send({ priceType: 'oneTime' }).expect(200);
      await catalog.api().patch(price).send({ priceType: null }).expect(400);

      // And a role of each party.
      const party = { id: '1', name: 'Pumps Ltd', '@referredType': 'Organization' };
      const { body } = await catalog
        .api()
        .post(`${CATALOG_V4}/productSpecification`)
        .send({ name: 'Pump', relatedParty: [party] })
        .expect(201);
      const specification = `${CATALOG_V5}/productSpecification/${body.id}`;
      const read = await catalog.api().get(specification).expect(200);
      const patched = await catalog.api().patch(specification).send({ description: 'new' }).expect(200);
      expect(patched.body.relatedParty).toEqual(read.body.relatedParty);
      const [first] = read.body.relatedParty;
      const other = { ...first, partyOrPartyRole: { ...first.partyOrPartyRole, id: '2' } };
      const refused = await catalog
        .api()
        .patch(specification)
        .send({ relatedParty: [other] })
        .expect(400);
      expect(refused.body.details).toMatchObject([{ path: '/relatedParty/0/role', code: 'required' }]);
    });

    it('loses no update of concurrent writers: attributes of others stay, the same one is a conflict', async () => {
      const { id } = await catalog.create();
      const path = `${OFFERINGS}/${id}`;
      const others = await Promise.all(
        ['a', 'b', 'c', 'd', 'e', 'f'].map((name) =>
          catalog
            .api()
            .patch(path)
            .send({ [`x-${name}`]: name }),
        ),
      );
      expect(others.map(({ status }) => status)).toEqual(Array(6).fill(200));
      expect((await catalog.api().get(path)).body).toMatchObject({ 'x-a': 'a', 'x-c': 'c', 'x-f': 'f' });
      const same = await Promise.all(
        [1, 2, 3, 4].map((n) =>
          catalog
            .api()
            .patch(path)
            .send({ description: `${n}` }),
        ),
      );
      const statuses = same.map(({ status }) => status);
      expect(statuses).toContain(200);
      expect(statuses.filter((status) => status !== 200 && status !== 409)).toEqual([]);
    });
  });
});
