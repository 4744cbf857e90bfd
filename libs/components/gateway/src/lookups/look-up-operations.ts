import { Refusal, type JsonObject } from '@quotebridge/platform/core';
import { JsonText } from '../api/json-text';
import type { ApiOperation, BusinessVersion, QueryParameter } from '../api/operation';
import type { LiveErp } from './live-erp';
import type { LookUp, Sources } from './look-up';
import { valueOf, type LookedUp } from './looked-up';
import { BOM, COMPATIBILITY, PRICE } from './look-up-schemas';
import type { MasterData } from './master-data';
import { priceView } from './price-view';

/** What the look-ups work with. */
export interface LookUpOperationsOptions {
  readonly erp: Pick<LiveErp, 'ask'>;
  readonly master: Pick<MasterData, 'price' | 'compatibility' | 'bom'>;
  readonly lookUp: LookUp;
}

const PART: QueryParameter = {
  kind: 'text',
  doc: 'Number or id of the part.',
  example: 'SP-1001',
  required: true,
};
/** A date without a time is the beginning of that day, UTC. */
const DATE = (doc: string): QueryParameter => ({
  kind: 'date-time',
  doc: `${doc} A date such as 2026-01-31, or a date and time; UTC unless it says otherwise.`,
});

const ageOf = ({ source, asOf, stale, reason }: LookedUp, version: BusinessVersion): JsonObject => ({
  source,
  ...(asOf === undefined ? {} : { asOf }),
  stale,
  ...(version === 'v2' && reason !== undefined ? { fallbackReason: reason } : {}),
});

const NOT_ASKED = 'the catalog did not answer, and the ERP is not asked whether a part fits';

/** An ERP that does not say until when a price holds: master data know it, where they come to the same price. */
const withValidity: NonNullable<Sources['complete']> = async (live, master) => {
  if (live['validUntil'] !== undefined) return live;
  const known = await master();
  const isSame = known?.['net'] === live['net'] && known?.['currency'] === live['currency'];
  return known?.['validUntil'] === undefined || !isSame ? live : { ...live, validUntil: known['validUntil'] };
};

/** Age of an answer whose fit counts: because the ERP did not tell the stock, or because the fit was known before only. */
const ageOfFit = (fit: LookedUp, stock: LookedUp): LookedUp => {
  const reason = fit.isOld === true ? fit.reason : stock.reason;
  return {
    text: fit.text,
    source: 'masterData',
    ...(fit.asOf === undefined ? {} : { asOf: fit.asOf }),
    stale: true,
    ...(reason === undefined ? {} : { reason }),
  };
};

const defined = (fields: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));

/** `GET /compatibility`, `/pricing/customer` and `/bom/{serial}`. */
export const lookUpOperations = (
  { erp, master, lookUp }: LookUpOperationsOptions,
  version: BusinessVersion,
): readonly ApiOperation[] => {
  return [
    {
      id: 'readCompatibility',
      method: 'GET',
      path: '/compatibility',
      summary: 'Tells whether a part fits a machine, why, what supersedes it, and whether it can be had.',
      scope: ['productSpecification', 'read'],
      query: {
        part: PART,
        serial: { kind: 'text', doc: 'Serial number of the machine; this or model.', example: 'QS-500001' },
        model: { kind: 'text', doc: 'Number or id of its model.' },
        date: DATE('On which day; today unless given.'),
      },
      answers: { 200: ['Whether it fits.', COMPATIBILITY[version]] },
      handle: async ({ query, trace }) => {
        const { part = '', serial, model, date } = query;
        if ((serial === undefined) === (model === undefined))
          throw new Refusal(400, 'invalidQuery', 'Name the machine by serial or by model, one of them');
        // Whether it fits is master data; only what is in stock is asked live.
        const [found, stock] = await Promise.all([
          lookUp.answer(['fit', part, serial, model, date], {
            live: async () => ({ ok: false, reason: NOT_ASKED }),
            master: () => master.compatibility(part, { serial, model, effective: date }, trace),
          }),
          lookUp.answer(['availability', part], {
            live: () => erp.ask('availability', { part }, trace),
            master: async () => ({}),
          }),
        ]);
        const isKnown = stock.source === 'erp';
        const availability = isKnown ? { availability: valueOf(stock) } : {};
        // The whole is as old as the older part: what is in stock now does not make up for a fit of yesterday.
        const age = isKnown && found.isOld !== true ? stock : ageOfFit(found, stock);
        return {
          status: 200,
          body: { ...valueOf(found), ...defined({ serial }), ...availability, ...ageOf(age, version) },
        };
      },
    },
    {
      id: 'readCustomerPrice',
      method: 'GET',
      path: '/pricing/customer',
      summary: 'Tells what a customer pays for a quantity of a part on a day, each step named.',
      scope: ['productOfferingPrice', 'read'],
      query: {
        part: PART,
        customer: {
          kind: 'text',
          doc: 'Number of the customer in the ERP; master data know him by his id as well.',
          example: '10100001',
          required: true,
        },
        quantity: { kind: 'decimal', doc: 'How many, above zero; 1 unless given.', example: '3' },
        date: DATE('On which day; today unless given.'),
        currency: {
          kind: 'currency',
          doc: 'In which currency, where there are several: ISO 4217.',
          example: 'EUR',
        },
        priceList: {
          kind: 'text',
          doc: 'Price lists for master data, with commas between them; those of the customer unless given.',
        },
      },
      answers: { 200: ['The price.', PRICE[version]] },
      handle: async ({ query, trace, note }) => {
        const { part = '', customer = '', quantity = '1', date, currency, priceList } = query;
        note({ customerId: customer });
        const asks = ['price', part, customer, quantity, date, currency, priceList] as const;
        const found = await lookUp.answer(asks, {
          live: () => erp.ask('price', defined({ part, customer, quantity, date, currency }), trace),
          master: () =>
            master.price(part, { customer, quantity, effective: date, currency, priceList }, trace),
          complete: withValidity,
        });
        const asked = { part, customer, quantity: Number(quantity) };
        return { status: 200, body: { ...asked, ...priceView(valueOf(found)), ...ageOf(found, version) } };
      },
    },
    {
      id: 'readBom',
      method: 'GET',
      path: '/bom/{serial}',
      named: { doc: 'Serial number of the machine.', example: 'QS-500001' },
      summary: 'Tells what a machine, named by its serial number, is built of.',
      scope: ['product', 'read'],
      query: {
        levels: { kind: 'integer', doc: 'How deep; 5 unless given.', minimum: 1, maximum: 20 },
        effective: {
          ...DATE('At which time; now unless given, `asBuilt` is when it was put into service.'),
          words: ['asBuilt'],
        },
      },
      answers: { 200: ['Its structure.', BOM[version]] },
      handle: async ({ id: serial, query, trace }) => {
        const { levels = '5', effective } = query;
        const found = await lookUp.answer(['bom', serial, levels, effective], {
          live: () => erp.ask('bom', defined({ serial, levels: Number(levels), effective }), trace),
          master: () => master.bom(serial, { levels, effective }, trace),
        });
        return { status: 200, body: JsonText.of({ serial }, found.text, ageOf(found, version)) };
      },
    },
  ];
};
