import { productCatalog, productCatalogSettings } from '@quotebridge/components/product-catalog';
import { stableId, type JsonObject } from '@quotebridge/platform/core';
import type { IngestRecord } from '@quotebridge/platform/events';
import request from 'supertest';
import { startComponentSuite, type ComponentSuite } from './support/component-suite';

const idOf = (resource: string, externalId: string): string => stableId('erp', resource, externalId);
const specId = (number: string): string => idOf('productSpecification', number);

const LAUNCHED = { lifecycleStatus: 'Launched', lastUpdate: '2026-01-01T00:00:00Z' };

const record = (resource: string, externalId: string, body: JsonObject): IngestRecord => ({
  externalId,
  op: 'upsert',
  id: idOf(resource, externalId),
  resource: body,
});

const value = (one: string | number): JsonObject => ({
  '@type':
    typeof one === 'number'
      ? 'NumberCharacteristicValueSpecification'
      : 'StringCharacteristicValueSpecification',
  value: one,
});

const relation = (
  relationshipType: string,
  number: string,
  validFor: JsonObject = {},
  characteristics: Readonly<Record<string, string | number>> = {},
): JsonObject => ({
  '@type': 'ProductSpecificationRelationship',
  relationshipType,
  id: specId(number),
  validFor,
  characteristic: Object.entries(characteristics).map(([name, one]) => ({
    '@type': 'CharacteristicSpecification',
    name,
    valueType: typeof one,
    characteristicValueSpecification: [value(one)],
  })),
});

const spec = (number: string, relations: readonly JsonObject[] = [], more: JsonObject = {}): IngestRecord =>
  record('productSpecification', number, {
    '@type': 'ProductSpecification',
    name: `Part ${number}`,
    productNumber: number,
    ...LAUNCHED,
    productSpecificationRelationship: [...relations],
    ...more,
  });

const use = (name: string, values: readonly JsonObject[], number?: string): JsonObject => ({
  '@type': 'ProductSpecificationCharacteristicValueUse',
  name,
  productSpecCharacteristicValue: [...values],
  ...(number === undefined
    ? {}
    : { productSpecification: { '@type': 'ProductSpecificationRef', id: specId(number) } }),
});

const price = (
  externalId: string,
  amount: number,
  uses: readonly JsonObject[] = [],
  more: JsonObject = {},
): IngestRecord =>
  record('productOfferingPrice', externalId, {
    '@type': 'ProductOfferingPrice',
    name: externalId,
    priceType: 'oneTime',
    price: { unit: 'EUR', value: amount },
    ...LAUNCHED,
    prodSpecCharValueUse: [...uses],
    ...more,
  });

