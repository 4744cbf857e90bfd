import { Refusal, type JsonObject } from '@quotebridge/platform/core';
import type { Context } from '@quotebridge/platform/telemetry';
import type { ApiOperation, BusinessVersion, QueryParameter } from '../api/operation';
import type { LiveErp } from './live-erp';
import type { LookedUp, LookUp } from './look-up';
import { BOM, COMPATIBILITY, PRICE } from './look-up-schemas';
import type { MasterData } from './master-data';
import { priceView } from './price-view';

/** What the look-ups work with. */
export interface LookUpOperationsOptions {
  readonly erp: LiveErp;
  readonly master: MasterData;
  readonly lookUp: LookUp;
}

const PART: QueryParameter = { kind: 'text', doc: 'Number or id of the part.', required: true };
const DATE = (doc: string): QueryParameter => ({ kind: 'date-time', doc });

const ageOf = ({ source, asOf, stale, reason }: LookedUp, version: BusinessVersion): JsonObject => ({
  source,
  asOf,
  stale,
  ...(version === 'v2' && reason !== undefined ? { fallbackReason: reason } : {}),
});

/** A date without a time is the beginning of that day, UTC. */
const effectiveOf = (date: string | undefined): string | undefined =>
  date === undefined ? undefined : new Date(date).toISOString();

const defined = (fields: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));

/** `GET /compatibility`, `/pricing/customer` and `/bom/{serial}`. */
export const lookUpOperations = (
  { erp, master, lookUp }: LookUpOperationsOptions,
  version: BusinessVersion,
): readonly ApiOperation[] => {
  const fit = async (
    { part = '', serial, model, date }: Readonly<Record<string, string | undefined>>,
    trace?: Context,
  ): Promise<JsonObject> => {
    const machine = model ?? (await master.modelOf(serial ?? '', trace));
    const effective = effectiveOf(date);
    return master.compatibility(part, { model: machine, serialNumber: serial, effective }, trace);
  };
  return [
    {
      id: 'readCompatibility',
      method: 'GET',
      path: '/compatibility',
      summary: 'Tells whether a part fits a machine, why, what supersedes it, and whether it can be had.',
      scope: ['productSpecification', 'read'],
      query: {
        part: PART,
        serial: { kind: 'text', doc: 'Serial number of the machine; this or model.' },
        model: { kind: 'text', doc: 'Number or id of its model.' },
        date: DATE('On which day; today unless given.'),
      },
      answers: { 200: ['Whether it fits.', COMPATIBILITY[version]] },
      handle: async ({ query, trace }) => {
        const { part = '', serial, model, date } = query;
        if ((serial === undefined) === (model === undefined))
          throw new Refusal(400, 'invalidQuery', 'Name the machine by serial or by model, one of them');
        // Whether it fits is master data; only what is in stock is asked live.
        const key = JSON.stringify(['fit', part, serial, model, date]);
        const [found, stock] = await Promise.all([
          lookUp.answer(
            key,
            async () => ({ ok: false, reason: 'whether a part fits is not asked live' }),
            () => fit(query, trace),
          ),
          lookUp.answer(
            JSON.stringify(['availability', part]),
            () => erp.ask('availability', { part }, trace),
            async () => ({}),
          ),
        ]);
        const fromErp = stock.source === 'erp';
        const availability = fromErp ? { availability: stock.value } : {};
        const age = ageOf(fromErp ? stock : { ...stock, asOf: found.asOf }, version);
        return { status: 200, body: { ...found.value, ...defined({ serial }), ...availability, ...age } };
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
        customer: { kind: 'text', doc: 'Number of the customer.', required: true },
        quantity: { kind: 'decimal', doc: 'How many; 1 unless given.' },
        date: DATE('On which day; today unless given.'),
        currency: { kind: 'text', doc: 'In which currency, where there are several.' },
        priceList: {
          kind: 'text',
          doc: 'Price lists for master data, with commas between them; those of the customer unless given.',
        },
      },
      answers: { 200: ['The price.', PRICE[version]] },
      handle: async ({ query, trace, note }) => {
        const { part = '', customer = '', quantity = '1', date, currency, priceList } = query;
        note({ customerId: customer });
        const effective = effectiveOf(date);
        const found = await lookUp.answer(
          JSON.stringify(['price', part, customer, quantity, date, currency, priceList]),
          () => erp.ask('price', defined({ part, customer, quantity, date: effective, currency }), trace),
          () => master.price(part, { customer, quantity, effective, currency, priceList }, trace),
        );
        const asked = { part, customer, quantity: Number(quantity) };
        return { status: 200, body: { ...asked, ...priceView(found.value), ...ageOf(found, version) } };
      },
    },
    {
      id: 'readBom',
      method: 'GET',
      path: '/bom/{id}',
      summary: 'Tells what a machine, named by its serial number, is built of.',
      scope: ['product', 'read'],
      query: {
        levels: { kind: 'integer', doc: 'How deep; 5 unless given.', minimum: 1, maximum: 20 },
        effective: DATE('At which time; now unless given.'),
      },
      answers: { 200: ['Its structure.', BOM[version]] },
      handle: async ({ id: serial, query, trace }) => {
        const { levels = '5' } = query;
        const effective = effectiveOf(query['effective']);
        const found = await lookUp.answer(
          JSON.stringify(['bom', serial, levels, effective]),
          () => erp.ask('bom', defined({ serial, levels: Number(levels), effective }), trace),
          () => master.bom(serial, { levels, effective }, trace),
        );
        return { status: 200, body: { serial, ...found.value, ...ageOf(found, version) } };
      },
    },
  ];
};
