import { isRejection } from '@quotebridge/connectors/sdk';
import type { JsonObject } from '@quotebridge/platform/core';
import { PRICE_SAMPLE, MATERIAL_SAMPLE } from '../samples';
import { specificationId } from './ids';
import { endsOffering, mapOffering } from './offering';
import { mapPrice } from './price';
import { SETTINGS } from './settings.fixture';
import { mapSpecification } from './specification';

const AREA = { SalesOrganization: '1710', DistributionChannel: '10', Material: 'SP-1001' };
const condition = (key: JsonObject, more: JsonObject = {}, scales: JsonObject[] = []): JsonObject => ({
  ...PRICE_SAMPLE,
  ...more,
  to_SlsPrcgCndnRecdValidity: { results: [{ ...AREA, ...key }] },
  to_SlsPrcgCndnRecordScale: { results: scales },
});
const DISCOUNT = { ConditionType: 'DRG1', ConditionRateValue: '0.00', ConditionRateValueUnit: '%' };
const percent = (line: number, from: number, rate: string): JsonObject => ({
  ConditionScaleLine: String(line),
  ConditionScaleQuantity: String(from),
  ConditionRateValue: rate,
  ConditionRateValueUnit: '%',
});
const pricesOf = (record: JsonObject): JsonObject[] => {
  const mapped = mapPrice('erp', SETTINGS)(record);
  if (isRejection(mapped)) throw new Error(JSON.stringify(mapped));
  return mapped.map(({ resource }) => resource);
};
const spec = { id: specificationId('erp', 'SP-1001') };

describe('a price that is not for everybody', () => {
  it.each([
    ['one customer', { Customer: '10100003' }, 'customer', '10100003', 'Price for 10100003 SP-1001'],
    ['a price list', { PriceListType: '02' }, 'priceList', '02', 'Price of list 02 SP-1001'],
  ])('for %s says for whom and of what it is', (_name, key, name, value, title) => {
    expect(pricesOf(condition(key))).toMatchObject([
      {
        name: title,
        price: { unit: 'EUR', value: 2480 },
        prodSpecCharValueUse: [
          { name, productSpecification: spec, productSpecCharacteristicValue: [{ value }] },
        ],
      },
    ]);
  });

  it('is not among the prices of the offering', () => {
    const conditions = [condition({ Customer: '10100003' }), condition({}, DISCOUNT)];
    const product = {
      ...MATERIAL_SAMPLE,
      to_SalesDelivery: { results: [{ ProductSalesOrg: '1710', ProductDistributionChnl: '10' }] },
    };
    const mapped = mapOffering('erp', SETTINGS)({ product, conditions });
    expect(isRejection(mapped) ? mapped : mapped[0]?.resource).toMatchObject({
      lifecycleStatus: 'Active',
      productOfferingPrice: [],
    });
  });
});

describe('a discount', () => {
  const scales = [percent(1, 10, '3.00'), percent(2, 50, '-7.50')];

  it.each([
    ['everybody, without the part that is nothing', {}, [3, 7.5]],
    ['a price list, with it: it stands for what others have', { PriceListType: '03' }, [0, 3, 7.5]],
    ['one customer, with it as well', { Customer: '10100003' }, [0, 3, 7.5]],
  ])('is one schedule of percentages by quantity for %s', (_name, key, percentages) => {
    const found = pricesOf(condition(key, DISCOUNT, scales)).map(({ percentage }) => percentage);
    expect(found).toEqual(percentages);
  });

  it('says for whom and for how many each part is', () => {
    const [, ...tiers] = pricesOf(condition({ PriceListType: '03' }, DISCOUNT, scales));
    expect(new Set(tiers.map(({ name }) => name))).toEqual(new Set(['Discount DRG1 SP-1001']));
    expect(tiers).toMatchObject([
      {
        priceType: 'discount',
        percentage: 3,
        prodSpecCharValueUse: [{ name: 'priceList' }, { name: 'quantity' }],
      },
      { priceType: 'discount', percentage: 7.5 },
    ]);
    expect(tiers.every((tier) => !('price' in tier) && !('unitOfMeasure' in tier))).toBe(true);
  });

  it('for everybody names its material by a use that restricts nothing', () => {
    const [only] = pricesOf(condition({}, { ...DISCOUNT, ConditionRateValue: '5' }));
    expect(only).toMatchObject({ percentage: 5, prodSpecCharValueUse: [{ productSpecification: spec }] });
    expect(JSON.stringify(only)).not.toContain('productSpecCharacteristicValue');
  });

  it.each<[string, JsonObject]>([
    ['a percentage', { ConditionRateValue: '7.500', ConditionRateValueUnit: '%' }],
    [
      'a ratio, beside an amount of nothing',
      {
        ...{ ConditionRateValue: '0.000', ConditionRateValueUnit: '', ConditionRateAmount: '0.000000000' },
        ...{ ConditionCurrency: '', ConditionRateRatio: '7.500000000', ConditionRateRatioUnit: '%' },
      },
    ],
    [
      'a percentage, beside an amount of nothing',
      { ConditionRateValue: '7.500', ConditionRateValueUnit: '%', ConditionRateAmount: '0.000000000' },
    ],
  ])('that is told as %s is read as one', (_name, told) => {
    expect(pricesOf(condition({}, { ...DISCOUNT, ...told }))).toMatchObject([{ percentage: 7.5 }]);
  });

  it('may be an amount for each', () => {
    const more = { ConditionType: 'DRG1', ConditionRateValue: '2.50', ConditionRateValueUnit: 'EUR' };
    expect(pricesOf(condition({ Customer: '1' }, more))).toMatchObject([
      { priceType: 'discount', price: { unit: 'EUR', value: 2.5 }, unitOfMeasure: { amount: 1 } },
    ]);
  });
});

describe('an obsolete material', () => {
  const obsolete = { ...MATERIAL_SAMPLE, CrossPlantStatus: 'OB' };

  it('is retired and no longer offered, but still told of', () => {
    const mapped = mapSpecification('erp', SETTINGS)(obsolete);
    expect(isRejection(mapped) ? mapped : mapped[0]?.resource).toMatchObject({ lifecycleStatus: 'Retired' });
    expect(endsOffering({ product: obsolete }, SETTINGS)).toBe(true);
    expect(endsOffering({ product: MATERIAL_SAMPLE }, SETTINGS)).toBe(false);
  });
});
