import { randomUUID } from 'node:crypto';
import { productInventory, productInventorySettings } from '@quotebridge/components/product-inventory';
import { stableId, type JsonObject } from '@quotebridge/platform/core';
import type { IngestRecord } from '@quotebridge/platform/events';
import request from 'supertest';
import { startComponentSuite, type ComponentSuite } from './support/component-suite';

const V4 = '/tmf-api/productInventory/v4/product';
const V5 = '/tmf-api/productInventory/v5/product';

const idOf = (externalId: string): string => stableId('erp', 'product', externalId);

const contains = (externalId: string, amount: number, more: object = {}): JsonObject => ({
  '@type': 'ProductRelationship',
  relationshipType: 'contains',
  id: idOf(externalId),
  quantity: { amount, units: 'pc' },
  ...more,
});

const equipment = (
  externalId: string,
  parts: readonly JsonObject[] = [],
  more: object = {},
): IngestRecord => ({
  externalId,
  op: 'upsert',
  id: idOf(externalId),
  resource: {
    '@type': 'Product',
    name: externalId,
    status: 'active',
    productRelationship: [...parts],
    externalIdentifier: [
      { '@type': 'ExternalIdentifier', owner: 'erp', externalIdentifierType: 'equipment', id: externalId },
    ],
    ...more,
  },
});

interface Line {
  readonly level: number;
  readonly totalQuantity: number;
  readonly product?: { readonly name: string };
  readonly isMissing?: boolean;
}

