import {
  customerPrice,
  fitOf,
  resolveSupersession,
  type NoPrice,
  type Supersession,
} from '@quotebridge/cpq/parts';
import { Refusal } from '@quotebridge/platform/core';
import { requireScope } from '@quotebridge/platform/security';
import type { Runtime } from '@quotebridge/tmf/component';
import { readInstant } from '@quotebridge/tmf/query';
import { attributesOf, publicId, type StoredResource } from '@quotebridge/tmf/resource';
import type { FastifyInstance } from 'fastify';
import { asOf, idsAt, PartReader, summaryOf } from './part-reader';

type Query = Readonly<Record<string, string | undefined>>;

const STATUS = {
  badQuantity: 400,
  noPrice: 404,
  severalCurrencies: 409,
  belowZero: 422,
  tooManyDigits: 422,
} as const satisfies Readonly<Record<NoPrice['code'], number>>;

const effectiveOf = ({ effective }: Query, now: number): number => {
  const time = effective === undefined ? now : readInstant(effective);
  if (time !== undefined) return time;
  throw new Refusal(400, 'invalidQuery', 'effective must be a date and time such as 2026-01-31T09:30:00Z');
};

const listOf = (text: string | undefined): string[] =>
  (text ?? '').split(',').flatMap((word) => (word.trim() === '' ? [] : [word.trim()]));

const shown = async (reader: PartReader, found: Supersession) => {
  const names = await reader.summaries([
    ...found.alternatives.flat().map(({ id }) => id),
    ...found.steps.flatMap(({ from, to }) => [from, to]),
  ]);
  return {
    ...found,
    alternatives: found.alternatives.map((set) =>
      set.map((replacement) => ({ ...replacement, part: names.get(replacement.id) })),
    ),
    parts: [...names.values()],
  };
};

/** What the catalog works out of parts: what supersedes one, whether it fits a machine, and what a customer pays. */
export const partViews = (runtime: Runtime): ((scope: FastifyInstance) => void) => {
  const reader = new PartReader(runtime);
  const supersessionFrom = (part: StoredResource, at: number): Promise<Supersession> =>
    resolveSupersession(part._id, attributesOf(part), reader.readMany, at);

  return (scope) => {
    scope.get<{ Params: { part: string }; Querystring: Query }>(
      '/parts/:part/supersession',
      async ({ qbPrincipal, params, query }) => {
        requireScope(qbPrincipal, 'productSpecification', 'read');
        const at = effectiveOf(query, runtime.clock.now());
        const part = await reader.find(params.part);
        const found = await shown(reader, await supersessionFrom(part, at));
        return { ...summaryOf(part), effective: new Date(at).toISOString(), ...found };
      },
    );
    scope.get<{ Params: { part: string }; Querystring: Query }>(
      '/parts/:part/compatibility',
      async ({ qbPrincipal, params, query }) => {
        requireScope(qbPrincipal, 'productSpecification', 'read');
        const at = effectiveOf(query, runtime.clock.now());
        const { model, serialNumber } = query;
        if (model === undefined)
          throw new Refusal(
            400,
            'invalidQuery',
            'model must name a machine model by id or product number; GET /api/compatibility finds it by serial number',
          );
        const [part, machine] = [await reader.find(params.part), await reader.find(model)];
        const fit = fitOf(
          attributesOf(part),
          { model: machine._id, ...(serialNumber === undefined ? {} : { serialNumber }) },
          at,
        );
        return {
          part: summaryOf(part),
          model: summaryOf(machine),
          effective: new Date(at).toISOString(),
          asOf: asOf([part, machine]),
          ...fit,
          supersession: await shown(reader, await supersessionFrom(part, at)),
        };
      },
    );
    scope.get<{ Params: { part: string }; Querystring: Query }>(
      '/parts/:part/price',
      async ({ qbPrincipal, params, query }) => {
        requireScope(qbPrincipal, 'productOfferingPrice', 'read');
        const at = effectiveOf(query, runtime.clock.now());
        const part = await reader.find(params.part);
        const { customer, currency, quantity = '1' } = query;
        const categories = idsAt(attributesOf(part), 'category');
        const { documents, read } = await reader.pricesOf(part._id, {
          categories,
          ...(customer === undefined ? {} : { customer }),
        });
        const date = new Date(at).toISOString();
        const found = customerPrice(documents, {
          quantity,
          date,
          categories,
          priceLists: listOf(query['priceList']),
          ...(customer === undefined ? {} : { customer }),
          ...(currency === undefined ? {} : { currency }),
        });
        if (!found.ok) throw new Refusal(STATUS[found.error.code], found.error.code, found.error.message);
        return { part: summaryOf(part), effective: date, asOf: asOf([part, ...read]), ...found.value };
      },
    );
    // What `customerPrice` works with: whoever has to calculate further does it with the same documents.
    scope.get<{ Params: { offering: string }; Querystring: Query }>(
      '/offerings/:offering/prices',
      async ({ qbPrincipal, params, query }) => {
        requireScope(qbPrincipal, 'productOfferingPrice', 'read');
        const { offering, part } = await reader.offered(params.offering);
        const { customer } = query;
        const categories = part === undefined ? [] : idsAt(attributesOf(part), 'category');
        const found =
          part &&
          (await reader.pricesOf(part._id, {
            categories,
            offering,
            ...(customer === undefined ? {} : { customer }),
          }));
        const { documents = [], read = [] } = found ?? {};
        return {
          offering: { id: publicId(offering._id) },
          ...(part === undefined ? {} : { part: summaryOf(part) }),
          asOf: asOf([offering, ...(part ? [part] : []), ...read]),
          categories,
          prices: documents.map(({ id, price }) => ({ ...price, id })),
        };
      },
    );
  };
};
