import * as fc from 'fast-check';
import { randomIds, systemClock, type JsonObject } from '@quotebridge/platform/core';
import type { IngestBatch, IngestRecord, RecordOutcome } from '@quotebridge/platform/events';
import { ensureCollection, Store } from '@quotebridge/platform/store';
import {
  attributesOf,
  BatchApplier,
  RecordApplier,
  ResourceService,
  type ResourceDefinition,
} from '@quotebridge/tmf/resource';
import { startMongo, type TestMongo } from '../support';

const definition: ResourceDefinition = {
  api: 'TMF620',
  name: 'productSpecification',
  eventName: 'ProductSpecification',
  domain: 'Catalog',
  versions: {
    v5: {
      name: 'productSpecification',
      basePath: '/catalog',
      schemas: { create: 'ProductSpecification_FVO', response: 'ProductSpecification' },
      serverSet: [],
      nonPatchable: [],
    },
  },
  operations: [],
  indexes: [{ keys: { productNumber: 1 } }, { keys: { 'externalIdentifier.id': 1 } }],
};

const spec = (id: string, attributes: JsonObject, modifiedAt?: string): IngestRecord => ({
  externalId: id,
  op: 'upsert',
  id,
  ...(modifiedAt === undefined ? {} : { modifiedAt }),
  resource: { '@type': 'ProductSpecification', ...attributes },
});