describe('the installed base', () => {
  let suite: ComponentSuite;
  const api = () => request(suite.component.url);
  const statuses = async (records: readonly IngestRecord[]) =>
    (await suite.ingest('product', records)).map(({ status }) => status);
  const outline = (lines: readonly Line[]) =>
    lines.map(
      ({ level, totalQuantity, product }) => `${'.'.repeat(level)}${product?.name ?? '?'} ${totalQuantity}`,
    );

  beforeAll(async () => {
    suite = await startComponentSuite(productInventory, productInventorySettings);
  });
  afterAll(() => suite.close());

  it('v4 and v5 work side by side on the same product, found by its serial number', async () => {
    const serial = `SN-${randomUUID()}`;
    const part = await api().post(V5).send({ '@type': 'Product', name: 'Pump' }).expect(201);
    expect(part.body).toMatchObject({ status: 'created', creationDate: expect.any(String) });
    const made = await api()
      .post(V4)
      .send({
        name: 'Press 400',
        status: 'active',
        productSerialNumber: serial,
        productCharacteristic: [{ name: 'force', value: 400 }],
        relatedParty: [{ id: 'c1', role: 'owner', '@referredType': 'Organization' }],
        agreement: [{ id: 'contract-1', agreementItemId: '10' }],
        productRelationship: [{ relationshipType: 'contains', product: { id: part.body.id } }],
      })
      .expect(201);
    const { id } = made.body as { id: string };
    const v5 = await api().get(`${V5}/${id}`).expect(200);
    expect(v5.body).toMatchObject({
      productSerialNumber: serial,
      productCharacteristic: [{ '@type': 'NumberCharacteristic', name: 'force', value: 400 }],
      agreementItem: [{ agreementId: 'contract-1', agreementItemId: '10' }],
      productRelationship: [{ relationshipType: 'contains', id: part.body.id }],
      relatedParty: [{ role: 'owner', partyOrPartyRole: { id: 'c1' } }],
    });
    for (const path of [V4, V5]) {
      const found = await api().get(`${path}?productSerialNumber=${serial}`).expect(200);
      expect(found.body.map((one: { id: string }) => one.id)).toEqual([id]);
    }
    const quantity = { amount: 4, units: 'pc' };
    await api()
      .patch(`${V5}/${id}`)
      .send({
        '@type': 'Product',
        productRelationship: [
          { '@type': 'ProductRelationship', relationshipType: 'contains', id: part.body.id, quantity },
        ],
      })
      .expect(200);
    const v4 = await api().get(`${V4}/${id}`).expect(200);
    expect(v4.body.productRelationship).toMatchObject([{ product: { id: part.body.id }, quantity }]);
    expect((await api().delete(`${V5}/${part.body.id}`).expect(409)).body.message).toContain(id);
    await suite.event('ProductAttributeValueChangeEvent', id);
  });

  it('goes through its life only in the steps of the standard, and notes when it ends', async () => {
    const { body } = await api().post(V5).send({ '@type': 'Product', name: 'Saw' }).expect(201);
    const step = (status: string) => api().patch(`${V5}/${body.id}`).send({ '@type': 'Product', status });
    expect((await step('terminated').expect(409)).body.message).toContain('active');
    await step('active').expect(200);
    const ended = await step('terminated').expect(200);
    expect(ended.body.terminationDate).toEqual(expect.any(String));
    await step('active').expect(409);
    await suite.event('ProductStateChangeEvent', body.id);
    await api()
      .post(`${V5}?checkReferences=true`)
      .send({
        '@type': 'Product',
        productRelationship: [
          { '@type': 'ProductRelationship', relationshipType: 'contains', id: 'nothing' },
        ],
      })
      .expect(422);
  });

  it('takes in machines with their structure in any order', async () => {
    const press = equipment('PRESS', [contains('DRIVE', 1, { position: '10' }), contains('BOLT', 20)]);
    const drive = equipment('DRIVE', [contains('BOLT', 4)]);
    expect(await statuses([press, drive, equipment('BOLT')])).toEqual(['created', 'created', 'created']);
    expect(await statuses([press, drive, equipment('BOLT')])).toEqual([
      'unchanged',
      'unchanged',
      'unchanged',
    ]);
    expect(await statuses([equipment('BOLT', [], { name: 'Bolt M8' })])).toEqual(['updated']);
    const [found] = (await api().get(`${V5}?externalIdentifier.id=BOLT`).expect(200)).body;
    expect(found).toMatchObject({ id: idOf('BOLT'), name: 'Bolt M8' });
    const [wrong] = await suite.ingest('product', [equipment('ODD', [], { status: 'sleeping' })]);
    expect(wrong).toMatchObject({ status: 'rejected', faults: [{ path: '/status' }] });
    expect(await statuses([equipment('BOLT', [], { status: 'terminated' })])).toEqual(['updated']);
    const [back] = await suite.ingest('product', [equipment('BOLT')]);
    expect(back).toMatchObject({ status: 'rejected', faults: [{ code: 'illegalTransition' }] });
    const remove = (one: IngestRecord): IngestRecord => ({ ...one, op: 'delete', resource: {} });
    expect((await suite.ingest('product', [remove(drive)]))[0]).toMatchObject({
      status: 'rejected',
      faults: [{ code: 'inUse' }],
    });
    expect(await statuses([remove(press), remove(drive), remove(drive)])).toEqual([
      'deleted',
      'deleted',
      'unchanged',
    ]);
    await suite.event('ProductCreateEvent', press.id);
    await suite.event('ProductDeleteEvent', press.id);
  });

  describe('no product contains itself', () => {
    const product = async (...parts: readonly string[]): Promise<string> => {
      const made = await api().post(V5).send({ '@type': 'Product', name: 'Part' }).expect(201);
      const { id } = made.body as { id: string };
      if (parts.length > 0) await build(id, ...parts).expect(200);
      return id;
    };
    const build = (id: string, ...parts: readonly string[]) =>
      api()
        .patch(`${V5}/${id}`)
        .send({
          '@type': 'Product',
          productRelationship: parts.map((part) => ({
            '@type': 'ProductRelationship',
            relationshipType: 'contains',
            id: part,
          })),
        });

    it('at any depth, in either version, and the refusal tells the way round', async () => {
      const bolt = await product();
      const motor = await product(bolt);
      const drive = await product(motor);
      const press = await product(drive);
      const refused = await build(motor, bolt, press).expect(409);
      expect(refused.body).toMatchObject({
        code: 'structure',
        details: [
          {
            path: '/productRelationship/1/id',
            code: 'cycle',
            message: expect.stringContaining([motor, press, drive, motor].join(' → ')),
          },
        ],
      });
      await build(bolt, bolt).expect(409);
      await api()
        .patch(`${V4}/${bolt}`)
        .send({ productRelationship: [{ relationshipType: 'contains', product: { id: press } }] })
        .expect(409);
      // Other relationships than what is built in may lead round.
      await api()
        .patch(`${V4}/${bolt}`)
        .send({ productRelationship: [{ relationshipType: 'reliesOn', product: { id: press } }] })
        .expect(200);
      await build(press, motor).expect(200);
    });

    it('also when both halves of a circle are written at once', async () => {
      for (let round = 0; round < 5; round += 1) {
        const [one, other] = [await product(), await product()];
        const answers = await Promise.all([build(one, other), build(other, one)]);
        expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
      }
    });

    it('nor when a connector brings both halves in one batch: what closes the circle is rejected', async () => {
      const outcomes = await suite.ingest('product', [
        equipment('RING1', [contains('RING2', 1)]),
        equipment('RING2', [contains('RING3', 1)]),
        equipment('RING3', [contains('RING1', 1)]),
      ]);
      expect(outcomes.map(({ status }) => status)).toEqual(['created', 'created', 'rejected']);
      expect(outcomes[2]).toMatchObject({
        faults: [
          {
            path: '/productRelationship/0/id',
            code: 'cycle',
            message: expect.stringContaining(['RING3', 'RING1', 'RING2', 'RING3'].map(idOf).join(' → ')),
          },
        ],
      });
      const [late] = await suite.ingest('product', [equipment('RING2', [contains('RING1', 1)])]);
      expect(late).toMatchObject({ status: 'rejected', faults: [{ code: 'cycle' }] });
    });
  });

  describe('the bill of materials of a machine', () => {
    const swapped = '2026-03-01T00:00:00Z';
    beforeAll(async () => {
      const records = [
        equipment(
          'M1',
          [
            contains('M1-DRIVE', 1, { position: '10' }),
            contains('M1-OLD', 1, { position: '20', validFor: { endDateTime: swapped } }),
            contains('M1-NEW', 1, { position: '20', validFor: { startDateTime: swapped } }),
            contains('M1-LOST', 2, { position: '30' }),
          ],
          { productSerialNumber: 'SN 1/2', startDate: '2025-01-01T00:00:00Z' },
        ),
        equipment('M1-DRIVE', [contains('M1-MOTOR', 2)]),
        equipment('M1-MOTOR', [contains('M1-BEARING', 2)]),
        equipment('M1-BEARING', [contains('M1-BALL', 9)]),
        equipment('M1-BALL', [contains('M1-STEEL', 0.1)]),
        ...['M1-STEEL', 'M1-OLD', 'M1-NEW'].map((part) => equipment(part)),
        equipment('TWIN', [], { productSerialNumber: 'SN 7' }),
        equipment('TWIN2', [], { productSerialNumber: 'SN 7' }),
        equipment('LOOP', [contains('LOOP2', 1)], { productSerialNumber: 'SN 9' }),
        equipment('LOOP2'),
      ];
      expect(new Set(await statuses(records))).toEqual(new Set(['created']));
      // Nothing lets a circle in any more; one from earlier days does no harm.
      const database = (await suite.mongodb.client()).db(suite.database);
      await database
        .collection<{ _id: string }>('product')
        .updateOne({ _id: idOf('LOOP2') }, { $set: { productRelationship: [contains('LOOP', 1)] } });
    });
    const bom = (serial: string, query = '') => api().get(`/views/bom/${encodeURIComponent(serial)}${query}`);

    it('has five levels with the quantities in one machine', async () => {
      const { body } = await bom('SN 1/2', '?effective=2026-04-01T00:00:00Z').expect(200);
      expect(body).toMatchObject({
        id: idOf('M1'),
        levels: 5,
        isCut: false,
        product: { productSerialNumber: 'SN 1/2' },
      });
      expect(outline(body.lines)).toEqual([
        '.M1-DRIVE 1',
        '..M1-MOTOR 2',
        '...M1-BEARING 4',
        '....M1-BALL 36',
        '.....M1-STEEL 3.6',
        '.M1-NEW 1',
        '.? 2',
      ]);
      expect(body.lines.at(-1).isMissing).toBe(true);
    });

    it('is the one of the day, as deep as asked, or the one it was built with', async () => {
      const before = await bom('SN 1/2', '?levels=1&effective=2026-02-01T00:00:00Z').expect(200);
      expect(before.body.isCut).toBe(true);
      expect(outline(before.body.lines)).toEqual(['.M1-DRIVE 1', '.M1-OLD 1', '.? 2']);
      const built = await bom('SN 1/2', '?levels=1&effective=asBuilt').expect(200);
      expect(built.body.effective).toBe('2025-01-01T00:00:00.000Z');
      expect(outline(built.body.lines)).toEqual(['.M1-DRIVE 1', '.M1-OLD 1', '.? 2']);
      for (const query of ['?levels=0', '?levels=99', '?effective=soon'])
        await bom('SN 1/2', query).expect(400);
    });

    it('says so when the serial number leads nowhere, to several machines or in a circle', async () => {
      await bom('none').expect(404);
      const several = await bom('SN 7').expect(409);
      expect(several.body.message).toContain(idOf('TWIN'));
      await api()
        .get(`/views/product/${idOf('TWIN')}/bom`)
        .expect(200);
      const circle = await bom('SN 9').expect(200);
      expect(circle.body.lines.map((line: { isCycle?: boolean }) => line.isCycle)).toEqual([undefined, true]);
    });

    it.each([
      ['a serial number', () => '/views/bom/SN%201%2F2', 'productSerialNumber'],
      // Of a model there may be thousands of machines.
      [
        'what is made of a specification',
        () => '/views/specification/model-1/bom',
        'productSpecification.id',
      ],
    ])('is found along an index: %s leads to one product', async (_what, path, asked) => {
      const productSpecification = { '@type': 'ProductSpecificationRef', id: 'model-1' };
      const machines = Array.from({ length: 5 }, (_, number) =>
        equipment(`MODEL-${number}`, [], { productSpecification, productSerialNumber: `MODEL ${number}` }),
      );
      await statuses([equipment('MODEL', [contains('M1-BALL', 2)], { productSpecification }), ...machines]);
      const database = (await suite.mongodb.client()).db(suite.database);
      await database.command({ profile: 2 });
      const since = new Date();
      const { body } = await api().get(path()).expect(200);
      await database.command({ profile: 0 });
      expect(body.lines.length).toBeGreaterThan(0);
      const seen = await database
        .collection('system.profile')
        .find({ ts: { $gte: since } })
        .toArray();
      const asks = seen.filter(({ command }) =>
        Object.hasOwn((command as { filter?: object }).filter ?? {}, asked),
      );
      expect(asks).toEqual([expect.objectContaining({ docsExamined: 1 })]);
    });
  });
});
