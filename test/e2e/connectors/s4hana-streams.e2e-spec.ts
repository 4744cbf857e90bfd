import { stableId, type JsonObject } from '@quotebridge/platform/core';
import { validatorFor } from '@quotebridge/tmf-specs';
import { eventually } from './sandbox-control';
import { S4_RESOURCES, s4World } from './s4hana-world';

const PARTNERS = ['organizations', 'individuals', 'customers', 'suppliers'];

describe('the streams of the S/4HANA connector on its sandbox', () => {
  const world = s4World();

  const fullRun = async (stream: string): Promise<JsonObject> => {
    const response = await fetch(`${world.connector.url}/streams/${stream}/run`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ mode: 'full', wait: true }),
    });
    return (await response.json()) as JsonObject;
  };

  it('every material and list price becomes a valid, launched resource that refers only to what is there', async () => {
    const runs = await world.connector.runAll();
    expect(runs.map(({ stream, state, error }) => [stream, state, error])).toEqual([
      ['orderStatuses', 'succeeded', undefined],
      ...PARTNERS.map((name) => [name, 'succeeded', undefined]),
      ['productSpecifications', 'succeeded', undefined],
      ['productOfferingPrices', 'succeeded', undefined],
      ['productOfferings', 'succeeded', undefined],
    ]);
    const materials = await world.s4.table('A_Product');
    const offerings = world.owner.ofType('ProductOffering');
    expect(world.owner.ofType('ProductSpecification')).toHaveLength(materials.length);
    expect(offerings).toHaveLength(materials.length);
    for (const [type, list] of Object.entries({
      ProductOffering: offerings,
      ProductOfferingPrice: world.owner.ofType('ProductOfferingPrice'),
      ProductSpecification: world.owner.ofType('ProductSpecification'),
    })) {
      const validate = validatorFor('TMF620', 'v5', type);
      expect(list.flatMap(validate)).toEqual([]);
    }
    for (const offering of offerings) {
      expect(offering['lifecycleStatus']).toBe('Launched');
      const prices = offering['productOfferingPrice'] as { id: string }[];
      expect(prices.length).toBeGreaterThan(0);
      for (const { id } of prices)
        expect(world.owner.resources.get(id)?.['lifecycleStatus']).toBe('Launched');
    }
  });

  it('the order of publishing is specifications, prices, offerings', () => {
    const order = world.owner.batches.map(({ resource }) => resource);
    expect([...order].sort((a, b) => S4_RESOURCES.indexOf(a) - S4_RESOURCES.indexOf(b))).toEqual(order);
  });

  it('a second run reads the overlap and publishes nothing', async () => {
    const before = world.owner.batches.length;
    const runs = await world.connector.runAll();
    expect(
      runs.every(({ state, counts }) => state === 'succeeded' && counts.created + counts.updated === 0),
    ).toBe(true);
    expect(world.owner.batches).toHaveLength(before);
  });

  it('a changed price is the only thing that a delta publishes', async () => {
    const before = world.owner.batches.length;
    await world.write('PATCH', "API_SLSPRICINGCONDITIONRECORD_SRV/A_SlsPrcgConditionRecord('0000000001')", {
      ConditionRateValue: '190000.00',
    });
    await world.connector.runAll();
    const records = world.owner.batches.slice(before).flatMap((batch) => batch.records);
    expect(records.map(({ resource }) => resource['price'])).toEqual([{ unit: 'EUR', value: 190000 }]);
  });

  it('a deleted price leaves the offering without it, unsellable', async () => {
    await world.write('PATCH', "API_SLSPRICINGCONDITIONRECORD_SRV/A_SlsPrcgConditionRecord('0000000002')", {
      ConditionIsDeleted: true,
    });
    await world.connector.runAll();
    expect(world.owner.resources.get(world.offeringOf('HP-400'))).toMatchObject({
      isSellable: false,
      productOfferingPrice: [],
    });
  });

  it('a record that the owner refuses is quarantined, passes the checkpoint, and is accepted by a replay', async () => {
    world.owner.judge = (record) =>
      record.externalId === 'SP-9001' ? [{ path: '/name', message: 'is not liked today' }] : [];
    await world.write('POST', 'API_PRODUCT_SRV/A_Product', {
      Product: 'SP-9001',
      ProductType: 'ERSA',
      BaseUnit: 'PC',
    });
    const run = await world.connector.runStream('productSpecifications');
    expect(run).toMatchObject({ state: 'succeeded', counts: { rejected: 1, created: 0 } });
    const listed = async (): Promise<JsonObject[]> =>
      (await (
        await fetch(`${world.connector.url}/quarantine?stream=productSpecifications`)
      ).json()) as JsonObject[];
    expect(await listed()).toMatchObject([
      { externalId: 'SP-9001', faults: [{ message: 'is not liked today' }] },
    ]);
    world.owner.judge = () => [];
    const replay = await fetch(`${world.connector.url}/quarantine/productSpecifications/replay?wait=true`, {
      method: 'POST',
    });
    expect(await replay.json()).toMatchObject({ trigger: 'replay', counts: { created: 1 } });
    expect(await listed()).toEqual([]);
  });

  it('guarantee 5: the checkpoint stays when the owner does not answer, and the next run loses nothing', async () => {
    await world.write('POST', 'API_PRODUCT_SRV/A_Product', {
      Product: 'SP-9002',
      ProductType: 'ERSA',
      BaseUnit: 'PC',
    });
    world.owner.answers = false;
    const running = world.connector.runStream('productSpecifications');
    await eventually(() =>
      world.owner.batches.find(({ records }) => records.some(({ externalId }) => externalId === 'SP-9002')),
    );
    const stopped = world.connector.stop();
    world.owner.answers = true;
    await Promise.allSettled([running, stopped]);
    await world.start();
    await world.connector.runStream('productSpecifications');
    expect(world.owner.resources.has(stableId(world.instance, 'productSpecification', 'SP-9002'))).toBe(true);
  });

  it('a next link to another host is refused with a reason', async () => {
    await world.s4.fault({ name: 'foreignNextLink', times: 'always' });
    expect(await fullRun('productOfferings')).toMatchObject({
      state: 'failed',
      error: expect.stringContaining('the next link points to') as string,
    });
  });

  it('materials and their prices are asked for together', async () => {
    await world.s4.forget();
    const { counts } = await fullRun('productOfferings');
    expect(counts).toMatchObject({ read: (await world.s4.table('A_Product')).length, rejected: 0 });
    const batches = (await world.s4.requests()).filter(({ url }) => url.includes('$batch'));
    expect(batches.map(({ status, url }) => [status, url.split('/')[5]]).sort()).toEqual([
      [202, 'API_PRODUCT_SRV'],
      [202, 'API_SLSPRICINGCONDITIONRECORD_SRV'],
    ]);
  });

  it.each([
    ['one read of a batch fails', { name: 'failBatchPart', after: 1 }],
    ['every read of a batch fails', { name: 'failBatchPart', times: 4 }],
    ['the answer to a batch is cut off', { name: 'truncateBody' }],
    ['the answer to a batch is lost', { name: 'dropResponseAfterCommit' }],
    ['a batch comes to a web page', { name: 'respondHtml' }],
    ['a batch is throttled', { name: 'respond429', retryAfterSeconds: 1 }],
    ['the session of a batch has expired', { name: 'expireSession' }],
    ['the token of a batch has expired', { name: 'expireToken' }],
  ])('nothing is lost when %s', async (_what, fault) => {
    await world.s4.fault({ path: '$batch', ...fault });
    expect(await fullRun('productOfferings')).toMatchObject({
      state: 'succeeded',
      counts: { read: (await world.s4.table('A_Product')).length, rejected: 0, updated: 0 },
    });
    expect(await world.s4.played(fault.name)).toBe(true);
  });
});
