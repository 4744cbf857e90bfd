import { randomUUID } from 'node:crypto';
import { mongo } from 'mongoose';
import {
  CATALOG_V4,
  CATALOG_V5,
  offering,
  OFFERINGS,
  startCatalogApi,
  type CatalogApi,
} from '../support/catalog-api';

describe('an answer over HTTP', () => {
  let catalog: CatalogApi;
  beforeAll(async () => {
    catalog = await startCatalogApi();
  });
  afterAll(() => catalog?.stop());

  describe('fields', () => {
    const chosen = ['@type', 'href', 'id', 'name'];
    it('are honoured by every answer with a resource', async () => {
      const made = await catalog.api().post(`${OFFERINGS}?fields=name`).send(offering()).expect(201);
      expect(Object.keys(made.body).sort()).toEqual(chosen);
      const path = `${OFFERINGS}/${made.body.id}`;
      const patched = await catalog.api().patch(`${path}?fields=name`).send({ description: 'x' }).expect(200);
      expect(Object.keys(patched.body).sort()).toEqual(chosen);
      expect(Object.keys((await catalog.api().get(`${path}?fields=name`)).body).sort()).toEqual(chosen);
      expect(Object.keys((await catalog.api().get(`${path}?fields=none`)).body).sort()).toEqual([
        '@type',
        'href',
        'id',
      ]);
      const listed = await catalog.api().get(`${OFFERINGS}?id=${made.body.id}&fields=name`);
      expect(Object.keys(listed.body[0]).sort()).toEqual(chosen);
      expect((await catalog.api().get(path)).body.description).toBe('x');
    });

    it('reach into arrays, in both versions alike', async () => {
      const { id } = await catalog.create({
        category: [{ '@type': 'CategoryRef', id: '7', name: 'n', href: '/c' }],
        'x-more': { deep: { a: 1, b: 2 }, list: [] },
      });
      const want = 'category.name,x-more.deep.a';
      for (const base of [CATALOG_V4, CATALOG_V5]) {
        const one = await catalog.api().get(`${base}/productOffering/${id}?fields=${want}`).expect(200);
        const list = await catalog.api().get(`${base}/productOffering?id=${id}&fields=${want}`).expect(200);
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
        catalog
          .api()
          .post(OFFERINGS)
          .set('Idempotency-Key', key)
          .send(offering({ description: tag }));
      const answers = await Promise.all(Array.from({ length: 8 }, post));
      expect(answers.map(({ status }) => status)).toEqual(Array(8).fill(201));
      expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
      expect(new Set(answers.map(({ headers }) => headers['etag'])).size).toBe(1);
      expect((await catalog.api().get(`${OFFERINGS}?description=${tag}`)).body).toHaveLength(1);
      const other = catalog.api().post(OFFERINGS).set('Idempotency-Key', key);
      await other.send(offering({ description: 'another' })).expect(409);
    });

    it('holds for a further version of an id too', async () => {
      const id = randomUUID();
      await catalog.create({ id, version: '1.0' });
      const key = randomUUID();
      const post = () =>
        catalog
          .api()
          .post(OFFERINGS)
          .set('Idempotency-Key', key)
          .send(offering({ id, version: '2.0' }));
      const answers = await Promise.all([post(), post(), post()]);
      expect(answers.map(({ status }) => status)).toEqual([201, 201, 201]);
      expect((await catalog.api().get(`${OFFERINGS}?id=${id}`)).body).toHaveLength(2);
    });

    it('waits for its turn where a lock is taken, and is not begun again and again', async () => {
      const launched = { name: 'Seal', lifecycleStatus: 'Launched', lastUpdate: '2026-01-01T00:00:00Z' };
      const { body: part } = await catalog
        .api()
        .post(`${CATALOG_V5}/productSpecification`)
        .send({ '@type': 'ProductSpecification', ...launched })
        .expect(201);
      const productSpecification = { '@type': 'ProductSpecificationRef', id: part.id };
      const begun = jest.spyOn(mongo.ClientSession.prototype, 'startTransaction');
      try {
        const answers = await Promise.all(
          Array.from({ length: 20 }, () =>
            catalog
              .api()
              .post(OFFERINGS)
              .set('Idempotency-Key', randomUUID())
              .send(offering({ ...launched, productSpecification })),
          ),
        );
        expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(201));
        // Others, the relay for one, may touch the same document; without turns there were hundreds.
        expect(begun.mock.calls.length).toBeLessThan(40);
      } finally {
        begun.mockRestore();
      }
    });

    it('is not used up by a request that is refused', async () => {
      const key = randomUUID();
      await catalog
        .api()
        .post(OFFERINGS)
        .set('Idempotency-Key', key)
        .send(offering({ name: 7 }))
        .expect(400);
      await catalog.api().post(OFFERINGS).set('Idempotency-Key', key).send(offering()).expect(201);
    });
  });
});