describe('taking batches in', () => {
  let mongo: TestMongo;
  let store: Store;
  let other: Store;
  let service: ResourceService;
  let applier: BatchApplier;
  let batches = 0;

  const serviceOf = (one: Store): ResourceService =>
    new ResourceService(definition, {
      store: one,
      clock: systemClock,
      ids: randomIds,
      publicUrl: '',
      wake: () => undefined,
    });
  const take = async (
    source: string,
    records: readonly IngestRecord[],
    more: Partial<IngestBatch> = {},
  ): Promise<readonly RecordOutcome[]> =>
    applier.apply({
      run: 'run-1',
      batch: (batches += 1),
      source,
      resource: definition.name,
      records,
      ...more,
    });
  const statuses = (outcomes: readonly RecordOutcome[]): string[] => outcomes.map(({ status }) => status);
  const stored = async (id: string): Promise<JsonObject | undefined> => {
    const found = await service.repository.find(id);
    return found ? attributesOf(found) : undefined;
  };
  const everything = async (): Promise<string> =>
    JSON.stringify(await store.collection(definition.name).find().sort({ _id: 1 }).toArray());

  beforeAll(async () => {
    mongo = await startMongo();
    store = await Store.connect({ uri: mongo.uri, database: mongo.database('ingest'), appName: 'test' });
    other = await Store.connect({ uri: mongo.uri, database: mongo.database('single'), appName: 'test' });
    await ensureCollection(store, definition.name, definition.indexes);
    service = serviceOf(store);
    applier = new BatchApplier(service);
  });
  afterAll(async () => {
    await store?.close();
    await other?.close();
    await mongo?.stop();
  });
  beforeEach(async () => {
    await store.collection(definition.name).deleteMany({});
  });

  it('gives each record its outcome in the order of the batch, and each resource what brought it', async () => {
    await take('erp', [spec('a', { name: 'A' }), spec('b', { name: 'B' })]);
    const outcomes = await take('erp', [
      spec('c', { name: 'C' }),
      spec('a', { name: 'A' }),
      spec('bad', { name: 7 }),
      spec('b', { name: 'B2' }),
      { externalId: 'x', op: 'delete', id: 'x', resource: {} },
      spec('c', { name: 'C2' }),
      { externalId: 'a', op: 'delete', id: 'a', resource: {} },
      spec('reversed', {
        name: 'R',
        validFor: { startDateTime: '2026-02-01T00:00:00Z', endDateTime: '2026-01-01T00:00:00Z' },
      }),
    ]);
    expect(statuses(outcomes)).toEqual([
      'created',
      'unchanged',
      'rejected',
      'updated',
      'unchanged',
      'updated',
      'deleted',
      'rejected',
    ]);
    expect(outcomes[2]?.faults).toMatchObject([{ path: '/name' }]);
    expect(outcomes[7]?.faults).toMatchObject([{ path: '/validFor/endDateTime', code: 'period' }]);
    expect(await service.repository.find('c')).toMatchObject({
      name: 'C2',
      _by: 'connector:erp',
      _ingest: { source: 'erp', externalId: 'c', run: 'run-1' },
    });
  });

  it('comes to the same as its records one by one, twice as once', async () => {
    const record = fc
      .record({
        id: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
        op: fc.constantFrom('upsert' as const, 'upsert' as const, 'delete' as const),
        name: fc.oneof(fc.constantFrom('x', 'y', 'z'), fc.constant(7)),
        hour: fc.integer({ min: 0, max: 9 }),
      })
      .map(({ id, op, name, hour }): IngestRecord => ({
        ...spec(id, { name }, `2026-01-01T0${hour}:00:00Z`),
        op,
      }));
    const single = new RecordApplier(serviceOf(other));
    const content = async (one: Store): Promise<unknown> =>
      (await one.collection(definition.name).find().sort({ _id: 1 }).toArray()).map(({ _id, name }) => [
        _id,
        name,
      ]);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(record, { maxLength: 8 }), { maxLength: 3 }), async (all) => {
        await Promise.all([store, other].map((one) => one.collection(definition.name).deleteMany({})));
        for (const records of all) {
          const together = statuses(await take('erp', records));
          const apart: string[] = [];
          for (const one of records) apart.push((await single.apply(one, 'erp')).status);
          expect(together).toEqual(apart);
          expect(await content(store)).toEqual(await content(other));
        }
      }),
      { numRuns: 40 },
    );
  });

  describe('de-duplication by natural keys', () => {
    const naturalKeys = [{ attributes: ['productNumber', 'brand'] }, { externalIdentifierType: 'gtin' }];
    const part = (source: string, id: string, attributes: JsonObject): IngestRecord =>
      spec(`${source}-${id}`, {
        ...attributes,
        externalIdentifier: [
          { '@type': 'ExternalIdentifier', owner: source, externalIdentifierType: 'part', id },
        ],
      });
    const bolt = { name: 'Bolt', productNumber: 'B-1', brand: 'Acme' };

    it('the same thing of two sources is one resource with the identifiers of both', async () => {
      await take('erp', [part('erp', '1', bolt)], { naturalKeys });
      const [outcome] = await take('crm', [part('crm', '9', { ...bolt, description: 'M8' })], {
        naturalKeys,
      });
      expect(outcome).toMatchObject({ status: 'updated', id: 'erp-1', externalId: 'crm-9' });
      expect(await stored('erp-1')).toMatchObject({
        description: 'M8',
        externalIdentifier: [
          { owner: 'erp', id: '1' },
          { owner: 'crm', id: '9' },
        ],
      });
      expect(await stored('crm-9')).toBeUndefined();
    });

    it('the last source that deletes it removes it, the others only take back their identifier', async () => {
      await take('erp', [part('erp', '1', bolt)], { naturalKeys });
      await take('crm', [part('crm', '9', bolt)], { naturalKeys });
      const gone = { externalId: '1', op: 'delete' as const, id: 'erp-1', resource: {} };
      expect(statuses(await take('erp', [gone]))).toEqual(['updated']);
      expect(await stored('erp-1')).toMatchObject({ externalIdentifier: [{ owner: 'crm' }] });
      expect(statuses(await take('crm', [gone]))).toEqual(['deleted']);
    });

    it('doubles within one batch, and within two that come at once, become one resource', async () => {
      const outcomes = await take('erp', [part('erp', '1', bolt), part('erp', '2', bolt)], { naturalKeys });
      expect(outcomes.map(({ id }) => id)).toEqual(['erp-1', 'erp-1']);
      expect(await store.collection(definition.name).countDocuments()).toBe(1);
    });

    it('a key that several resources have is told, and one without an index is refused', async () => {
      await take('erp', [part('erp', '1', bolt), part('erp', '2', bolt)]);
      const [ambiguous] = await take('crm', [part('crm', '9', bolt)], { naturalKeys });
      expect(ambiguous).toMatchObject({ status: 'rejected', faults: [{ code: 'ambiguous' }] });
      const [refused] = await take('crm', [part('crm', '9', bolt)], {
        naturalKeys: [{ attributes: ['brand'] }],
      });
      expect(refused).toMatchObject({ status: 'rejected', faults: [{ code: 'naturalKey' }] });
    });
  });

  it('a conflict for a person to decide names what differs, and is taken when he has decided', async () => {
    await take('erp', [spec('a', { name: 'A', brand: 'Acme' })]);
    await service.change('a', (current) => ({ ...attributesOf(current), name: 'Anna’s A' }), {
      actor: 'anna',
      origin: 'http',
    });
    const records = [spec('a', { name: 'A2', brand: 'Acme' })];
    expect(await take('erp', records, { conflict: { rule: 'manual' } })).toMatchObject([
      { status: 'rejected', faults: [{ path: '/name', code: 'conflict' }] },
    ]);
    expect(
      statuses(await take('erp', records, { conflict: { rule: 'priority', order: ['local', 'erp'] } })),
    ).toEqual(['unchanged']);
    expect(statuses(await take('erp', records, { conflict: { rule: 'incoming' } }))).toEqual(['updated']);
    expect(await stored('a')).toMatchObject({ name: 'A2' });
  });

  it('what a source rules and no longer says vanishes; what others rule stays, and so does what is owned here', async () => {
    const identifiers = (owner: string): JsonObject => ({
      externalIdentifier: [{ '@type': 'ExternalIdentifier', owner, externalIdentifierType: 'part', id: 'a' }],
    });
    const ownedThere = ['brand', 'description', 'externalIdentifier', '@type'];
    await take('erp', [spec('a', { name: 'A', brand: 'Acme', description: 'Long', ...identifiers('erp') })]);
    await take('crm', [spec('a', { name: 'A', version: '2', ...identifiers('crm') })]);
    const reduced = [spec('a', { name: 'A', description: 'Short' })];
    expect(await take('erp', reduced, { ownedThere, dryRun: true })).toMatchObject([{ status: 'updated' }]);
    expect(await take('erp', reduced, { ownedThere, ownedHere: ['brand'] })).toMatchObject([
      { status: 'updated' },
    ]);
    expect(await stored('a')).toMatchObject({ brand: 'Acme', description: 'Short', version: '2' });
    const more = [spec('a', { name: 'A' })];
    expect(await take('erp', more, { ownedThere, conflict: { rule: 'manual' } })).toMatchObject([
      { status: 'updated' },
    ]);
    expect(await stored('a')).toEqual({
      '@type': 'ProductSpecification',
      name: 'A',
      version: '2',
      externalIdentifier: [
        expect.objectContaining({ owner: 'erp' }),
        expect.objectContaining({ owner: 'crm' }),
      ],
    });
    expect(await take('erp', more, { ownedThere })).toMatchObject([{ status: 'unchanged' }]);
  });

  it('a dry run answers what would happen and changes nothing', async () => {
    await take('erp', [spec('a', { name: 'A' }), spec('b', { name: 'B' })]);
    const before = await everything();
    const outcomes = await take(
      'erp',
      [
        spec('a', { name: 'A' }),
        spec('b', { name: 'B2' }),
        spec('c', { name: 'C' }),
        spec('d', { name: 7 }),
        { externalId: 'a2', op: 'delete', id: 'a', resource: {} },
      ],
      { dryRun: true },
    );
    expect(statuses(outcomes)).toEqual(['unchanged', 'updated', 'created', 'rejected', 'deleted']);
    expect(await everything()).toBe(before);
  });
});
