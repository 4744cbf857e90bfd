import * as fc from 'fast-check';
import { stableId, type Json, type JsonObject } from '@quotebridge/platform/core';
import { convert } from './convert';
import { parsePath, putAt, valueAt, type Step } from './path';
import { mappingFaults, recordMapper } from './record-mapper';
import type { RecordMapping } from './record-mapping';

const name = fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_]{0,6}$/);
const steps: fc.Arbitrary<Step[]> = fc
  .tuple(name, fc.array(fc.oneof(name, fc.integer({ min: 0, max: 5 })), { maxLength: 4 }))
  .map(([first, rest]) => [first, ...rest]);
const written = (path: readonly Step[]): string =>
  path
    .map((step, index) => (typeof step === 'number' ? `[${step}]` : index === 0 ? step : `.${step}`))
    .join('');

describe('paths', () => {
  it('what is put at a path is found there, whatever the path', () => {
    fc.assert(
      fc.property(steps, fc.jsonValue(), (path, value) => {
        const document: JsonObject = {};
        putAt(document, path, value);
        expect(parsePath(written(path))).toEqual({ ok: true, value: path });
        expect(valueAt(document, written(path))).toEqual(value);
      }),
    );
  });

  it('any text is read or refused, and never touches prototypes', () => {
    fc.assert(
      fc.property(fc.string(), fc.jsonValue(), (text, value) => {
        const parsed = parsePath(text);
        if (!parsed.ok) return;
        putAt({}, parsed.value, value);
        expect(valueAt({}, text)).toBeUndefined();
      }),
    );
    const document: JsonObject = {};
    putAt(document, ['__proto__', 'polluted'], true);
    expect(({} as JsonObject)['polluted']).toBeUndefined();
    expect(valueAt({}, 'constructor.name')).toBeUndefined();
  });

  it.each(['', '.', 'a.', '.a', 'a..b', 'a[', 'a[x]', 'a]b', '[99999]'])(
    '%p is refused with a sentence',
    (path) => {
      expect(parsePath(path)).toMatchObject({
        ok: false,
        error: expect.stringContaining('is no path') as string,
      });
    },
  );

  it('a column that is called like a path is that column', () => {
    expect(valueAt({ 'a.b': 1, a: { b: 2 } }, 'a.b')).toBe(1);
  });
});

describe('values', () => {
  it.each([
    ['12.30', 'decimal', {}, 12.3],
    ['1.234,50', 'decimal', { decimal: ',', group: '.' }, 1234.5],
    ["12'000", 'integer', { group: "'" }, 12000],
    ['12.345.678', 'integer', { group: '.' }, 12345678],
    ['-12,34,567.8', 'decimal', { group: ',' }, -1234567.8],
    ['1234,5', 'decimal', { decimal: ',', group: '.' }, 1234.5],
    [' -7 ', 'integer', {}, -7],
    ['31.12.2026', 'date', { format: 'dd.MM.yyyy' }, '2026-12-31'],
    ['20261231', 'dateTime', { format: 'yyyyMMdd' }, '2026-12-31T00:00:00.000Z'],
    ['2026-03-29T02:30:00+02:00', 'dateTime', {}, '2026-03-29T00:30:00.000Z'],
    [1767225600, 'dateTime', { format: 'epochSeconds' }, '2026-01-01T00:00:00.000Z'],
    ['X', 'boolean', {}, true],
    ['no', 'boolean', {}, false],
    [42, 'text', {}, '42'],
  ] as const)('%p as %s is read', (value, type, notation, expected) => {
    expect(convert(value, type, notation)).toEqual({ ok: true, value: expected });
  });

  it.each([
    ['12,30', 'decimal', {}],
    ['1.5', 'integer', {}],
    // The other notation: it must not become a hundred times as much.
    ['1.50', 'decimal', { decimal: ',', group: '.' }],
    ['1,50', 'decimal', { group: ',' }],
    ['1.234.5', 'decimal', { decimal: ',', group: '.' }],
    ['1.2345', 'integer', { group: '.' }],
    ['1234.567', 'integer', { group: '.' }],
    ['1,234.56', 'decimal', { decimal: ',', group: '.' }],
    ['.123', 'decimal', { decimal: ',', group: '.' }],
    ['0x10', 'decimal', {}],
    ['123456789012345678.91', 'decimal', {}],
    ['1e999', 'decimal', {}],
    ['31.04.2026', 'date', { format: 'dd.MM.yyyy' }],
    ['2026-02-30', 'date', {}],
    ['perhaps', 'boolean', {}],
    ['', 'dateTime', { format: 'epochMillis' }],
    [[1], 'text', {}],
  ] as const)('%p as %s is refused', (value, type, notation) => {
    expect(convert(value as Json, type, notation)).toMatchObject({ ok: false });
  });

  it('an amount with up to 15 digits keeps its exact value', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 999_999_999_999 }),
        fc.integer({ min: 0, max: 999 }),
        (whole, rest) => {
          const text = `${whole}.${String(rest).padStart(3, '0')}`;
          const read = convert(text, 'decimal', {});
          expect(read.ok && Number(read.value).toFixed(3)).toBe(text);
        },
      ),
    );
  });
});

