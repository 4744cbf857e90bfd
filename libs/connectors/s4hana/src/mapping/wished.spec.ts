import type { JsonObject } from '@quotebridge/platform/core';
import fc from 'fast-check';
import { fieldsOf, missingIn, wishedIn } from './wished';

const order = (day: string | undefined, purchaseOrder: string | undefined): JsonObject => ({
  ...(day === undefined ? {} : { requestedCompletionDate: `${day}T15:30:00.000Z` }),
  externalId:
    purchaseOrder === undefined
      ? []
      : [{ '@type': 'ExternalIdentifier', externalIdentifierType: 'purchaseOrder', id: purchaseOrder }],
});

describe('what a sales order follows of its product order', () => {
  const day = fc
    .date({ noInvalidDate: true, min: new Date('2000-01-01'), max: new Date('2099-12-31') })
    .map((date) => date.toISOString().slice(0, 10));
  const orders = fc
    .tuple(
      fc.option(day, { nil: undefined }),
      fc.option(fc.stringMatching(/^[A-Z0-9-]{1,60}$/), { nil: undefined }),
    )
    .map(([on, number]) => order(on, number));

  it('is fulfilled by a sales order that is made of it, and by no other wish', () => {
    fc.assert(
      fc.property(orders, orders, (one, other) => {
        const salesOrder = fieldsOf(wishedIn(one, {}));
        expect(missingIn(salesOrder, wishedIn(one, {}))).toEqual({});
        const left = missingIn(salesOrder, wishedIn(other, {}));
        expect(missingIn({ ...salesOrder, ...fieldsOf(left) }, wishedIn(other, {}))).toEqual({});
      }),
    );
  });

  it.each<[string, JsonObject, JsonObject, JsonObject]>([
    [
      'another day',
      order('2027-02-01', undefined),
      { RequestedDeliveryDate: '/Date(0)/' },
      { day: '2027-02-01' },
    ],
    [
      'another number',
      order(undefined, 'PO-2'),
      { PurchaseOrderByCustomer: 'PO-1' },
      { purchaseOrder: 'PO-2' },
    ],
    ['nothing that is not said', order(undefined, undefined), { PurchaseOrderByCustomer: 'PO-1' }, {}],
    ['a day where there is none yet', order('2027-02-01', undefined), {}, { day: '2027-02-01' }],
  ])('is %s', (_name, wishing, salesOrder, expected) => {
    expect(missingIn(salesOrder, wishedIn(wishing, {}))).toEqual(expected);
  });
});

describe('the day that is requested', () => {
  it.each<[string, string | undefined, string]>([
    ['2026-12-24T00:00:00+01:00', undefined, '2026-12-24'],
    ['2026-12-23T23:00:00.000Z', undefined, '2026-12-23'],
    ['2026-12-24T00:00:00+01:00', 'Europe/Berlin', '2026-12-24'],
    ['2026-12-23T23:00:00.000Z', 'Europe/Berlin', '2026-12-24'],
    ['2026-07-23T22:30:00Z', 'Europe/Berlin', '2026-07-24'],
    ['2026-12-24T01:00:00Z', 'America/New_York', '2026-12-23'],
    ['2026-12-31T18:00:00-08:00', 'Pacific/Auckland', '2027-01-01'],
    ['2026-12-24', 'America/New_York', '2026-12-24'],
    ['tomorrow', 'Europe/Berlin', 'tomorrow'],
  ])('of %s is, delivered in %s, %s', (requestedCompletionDate, timeZone, day) => {
    expect(wishedIn({ requestedCompletionDate }, timeZone === undefined ? {} : { timeZone })).toEqual({
      day,
    });
  });

  it('is one for all ways to write a moment, where it is known who delivers', () => {
    const moment = fc.date({ noInvalidDate: true, min: new Date('2000-01-01'), max: new Date('2099-12-31') });
    fc.assert(
      fc.property(moment, fc.integer({ min: -14 * 60, max: 14 * 60 }), (at, minutes) => {
        const sign = minutes < 0 ? '-' : '+';
        const [hours, rest] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60].map((part) =>
          String(part).padStart(2, '0'),
        );
        const local = new Date(at.getTime() + minutes * 60_000).toISOString().slice(0, -1);
        const written = (time: string) =>
          wishedIn({ requestedCompletionDate: time }, { timeZone: 'Asia/Kolkata' });
        expect(written(`${local}${sign}${hours}:${rest}`)).toEqual(written(at.toISOString()));
      }),
    );
  });
});
