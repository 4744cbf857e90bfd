import { BOM_LIMITS, walkBom, type BomLine } from '@quotebridge/cpq/bom';
import { Refusal, type JsonObject } from '@quotebridge/platform/core';
import { requireScope } from '@quotebridge/platform/security';
import type { Runtime } from '@quotebridge/tmf/component';
import { readInstant } from '@quotebridge/tmf/query';
import { attributesOf, type StoredResource } from '@quotebridge/tmf/resource';
import type { FastifyInstance } from 'fastify';
import { LastSeen, StructureReading } from './structure-reading';

const DEFAULT_LEVELS = 5;
const MOST_NAMED = 10;
/** What a line tells of a product; the rest is at its own address. */
const SHOWN = [
  'name',
  'status',
  'productSerialNumber',
  'productSpecification',
  'startDate',
  'terminationDate',
];
const PROJECTION = Object.fromEntries(
  [...SHOWN, 'productRelationship', 'creationDate', '_mod'].map((name) => [name, 1]),
);

interface BomQuery {
  readonly levels?: string;
  readonly effective?: string;
}

const refuse = (message: string): never => {
  throw new Refusal(400, 'invalidQuery', message);
};

const levelsOf = (text: string | undefined): number => {
  const levels = text === undefined ? DEFAULT_LEVELS : Number(text);
  return Number.isInteger(levels) && levels >= 1 && levels <= BOM_LIMITS.levels
    ? levels
    : refuse(`levels must be a whole number from 1 to ${BOM_LIMITS.levels}`);
};

/** The time a structure is wanted for; `asBuilt` is when the product was put into service. */
const effectiveOf = (text: string | undefined, product: JsonObject, now: number): number => {
  if (text === undefined) return now;
  const wanted = text === 'asBuilt' ? (product['startDate'] ?? product['creationDate']) : text;
  const time = typeof wanted === 'string' ? readInstant(wanted) : undefined;
  return time ?? refuse('effective must be a date and time such as 2026-01-31T09:30:00Z, or asBuilt');
};

const summaryOf = (product: JsonObject): JsonObject =>
  Object.fromEntries(SHOWN.flatMap((name) => (product[name] === undefined ? [] : [[name, product[name]]])));

/** Shows lines. A product that is built in at many places is summed up once. */
const lineView = () => {
  const summaries = new Map<string, JsonObject>();
  return ({ product, ...line }: BomLine) => {
    if (product === undefined) return { ...line, isMissing: true };
    const summary = summaries.get(line.id) ?? summaryOf(product);
    summaries.set(line.id, summary);
    return { ...line, product: summary };
  };
};

/** `GET /views/bom/{serial}?levels=5&effective=…` and its sisters: the structure of a machine or a part at a time. */
export const bomView =
  (runtime: Runtime) =>
  (scope: FastifyInstance): void => {
    const collection = () => runtime.service('product').repository.collection;
    const stored = (ids: readonly string[]): Promise<StoredResource[]> =>
      collection()
        .find({ _id: { $in: [...ids] } }, { projection: PROJECTION })
        .toArray();
    const lastSeen = new LastSeen();
    const bySerial = async (serial: string): Promise<StoredResource> => {
      const found = await collection()
        .find({ productSerialNumber: serial }, { projection: PROJECTION })
        .limit(MOST_NAMED)
        .toArray();
      const [product] = found;
      if (product === undefined)
        throw new Refusal(
          404,
          'notFound',
          `There is no product with the serial number ${serial.slice(0, 200)}`,
        );
      if (found.length === 1) return product;
      const ids = found.map(({ _id }) => _id).join(', ');
      throw new Refusal(
        409,
        'ambiguousSerialNumber',
        `Several products have this serial number: ${ids}; ask by id at /views/product/{id}/bom`,
      );
    };
    const answer = async (root: StoredResource, { levels, effective }: BomQuery) => {
      const product = attributesOf(root);
      const question = {
        levels: levelsOf(levels),
        effective: effectiveOf(effective, product, runtime.clock.now()),
      };
      const reading = new StructureReading(root, stored, lastSeen.of(root._id));
      const { lines, isCut } = await walkBom(root._id, product, reading.read, question);
      lastSeen.note(root._id, reading.ids());
      return {
        id: root._id,
        product: summaryOf(product),
        levels: question.levels,
        effective: new Date(question.effective).toISOString(),
        asOf: reading.asOf(),
        isCut,
        lines: lines.map(lineView()),
      };
    };

    /** What is built by a specification: the product of the inventory that stands for it, not one of the machines. */
    const bySpecification = async (id: string): Promise<StoredResource | undefined> => {
      const found = await collection()
        .find(
          { 'productSpecification.id': id, productSerialNumber: { $exists: false } },
          { projection: PROJECTION },
        )
        .sort({ _id: 1 })
        .limit(1)
        .toArray();
      return found[0];
    };

    scope.get<{ Params: { serial: string }; Querystring: BomQuery }>('/bom/:serial', async (request) => {
      requireScope(request.qbPrincipal, 'product', 'read');
      return answer(await bySerial(request.params.serial), request.query);
    });
    scope.get<{ Params: { id: string }; Querystring: BomQuery }>('/product/:id/bom', async (request) => {
      requireScope(request.qbPrincipal, 'product', 'read');
      return answer(await runtime.service('product').require(request.params.id), request.query);
    });
    scope.get<{ Params: { id: string }; Querystring: BomQuery }>(
      '/specification/:id/bom',
      async (request) => {
        requireScope(request.qbPrincipal, 'product', 'read');
        const root = await bySpecification(request.params.id);
        // Most parts are built of nothing, which is an answer that is worth remembering.
        return root === undefined ? { isCut: false, lines: [] } : answer(root, request.query);
      },
    );
  };
