import { randomUUID } from 'node:crypto';
import type { JsonObject } from '@quotebridge/platform/core';
import { REST_SANDBOX_CREDENTIALS } from '@quotebridge/sandbox/rest';
import { annotateTypes, validatorFor } from '@quotebridge/tmf-specs';
import { publishOrder } from './publish-order';
import { restWorld } from './rest-world';
import { eventually } from './sandbox-control';

const { password, user } = REST_SANDBOX_CREDENTIALS;
const PAGING: Record<string, JsonObject> = {
  page: { kind: 'page', parameter: 'page' },
  offset: { kind: 'offset', parameter: 'offset' },
  cursor: { kind: 'cursor', parameter: 'cursor', path: 'meta.next' },
  link: { kind: 'nextLink', path: 'links.next' },
  header: { kind: 'linkHeader' },
};

describe('the REST connector on its sandbox, with the settings of the guide', () => {
  const world = restWorld();

  it('reads everything once and then only what has changed; what was deleted is retired', async () => {
    expect(await world.oneRun()).toMatchObject({
      state: 'succeeded',
      counts: { read: 400, created: 400, rejected: 0 },
    });
    const validate = validatorFor('TMF620', 'v5', 'ProductSpecification');
    const stored = [...world.owner.resources.values()].map((one) =>
      annotateTypes('TMF620', 'ProductSpecification', one),
    );
    expect(stored.flatMap(validate)).toEqual([]);
    await world.change('ET-100007', { texts: { en: 'New name' } });
    await world.change('ET-100008', { deleted: true });
    const before = world.partBatches().length;
    expect(await world.run()).toMatchObject({ state: 'succeeded', counts: { updated: 2 } });
    const records = world
      .partBatches()
      .slice(before)
      .flatMap((batch) => batch.records);
    expect(
      records.map(({ externalId, resource }) => [
        externalId,
        resource['name'] === 'New name',
        resource['lifecycleStatus'],
      ]),
    ).toEqual([
      ['ET-100007', true, expect.any(String)],
      ['ET-100008', false, 'Retired'],
    ]);
    const asked = (await world.api.requests()).filter(({ url }) => url.includes('updated_since'));
    expect(asked.length).toBeGreaterThan(0);
  });

  it.each(Object.keys(PAGING))('paging by %s gives every part once', async (style) => {
    const given = { path: `/api/${style}/parts`, query: { limit: '70' }, paging: PAGING[style] ?? {} };
    expect(await world.oneRun(given)).toMatchObject({
      state: 'succeeded',
      counts: { read: 400, created: 400 },
    });
  });

  it.each<[string, JsonObject]>([
    ['basic', { kind: 'basic', user }],
    ['an API key in a header', { kind: 'apiKey', in: 'header', name: 'X-Api-Key' }],
    ['an API key in the query', { kind: 'apiKey', in: 'query', name: 'api_key' }],
    ['a refresh token that changes with every use', { kind: 'refreshToken', clientId: 'quotebridge' }],
  ])('signs in by %s', async (_name, auth) => {
    const full = {
      ...auth,
      ...(auth['kind'] === 'refreshToken' ? { tokenUrl: `${world.sandbox.url}/oauth/token` } : {}),
    };
    expect(await world.oneRun({}, { auth: full })).toMatchObject({
      state: 'succeeded',
      counts: { read: 400 },
    });
    await world.api.fault({ name: 'expireToken' });
    expect(await world.run()).toMatchObject({ state: 'succeeded' });
    await world.connector?.stop();
    await world.start(world.settings({}, { auth: full }));
    expect(await world.run()).toMatchObject({ state: 'succeeded' });
  });

  it('a wrong secret fails the run and is not shown', async () => {
    const run = await world.oneRun({}, { auth: { kind: 'basic', user: 'nobody' } });
    expect(run.state).toBe('failed');
    expect(JSON.stringify(run)).not.toContain(password);
  });

  describe('faults', () => {
    it.each<[string, JsonObject]>([
      ['401 in the middle of a run', { name: 'expireToken', after: 2, path: '/parts' }],
      ['429 with Retry-After', { name: 'respond429', retryAfterSeconds: 1, path: '/parts', after: 1 }],
      ['429 without Retry-After', { name: 'respond429', path: '/parts', after: 1 }],
      ['500', { name: 'respond5xx', status: 500, path: '/parts', after: 1, times: 2 }],
      ['malformed JSON', { name: 'truncateBody', path: '/parts', after: 1 }],
      ['a web page', { name: 'respondHtml', path: '/parts', after: 1 }],
      ['a dropped connection', { name: 'dropRequest', path: '/parts', after: 2 }],
      ['a slow answer', { name: 'delay', ms: 1_500, path: '/parts', after: 1 }],
      ['a page that comes twice', { name: 'duplicatePage', path: '/parts', after: 2 }],
      ['a changed page size', { name: 'smallerPage', path: '/parts', after: 1 }],
    ])('%s is got over, and every part is read', async (_name, fault) => {
      await world.api.fault(fault);
      expect(await world.oneRun()).toMatchObject({
        state: 'succeeded',
        counts: { created: 400, rejected: 0 },
      });
      expect((await world.api.requests()).some(({ faults }) => faults.includes(String(fault['name'])))).toBe(
        true,
      );
    });

    it.each<[string, string, JsonObject, string]>([
      [
        'a next link to another host',
        'link',
        { name: 'foreignNextLink', times: 'always' },
        'the next link points to',
      ],
      [
        'the same page again and again',
        'page',
        { name: 'duplicatePage', times: 'always', after: 1 },
        'the same page twice',
      ],
      [
        'a changed page size between numbered pages',
        'page',
        { name: 'smallerPage', after: 1 },
        'changed the size',
      ],
    ])('%s fails the run with a reason', async (_name, style, fault, reason) => {
      await world.api.fault({ ...fault, path: '/parts' });
      const run = await world.oneRun({ path: `/api/${style}/parts`, paging: PAGING[style] ?? {} });
      expect(run).toMatchObject({ state: 'failed', error: expect.stringContaining(reason) as string });
      await world.api.clear();
      expect(await world.connector?.runStream('supplierParts')).toMatchObject({ state: 'succeeded' });
      expect(world.owner.resources.size).toBe(400);
    });

    it('a cursor that is forgotten between two pages fails the run, deletes nothing, and the next run begins anew', async () => {
      expect(await world.oneRun({ missing: 'delete' })).toMatchObject({ counts: { created: 400 } });
      await world.api.fault({ name: 'cursorForgotten', path: '/parts' });
      const compare = () => world.connector?.runStream('supplierParts', { mode: 'compare' });
      expect(await compare()).toMatchObject({
        state: 'failed',
        error: expect.stringContaining('HTTP 410') as string,
        counts: { read: 100, deleted: 0 },
      });
      expect(world.owner.resources.size).toBe(400);
      // A delta would not see what the complete read was to find.
      expect(await world.run()).toMatchObject({ state: 'succeeded', mode: 'compare', counts: { read: 400 } });
      expect(world.owner.resources.size).toBe(400);
    });

    it('a list whose total is too small is read to its end', async () => {
      await world.api.fault({ name: 'wrongTotal', times: 'always' });
      const paging = { kind: 'offset', parameter: 'offset', total: 'meta.total' };
      expect(
        await world.oneRun({ path: '/api/offset/parts', query: { limit: '100' }, paging }),
      ).toMatchObject({ state: 'succeeded', counts: { created: 400, rejected: 0 } });
      expect(await world.api.played('wrongTotal')).toBe(true);
    });

    it('a limit that is told in the body pauses the stream', async () => {
      await world.api.fault({ name: 'limitReached', path: '/parts' });
      expect(await world.oneRun()).toMatchObject({
        state: 'paused',
        error: expect.stringContaining('LIMIT') as string,
      });
    });
  });

  describe('orders at the supplier', () => {
    const order = (): JsonObject & { id: string } => ({
      '@type': 'ProductOrder',
      id: randomUUID(),
      state: 'acknowledged',
      productOrderItem: [
        {
          '@type': 'ProductOrderItem',
          id: '1',
          quantity: 3,
          product: { productSpecification: { id: world.idOf('ET-100001') } },
        },
      ],
    });
    it('an order is placed with its parts, and its number comes back', async () => {
      await world.oneRun();
      const placed = order();
      await publishOrder(world.bus, placed);
      const patched = await eventually(() => world.owner.resources.get(placed.id));
      const orders = (await world.api.table('Order')).filter((one) => one['reference'] === placed.id);
      expect(orders).toMatchObject([{ lines: [{ part: 'ET-100001', quantity: 3 }] }]);
      expect(patched).toMatchObject({
        externalId: [{ owner: 'supplier', id: orders[0]?.['number'] as string }],
      });
    });

    it('a refusal is told to the component', async () => {
      await world.start();
      const placed = order();
      await publishOrder(world.bus, placed);
      const patched = await eventually(() => world.owner.resources.get(placed.id));
      expect(JSON.stringify(patched['note'])).toContain('Refused by the supplier');
      expect(await world.api.table('Order')).toEqual([]);
    });
  });
});
