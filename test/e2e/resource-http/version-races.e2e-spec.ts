import { randomUUID } from 'node:crypto';
import { offering, OFFERINGS, startCatalogApi, type CatalogApi } from '../support/catalog-api';

const ROUNDS = 40;

describe('versions of one id that change at the same moment', () => {
  let catalog: CatalogApi;
  beforeAll(async () => {
    catalog = await startCatalogApi();
  });
  afterAll(() => catalog?.stop());

  const post = async (id: string, version: string): Promise<number> => {
    const body = offering({ id, version, name: version });
    return (await catalog.api().post(OFFERINGS).send(body)).status;
  };
  const nameAt = async (path: string): Promise<unknown> => (await catalog.api().get(path)).body.name;
  /** Both at once, each of them first by turns. */
  const both = async <A, B>(
    round: number,
    one: () => Promise<A>,
    other: () => Promise<B>,
  ): Promise<[A, B]> => {
    const early = round % 2 === 0 ? undefined : other();
    const first = one();
    return [await first, await (early ?? other())];
  };
  const eachRound = async (play: (id: string, round: number) => Promise<void>): Promise<void> => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const id = randomUUID();
      await catalog.create({ id, version: '1.0', name: '1.0' });
      await play(id, round);
    }
  };

  it('a DELETE of the latest version leaves the one that overtakes it', async () => {
    await eachRound(async (id, round) => {
      const old = `${OFFERINGS}/${id}:(version=1.0)`;
      const [posted, removed] = await both(
        round,
        () => post(id, '2.0'),
        async () => (await catalog.api().delete(old)).status,
      );
      expect([posted, removed]).toEqual([201, 204]);
      expect(await nameAt(`${OFFERINGS}/${id}`)).toBe('2.0');
      await catalog.api().get(old).expect(404);
    });
  });

  it('a PATCH of the latest version leaves the one that overtakes it', async () => {
    await eachRound(async (id, round) => {
      const old = `${OFFERINGS}/${id}:(version=1.0)`;
      const [posted, patched] = await both(
        round,
        () => post(id, '2.0'),
        async () => (await catalog.api().patch(old).send({ name: 'patched' })).status,
      );
      expect([posted, patched]).toEqual([201, 200]);
      expect([await nameAt(`${OFFERINGS}/${id}`), await nameAt(old)]).toEqual(['2.0', 'patched']);
    });
  });

  it('a latest version that gets a lower number while one between is added stays the latest, or keeps its number', async () => {
    await eachRound(async (id, round) => {
      const [posted, patched] = await both(
        round,
        () => post(id, '0.5'),
        async () => (await catalog.api().patch(`${OFFERINGS}/${id}`).send({ version: '0.4' })).status,
      );
      const { body } = await catalog.api().get(`${OFFERINGS}/${id}`).expect(200);
      const all = await catalog.api().get(`${OFFERINGS}?id=${id}&sort=version&fields=version`).expect(200);
      const numbers = (all.body as { version: string }[]).map(({ version }) => version);
      expect([posted, patched, body.version, numbers]).toEqual(
        patched === 200 ? [201, 200, '0.5', ['0.4', '0.5']] : [201, 409, '1.0', ['0.5', '1.0']],
      );
    });
  });

  it('a version that is added below while all are removed is the latest, or gone with them', async () => {
    await eachRound(async (id, round) => {
      const [posted, removed] = await both(
        round,
        () => post(id, '0.5'),
        async () => (await catalog.api().delete(`${OFFERINGS}/${id}`)).status,
      );
      expect([posted, removed]).toEqual([201, 204]);
      const { body } = await catalog.api().get(`${OFFERINGS}?id=${id}`).expect(200);
      const latest = await catalog.api().get(`${OFFERINGS}/${id}`);
      expect(latest.status).toBe(body.length === 0 ? 404 : 200);
    });
  });
});
