import { randomUUID } from 'node:crypto';
import { EventBus, TMF_EVENTS } from '@quotebridge/platform/events';
import { eventually } from '../support';
import { namesOf, offering, OFFERINGS, startCatalogApi, type CatalogApi } from '../support/catalog-api';

describe('a resource with versions', () => {
  let catalog: CatalogApi;
  beforeAll(async () => {
    catalog = await startCatalogApi();
  });
  afterAll(() => catalog?.stop());

  const three = async () => {
    const id = randomUUID();
    for (const version of ['1.9', '1.10', '1.2']) await catalog.create({ id, version, name: version });
    return id;
  };
  const versionsOf = async (id: string): Promise<string[]> =>
    namesOf((await catalog.api().get(`${OFFERINGS}?id=${id}`)).body).sort();
  it('the latest is the highest number, the others keep their path', async () => {
    const id = await three();
    expect((await catalog.api().get(`${OFFERINGS}/${id}`)).body.name).toBe('1.10');
    const old = await catalog.api().get(`${OFFERINGS}/${id}:(version=1.2)`).expect(200);
    expect(old.body).toMatchObject({ id, name: '1.2', href: `${OFFERINGS}/${id}:(version=1.2)` });
    expect((await catalog.api().get(`${OFFERINGS}/${id}:(version=1.10)`).expect(200)).body.name).toBe('1.10');
    expect(await versionsOf(id)).toEqual(['1.10', '1.2', '1.9']);
  });

  it.each(['2026/1', 'A#1', '1?'])('the href of the version %s leads to it', async (version) => {
    const id = randomUUID();
    for (const one of [version, 'Z']) await catalog.create({ id, version: one, name: one });
    const { body } = await catalog.api().get(`${OFFERINGS}?id=${id}&name.ne=Z`).expect(200);
    const old = await catalog.api().get(body[0].href).expect(200);
    expect(old.body).toMatchObject({ id, version, href: body[0].href });
  });

  it('an id that would be shown as a version of another one is refused', async () => {
    const body = offering({ id: `${randomUUID()}:(version=1`, name: 'disguised' });
    await catalog.api().post(OFFERINGS).send(body).expect(400);
  });

  it('a PATCH changes the version it names and no other', async () => {
    const id = await three();
    const path = `${OFFERINGS}/${id}:(version=1.2)`;
    const changed = await catalog.api().patch(path).send({ description: 'old one' }).expect(200);
    expect(changed.body).toMatchObject({ version: '1.2', description: 'old one' });
    expect((await catalog.api().get(path)).body).toEqual(changed.body);
    expect((await catalog.api().get(`${OFFERINGS}/${id}`)).body.description).toBeUndefined();
    await catalog.api().patch(path).send({ version: '3.0' }).expect(409);
    await catalog.api().patch(`${OFFERINGS}/${id}`).send({ version: '1.9' }).expect(409);
    await catalog.api().patch(`${OFFERINGS}/${id}`).send({ version: '2.0' }).expect(200);
  });

  it('a DELETE of a version removes that one; of the latest, the next lower takes its place', async () => {
    const id = await three();
    const before = (await catalog.api().get(`${OFFERINGS}/${id}`)).headers['etag'];
    await catalog.api().delete(`${OFFERINGS}/${id}:(version=1.10)`).expect(204);
    const latest = await catalog.api().get(`${OFFERINGS}/${id}`).expect(200);
    expect(latest.body.name).toBe('1.9');
    expect(latest.headers['etag']).not.toBe(before);
    await catalog.api().delete(`${OFFERINGS}/${id}:(version=1.2)`).expect(204);
    expect(await versionsOf(id)).toEqual(['1.9']);
    await catalog.api().delete(`${OFFERINGS}/${id}:(version=1.9)`).expect(204);
    await catalog.api().get(`${OFFERINGS}/${id}`).expect(404);
  });

  it('a version that takes the place of the latest has an ETag that it never had', async () => {
    const id = await three();
    const path = `${OFFERINGS}/${id}:(version=1.9)`;
    const seen = [(await catalog.api().get(path)).headers['etag']];
    for (const description of ['a', 'b', 'c', 'd', 'e'])
      seen.push((await catalog.api().patch(path).send({ description }).expect(200)).headers['etag']);
    await catalog.api().delete(`${OFFERINGS}/${id}:(version=1.10)`).expect(204);
    const now = await catalog.api().get(path).expect(200);
    expect(now.body.description).toBe('e');
    expect(seen).not.toContain(now.headers['etag']);
  });

  it('a DELETE of the id removes all of them, each with its event', async () => {
    const deleted: string[] = [];
    const bus = await EventBus.connect({ servers: catalog.nats, name: 'versions' });
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
      await catalog.api().delete(path).expect(204);
      await eventually('three delete events', () => mine().length >= 3);
      expect(mine()).toEqual([path, `${path}:(version=1.2)`, `${path}:(version=1.9)`]);
    } finally {
      await running.stop();
      await bus.forget(TMF_EVENTS, spec.durable);
      await bus.close();
    }
    expect(await versionsOf(id)).toEqual([]);
    await catalog.api().get(`${OFFERINGS}/${id}:(version=1.2)`).expect(404);
    await catalog.create({ id, version: '1.0', name: 'again' });
    expect(await versionsOf(id)).toEqual(['again']);
  });

  it('two at once with one number: one is made, the other is a conflict', async () => {
    const id = await three();
    const post = () =>
      catalog
        .api()
        .post(OFFERINGS)
        .send(offering({ id, version: '5.0', name: '5.0' }));
    const statuses = (await Promise.all([post(), post()])).map(({ status }) => status).sort();
    expect(statuses).toEqual([201, 409]);
    expect((await catalog.api().get(`${OFFERINGS}/${id}`)).body.version).toBe('5.0');
  });
});
