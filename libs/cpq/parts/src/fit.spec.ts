import type { JsonObject } from '@quotebridge/platform/core';
import fc from 'fast-check';
import { fitOf } from './fit';

const NOW = Date.parse('2026-06-01T00:00:00Z');
const characteristic = (name: string, value: string): JsonObject => ({
  name,
  characteristicValueSpecification: [{ value }],
});
const link = (id: string, more: JsonObject = {}): JsonObject => ({
  id,
  relationshipType: 'compatibleWith',
  ...more,
});
const part = (links: JsonObject[], more: JsonObject = {}): JsonObject => ({
  lifecycleStatus: 'Launched',
  productSpecificationRelationship: links,
  ...more,
});
const serials = (from?: string, to?: string): JsonObject => ({
  characteristic: [
    ...(from ? [characteristic('serialNumberFrom', from)] : []),
    ...(to ? [characteristic('serialNumberTo', to)] : []),
  ],
});

describe('whether a part fits', () => {
  it.each<[string, JsonObject, string | undefined, boolean, string]>([
    ['a model it is listed for', part([link('m')]), undefined, true, 'compatible'],
    ['a model it is not listed for', part([link('x')]), undefined, false, 'notListed'],
    [
      'as a consumable',
      part([link('m', { relationshipType: 'consumableFor' })]),
      undefined,
      true,
      'consumable',
    ],
    [
      'by a link of another kind',
      part([link('m', { relationshipType: 'supersededBy' })]),
      undefined,
      false,
      'notListed',
    ],
    [
      'later',
      part([link('m', { validFor: { startDateTime: '2027-01-01T00:00:00Z' } })]),
      undefined,
      false,
      'notYet',
    ],
    [
      'no longer, as its end was a leap second',
      part([link('m', { validFor: { endDateTime: '2016-12-31T23:59:60Z' } })]),
      undefined,
      false,
      'noLonger',
    ],
    [
      'no longer',
      part([link('m', { validFor: { endDateTime: '2026-01-01T00:00:00Z' } })]),
      undefined,
      false,
      'noLonger',
    ],
    ['a serial number of the range', part([link('m', serials('A9', 'A100'))]), 'A10', true, 'compatible'],
    [
      'a serial number before it',
      part([link('m', serials('A9', 'A100'))]),
      'A8',
      false,
      'otherSerialNumbers',
    ],
    [
      'a serial number behind it',
      part([link('m', serials(undefined, '99'))]),
      '100',
      false,
      'otherSerialNumbers',
    ],
    ['a machine without a number', part([link('m', serials('1'))]), undefined, false, 'serialNumberNeeded'],
    [
      'by the second of two links',
      part([link('m', serials('1', '5')), link('m', serials('7'))]),
      '8',
      true,
      'compatible',
    ],
  ])('%s', (_title, json, serialNumber, fits, code) => {
    const found = fitOf(json, { model: 'm', ...(serialNumber ? { serialNumber } : {}) }, NOW);
    expect([found.fits, found.isAvailable, found.reasons[0]?.code]).toEqual([fits, true, code]);
  });

  it('tells why each of several links does not hold', () => {
    const json = part([
      link('m', serials('1', '5')),
      link('m', { validFor: { endDateTime: '2020-01-01T00:00:00Z' } }),
    ]);
    const { reasons } = fitOf(json, { model: 'm', serialNumber: '9' }, NOW);
    expect(reasons.map(({ code }) => code)).toEqual(['otherSerialNumbers', 'noLonger']);
  });

  it.each(['Retired', 'Obsolete', 'Rejected'])(
    'a part that is %s fits, but cannot be had',
    (lifecycleStatus) => {
      const found = fitOf(part([link('m')], { lifecycleStatus }), { model: 'm' }, NOW);
      expect([found.fits, found.isAvailable]).toEqual([true, false]);
      expect(found.reasons.map(({ code }) => code)).toEqual(['compatible', 'obsolete']);
    },
  );

  it('never fits without a link to the very model, and always gives a reason', () => {
    const anyLink = fc.record({
      id: fc.constantFrom('m', 'n'),
      relationshipType: fc.constantFrom('compatibleWith', 'consumableFor', 'supersededBy'),
    });
    fc.assert(
      fc.property(fc.array(anyLink), (links) => {
        const { fits, reasons } = fitOf(part(links), { model: 'm' }, NOW);
        expect(reasons.length).toBeGreaterThan(0);
        expect(fits).toBe(links.some((one) => one.id === 'm' && one.relationshipType !== 'supersededBy'));
      }),
    );
  });
});