const MAPPING: RecordMapping = {
  resource: 'productOffering',
  id: ['plant', 'part'],
  idType: 'part',
  changed: { from: 'changed', format: 'yyyyMMdd' },
  deleted: { from: 'deleted', values: ['X'], as: 'retire' },
  fields: {
    name: { from: 'text', required: true },
    lifecycleStatus: { from: 'status', values: { A: 'Launched', N: 'Active' }, default: 'Launched' },
    isBundle: { constant: false },
    'productSpecification.id': { from: 'part', reference: 'productSpecification' },
    'productOfferingPrice[0].id': {
      from: 'price',
      reference: 'productOfferingPrice',
      referenceSource: 'erp',
    },
    'note[1].text': { from: 'remark', when: 'remark' },
    'price.value': { from: 'amount', type: 'decimal' },
  },
};

describe('mapping of a record', () => {
  const mapper = recordMapper('files', MAPPING);

  it('fills constants, defaults, translations and references, and drops what has no value', () => {
    const record = { plant: '10', part: ' P-1 ', text: 'Seal', price: 'C1', changed: '20260102' };
    expect(mapper.map(record)).toEqual([
      {
        externalId: '10/P-1',
        op: 'upsert',
        id: stableId('files', 'productOffering', '10/P-1'),
        modifiedAt: '2026-01-02T00:00:00.000Z',
        resource: {
          name: 'Seal',
          lifecycleStatus: 'Launched',
          isBundle: false,
          lastUpdate: '2026-01-02T00:00:00.000Z',
          productSpecification: { id: stableId('files', 'productSpecification', 'P-1') },
          productOfferingPrice: [{ id: stableId('erp', 'productOfferingPrice', 'C1') }],
          externalIdentifier: [
            { '@type': 'ExternalIdentifier', owner: 'files', externalIdentifierType: 'part', id: '10/P-1' },
          ],
        },
      },
    ]);
  });

  it('tells which attributes it rules, without what is inside of them', () => {
    expect(mapper.attributes).toEqual([
      ...['name', 'lifecycleStatus', 'isBundle', 'productSpecification'],
      ...['productOfferingPrice', 'note', 'price'],
    ]);
  });

  it('names every field that is wrong at once', () => {
    const mapped = mapper.map({ plant: '1', part: '2', status: 'Z', amount: 'much' });
    expect('faults' in mapped && mapped.faults.map(({ path }) => path)).toEqual([
      '/text',
      '/status',
      '/amount',
    ]);
  });

  it('names a field that two attributes come from once for each thing that is wrong with it', () => {
    const status = { from: 'status', values: { A: 'Active' } };
    const mapper = recordMapper('erp', {
      resource: 'thing',
      id: 'id',
      idType: 'part',
      fields: { state: status, lifecycleStatus: status, name: { from: 'status', type: 'integer' } },
    });
    const mapped = mapper.map({ id: '1', status: 'Z' });
    expect('faults' in mapped ? mapped.faults.map(({ path, code }) => [path, code]) : mapped).toEqual([
      ['/status', 'enum'],
      ['/status', 'type'],
    ]);
  });

  it('a record that has ended is retired', () => {
    const mapped = mapper.map({ plant: '1', part: '2', text: 't', deleted: 'X' });
    expect(mapped).toMatchObject([{ op: 'upsert', resource: { lifecycleStatus: 'Retired' } }]);
  });

  it('leads from an attribute back to the field behind it', () => {
    expect(mapper.fieldBehind('/price/value')).toBe('amount');
    expect(mapper.fieldBehind('/productOfferingPrice/0/id/x')).toBe('price');
    expect(mapper.fieldBehind('/unknown')).toBeUndefined();
  });

  it('any record is mapped or rejected, and mapping is a function of the record', () => {
    const field = fc.oneof(fc.string(), fc.jsonValue());
    const record = fc.dictionary(
      fc.constantFrom('plant', 'part', 'text', 'status', 'amount', 'changed'),
      field,
    );
    fc.assert(
      fc.property(record, (given) => {
        const mapped = mapper.map(given);
        expect(mapper.map(given as JsonObject)).toEqual(mapped);
        if (!('faults' in mapped)) expect(mapper.identity(given as JsonObject)).toBe(mapped[0]?.externalId);
      }),
    );
  });

  it('a mapping that cannot work is told with every fault', () => {
    const fields = { 'a..b': 'x', '[0].a': 'x', good: 'x', both: { from: 'x', constant: 1 }, none: {} };
    expect(mappingFaults({ ...MAPPING, fields }).map(({ path }) => path)).toEqual([
      '/fields/a..b',
      '/fields/[0].a',
      '/fields/both',
      '/fields/none',
    ]);
  });
});
