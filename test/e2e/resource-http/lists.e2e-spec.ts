import { randomUUID } from 'node:crypto';
import request from 'supertest';
import { CATALOG_V4, namesOf, OFFERINGS, startCatalogApi, type CatalogApi } from '../support/catalog-api';

describe('a list over HTTP', () => {
  let catalog: CatalogApi;
  beforeAll(async () => {
    catalog = await startCatalogApi();
  });
  afterAll(() => catalog?.stop());

  const tag = randomUUID();
  const list = `${OFFERINGS}?description=${tag}`;
  const link = (answer: { headers: Record<string, string> }, rel: string): string | undefined =>
    new RegExp(`<([^>]+)>; rel="${rel}"`).exec(answer.headers['link'] ?? '')?.[1];

  beforeAll(async () => {
    for (const n of [1, 2, 3, 4, 5, 6, 7, 8])
      await catalog.create({
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
    const found = await catalog.api().get(`${combined}&sort=name`).expect(200);
    expect(namesOf(found.body)).toEqual(expected);
    expect(found.headers['x-result-count']).toBe(String(expected.length));
  });

  it('tells a total up to the cap, none beyond it, and the exact one on request', async () => {
    const beyond = await catalog.api().get(`${list}&limit=2`).expect(206);
    expect(beyond.headers['x-total-count']).toBeUndefined();
    expect(beyond.headers['content-range']).toBe('items 0-1/*');
    const exact = await catalog.api().get(`${list}&limit=2`).set('Prefer', 'count=exact').expect(206);
    expect(exact.headers).toMatchObject({ 'x-total-count': '8', 'content-range': 'items 0-1/8' });
    expect(exact.headers['preference-applied']).toBe('count=exact');
    const few = await catalog.api().get(`${list}&name.lte=n3&limit=2`).expect(206);
    expect(few.headers['x-total-count']).toBe('3');
    const whole = await catalog.api().get(list).expect(200);
    expect(whole.headers['x-total-count']).toBe('8');
    const end = await catalog.api().get(`${list}&sort=name&offset=6&limit=5`).expect(200);
    expect(end.headers).toMatchObject({ 'x-total-count': '8', 'content-range': 'items 6-7/8' });
    const past = await catalog.api().get(`${list}&name.lte=n3&offset=9&limit=5`).expect(200);
    expect(past.headers).toMatchObject({ 'x-total-count': '3', 'content-range': 'items */3' });
  });

  it('is complete with 200 and partial with 206 only when a page was asked for', async () => {
    await catalog.api().get(list).expect(200);
    await catalog.api().get(`${list}&limit=8`).expect(200);
    await catalog.api().get(`${list}&limit=7`).expect(206);
    const ranged = await catalog.api().get(`${list}&sort=name`).set('Range', 'items=1-2').expect(206);
    expect(namesOf(ranged.body)).toEqual(['n2', 'n3']);
    const short = await catalog.start({ DEFAULT_LIMIT: '3' });
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
      const page: request.Response = await catalog.api().get(next);
      seen.push(...namesOf(page.body));
      last = next;
      next = link(page, 'next');
      // Behind the place that is read and before it: neither may repeat or hide one of the eight.
      inserted.push((await catalog.create({ name: 'z', description: tag })).id);
    }
    expect(seen).toEqual(['n8', 'n7', 'n6', 'n5', 'n4', 'n3', 'n2', 'n1']);
    const back = link(await catalog.api().get(last), 'prev') ?? '';
    const previous = await catalog.api().get(back).expect(206);
    expect(namesOf(previous.body)).toEqual(['n5', 'n4', 'n3']);
    for (const id of inserted) await catalog.api().delete(`${OFFERINGS}/${id}`).expect(204);
  });

  it('leads through items whose sort values are too long for a link, or says that the place is lost', async () => {
    const long = randomUUID();
    const text = (n: number): string => `${'x'.repeat(5_000)}${n}`;
    const ids: string[] = [];
    for (const n of [0, 1, 2, 2, 3]) {
      const { id } = await catalog.create({ name: long, description: text(n) });
      ids.push(id);
    }
    const seen: string[] = [];
    const pages: string[] = [];
    for (
      let next: string | undefined = `${OFFERINGS}?name=${long}&sort=description&fields=name&limit=1`;
      next !== undefined;
    ) {
      const page: request.Response = await catalog.api().get(next);
      pages.push(next);
      seen.push(...(page.body as { id: string }[]).map(({ id }) => id));
      next = link(page, 'next');
    }
    expect(seen.toSorted()).toEqual(ids.toSorted());
    expect(seen.at(0)).toBe(ids[0]);
    expect(seen.at(-1)).toBe(ids[4]);
    await catalog
      .api()
      .patch(`${OFFERINGS}/${ids[0]}`)
      .send({ description: text(9) })
      .expect(200);
    const lost = await catalog
      .api()
      .get(pages[1] ?? '')
      .expect(400);
    expect(lost.body.message).toContain('start again');
  });

  it('refuses cursors of an order that runs through an array, also one that only the store has', async () => {
    await catalog.api().get(`${OFFERINGS}?sort=category.id&after=x`).expect(400);
    await catalog.api().get(`${CATALOG_V4}/productOffering?sort=category.name&before=x`).expect(400);
    await catalog.api().get(`${OFFERINGS}?sort=category.id&limit=1`).expect(206);
  });
});