describe('spare parts, consumables and their prices', () => {
  let suite: ComponentSuite;
  const api = () => request(suite.component.url);
  const view = (path: string) => api().get(`/views/parts/${path}`);
  const store = async (resource: string, records: readonly IngestRecord[]): Promise<void> => {
    const outcomes = await suite.ingest(resource, records);
    expect(outcomes.filter(({ status }) => status === 'rejected')).toEqual([]);
  };

  beforeAll(async () => {
    suite = await startComponentSuite(productCatalog, productCatalogSettings);
    const swap = '2026-03-01T00:00:00Z';
    await store('category', [record('category', 'seals', { '@type': 'Category', name: 'Seals' })]);
    await store('productSpecification', [
      spec('SEAL-A', [
        relation(
          'supersededBy',
          'SEAL-B',
          { startDateTime: '2025-01-01T00:00:00Z' },
          { interchangeability: 'full' },
        ),
        relation('compatibleWith', 'PRESS-400', {}, { serialNumberFrom: '1000', serialNumberTo: '1999' }),
      ]),
      spec('SEAL-B', [
        relation(
          'supersededBy',
          'SEAL-C',
          { startDateTime: swap },
          { interchangeability: 'forward', quantity: 2 },
        ),
        relation('supersededBy', 'CLIP', { startDateTime: swap }),
      ]),
      spec('SEAL-C', [relation('compatibleWith', 'PRESS-400')], {
        category: [{ '@type': 'CategoryRef', id: idOf('category', 'seals') }],
      }),
      spec('CLIP'),
      // What others name comes after them, as it does when a system is read in the order of its keys.
      spec('PRESS-400'),
      spec('OIL', [relation('consumableFor', 'PRESS-400')], { lifecycleStatus: 'Retired' }),
    ]);
    await store('productOfferingPrice', [
      price('list few', 10, [
        use('quantity', [{ '@type': 'NumberCharacteristicValueSpecification', valueFrom: 1, valueTo: 9 }]),
      ]),
      price('list many', 8, [
        use('quantity', [{ '@type': 'NumberCharacteristicValueSpecification', valueFrom: 10 }]),
      ]),
      price('dealers', 7, [use('priceList', [value('dealers')], 'SEAL-C')]),
      price('agreed', 5, [use('customer', [value('c-1')], 'SEAL-C')], {
        validFor: { endDateTime: '2999-01-01T00:00:00Z' },
      }),
      price('of another', 1, [use('customer', [value('c-2')], 'SEAL-C')]),
      record('productOfferingPrice', 'season', {
        '@type': 'ProductOfferingPrice',
        name: 'Season',
        priceType: 'discount',
        percentage: 10,
        ...LAUNCHED,
        prodSpecCharValueUse: [use('category', [value(idOf('category', 'seals'))])],
      }),
    ]);
    const offered = ['list few', 'list many'].map((name) => ({
      '@type': 'ProductOfferingPriceRef',
      id: idOf('productOfferingPrice', name),
    }));
    await store('productOffering', [
      record('productOffering', 'SEAL-C', {
        '@type': 'ProductOffering',
        name: 'Seal',
        ...LAUNCHED,
        productSpecification: { '@type': 'ProductSpecificationRef', id: specId('SEAL-C') },
        productOfferingPrice: offered,
      }),
    ]);
  });
  afterAll(() => suite.close());

  interface Stated {
    readonly alternatives: readonly (readonly {
      id: string;
      quantity: number;
      part: { productNumber: string };
    }[])[];
  }
  const outline = ({ alternatives }: Stated) =>
    alternatives.map((set) => set.map(({ quantity, part }) => `${quantity} ${part.productNumber}`));

  it('a chain is followed to what is in force on the day', async () => {
    const now = await view('SEAL-A/supersession?effective=2026-06-01T00:00:00Z').expect(200);
    expect(outline(now.body)).toEqual([['2 SEAL-C', '1 CLIP']]);
    expect(now.body).toMatchObject({ productNumber: 'SEAL-A', isSuperseded: true, hasCycle: false });
    expect(now.body.alternatives[0][0]).toMatchObject({
      interchangeability: 'forward',
      chain: ['SEAL-A', 'SEAL-B', 'SEAL-C'].map(specId),
    });
    const before = await view('SEAL-A/supersession?effective=2026-02-01T00:00:00Z').expect(200);
    expect(outline(before.body)).toEqual([['1 SEAL-B']]);
    const first = await view('SEAL-A/supersession?effective=2024-01-01T00:00:00Z').expect(200);
    expect(first.body.isSuperseded).toBe(false);
    await view('NONE/supersession').expect(404);
    await view('SEAL-A/supersession?effective=soon').expect(400);
  });

  it('a part fits the models and serial numbers it is listed for', async () => {
    const fits = async (query: string) => (await view(query).expect(200)).body;
    const listed = await fits('SEAL-A/compatibility?model=PRESS-400&serialNumber=1500');
    expect(listed).toMatchObject({ fits: true, isAvailable: true, reasons: [{ code: 'compatible' }] });
    expect(listed.supersession.isSuperseded).toBe(true);
    const other = await fits('SEAL-A/compatibility?model=PRESS-400&serialNumber=2500');
    expect(other).toMatchObject({ fits: false, reasons: [{ code: 'otherSerialNumbers' }] });
    const oil = await fits('OIL/compatibility?model=PRESS-400');
    expect(oil).toMatchObject({ fits: true, isAvailable: false });
    expect(oil.reasons.map(({ code }: { code: string }) => code)).toEqual(['consumable', 'obsolete']);
    expect(await fits('CLIP/compatibility?model=PRESS-400')).toMatchObject({
      reasons: [{ code: 'notListed' }],
    });
    await view('SEAL-A/compatibility').expect(400);
    await view('SEAL-A/compatibility?model=NONE').expect(404);
    const parts = await api()
      .get(
        `/tmf-api/productCatalogManagement/v5/productSpecification?productSpecificationRelationship.id=${specId('PRESS-400')}`,
      )
      .expect(200);
    expect(parts.body.map((one: { productNumber: string }) => one.productNumber).sort()).toEqual([
      'OIL',
      'SEAL-A',
      'SEAL-C',
    ]);
  });

  it('a customer pays what was agreed, else his price list, else the list price, each step named', async () => {
    const ask = async (query: string) => (await view(`SEAL-C/price?${query}`).expect(200)).body;
    const list = await ask('quantity=5');
    expect(list).toMatchObject({ list: 50, net: 45, currency: 'EUR', part: { productNumber: 'SEAL-C' } });
    expect(list.steps.map(({ name }: { name: string }) => name)).toEqual(['list few', 'Season']);
    expect(await ask('quantity=10')).toMatchObject({ list: 80, net: 72 });
    expect(await ask('quantity=10&priceList=dealers')).toMatchObject({ list: 80, net: 63 });
    const agreed = await ask('quantity=10&priceList=dealers&customer=c-1');
    expect(agreed).toMatchObject({ list: 80, net: 45, validUntil: '2999-01-01T00:00:00.000Z' });
    expect(agreed.steps).toMatchObject([{ level: 'customer', name: 'agreed' }, { name: 'Season' }]);
    expect(await ask('quantity=10&customer=c-1&effective=2999-02-01T00:00:00Z')).toMatchObject({ net: 72 });
    await view('CLIP/price').expect(404);
    await view('SEAL-C/price?quantity=none').expect(400);
    for (const name of ['priceList', 'effective', 'quantity']) {
      const refused = await view(`SEAL-C/price?${name}=1&${name}=2`).expect(400);
      expect(refused.body.details).toMatchObject([{ path: name, code: 'repeated' }]);
    }
  });

  it('an offering that was sold in many versions hides no other one of the part', async () => {
    const offer = (id: string, version: number, more: object = {}) =>
      api()
        .post('/tmf-api/productCatalogManagement/v5/productOffering')
        .send({
          '@type': 'ProductOffering',
          id,
          version: String(version),
          name: id,
          ...LAUNCHED,
          productSpecification: { '@type': 'ProductSpecificationRef', id: specId('SEAL-B') },
          ...more,
        })
        .expect(201);
    for (let version = 1; version <= 25; version += 1) await offer('a-old', version);
    const id = idOf('productOfferingPrice', 'list few');
    await offer('b-new', 1, { productOfferingPrice: [{ '@type': 'ProductOfferingPriceRef', id }] });
    expect((await view('SEAL-B/price').expect(200)).body).toMatchObject({ list: 10 });
  });
});
