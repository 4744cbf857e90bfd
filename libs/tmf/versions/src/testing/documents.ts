import type { Json, JsonObject } from '@quotebridge/platform/core';
import type { OpenApiDocument, SchemaObject } from '@quotebridge/tmf-specs';
import fc from 'fast-check';

/** Deeper objects get their required attributes only. */
const MAX_DEPTH = 5;

/** Names that one version knows and the other does not, and names that are dangerous in JavaScript. */
const FOREIGN_NAMES = [
  ...['xNote', 'x.dotted', '', '0', '__proto__', 'constructor', 'toString', 'hasOwnProperty'],
  ...['orderDate', 'quoteDate', 'creationDate', 'parent', 'parentId', 'policy', 'constraint', 'itemId'],
  ...['partyOrPartyRole', 'partyId', 'place', 'channel', 'role', 'id', 'href', 'name', '@referredType'],
  ...['agreement', 'agreementItem', 'agreementId', 'orderId', 'quoteItemId', 'externalIdentifier', 'product'],
  ...['productPriceAlteration', 'priceAlteration', 'dutyFreeAmount', 'percentage', 'unit', 'characteristic'],
  ...[
    'charSpecRelationship',
    'characteristicValueSpecification',
    'recurringChargePeriodType',
    'emailAddress',
  ],
];

const foreignValue: fc.Arbitrary<Json> = fc.oneof(
  fc.string(),
  fc.integer(),
  fc.boolean(),
  fc.constantFrom<Json>([], {}, { id: 'inner' }, { id: 'inner', xDeep: { n: 1 } }, [{ id: 'a' }, 2], [[]]),
);

const text = fc.oneof(fc.string({ maxLength: 8 }), fc.constantFrom('5', 'Individual', 'CustomerRole', ''));
const number = fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e9, max: 1e9 }).map((n) => n + 0);

const FORMATS: Readonly<Record<string, fc.Arbitrary<Json>>> = {
  'date-time': fc.constantFrom('2026-01-31T08:00:00Z', '2026-01-31T08:00:00.123+02:00'),
  uri: fc.constantFrom('https://host.example/a/1', 'https://host.example/a/2'),
};

/** A period does not end before it starts. */
const BOUNDS: Readonly<Record<string, fc.Arbitrary<Json>>> = {
  startDateTime: fc.constant('2026-01-31T08:00:00.123+02:00'),
  endDateTime: fc.constant('2026-01-31T08:00:00Z'),
};

export interface DocumentOptions {
  /** Adds attributes that the contract does not know, on every level. */
  readonly unknownAttributes: boolean;
}

/**
 * Arbitrary documents of one class of an OpenAPI document: valid by the contract, in v5 with `@type` everywhere,
 * with subclasses that the contract does not know, and if wanted with unknown attributes on every level.
 */
export const documentsOf = (
  spec: OpenApiDocument,
  className: string,
  options: DocumentOptions,
): fc.Arbitrary<JsonObject> => {
  const schemas = spec.components.schemas;
  // In v4 a class is never told by its attributes: `@type` names extensions only.
  const isV4 = spec.info.version.startsWith('4');
  const known = new Map<string, fc.Arbitrary<Json>>();

  const ofClass = (
    name: string,
    type: string,
    depth: number,
    place: readonly string[] = [name],
  ): fc.Arbitrary<Json> => {
    const key = [type, depth, name, ...place].join(' ');
    // What one alternative of a place declares is no unknown attribute of the others.
    const declared = place.flatMap((other) => Object.keys(merged(schemas, other).properties ?? {}));
    const arbitrary = known.get(key) ?? ofObject(merged(schemas, name), type, depth, new Set(declared));
    known.set(key, arbitrary);
    return arbitrary;
  };

  const ofPlace = (name: string, depth: number): fc.Arbitrary<Json> => {
    const schema = merged(schemas, name);
    const classes = isV4 ? [] : Object.entries(schema.discriminator?.mapping ?? {});
    if (classes.length === 0) return ofClass(name, name, depth);
    const place = [name, ...classes.map(([, ref]) => nameOf(ref))];
    return fc.oneof(...classes.map(([type, ref]) => ofClass(nameOf(ref), type, depth, place)));
  };

  const ofSchema = (schema: SchemaObject, depth: number): fc.Arbitrary<Json> => {
    if (schema.$ref !== undefined) {
      const { enum: choices } = merged(schemas, nameOf(schema.$ref));
      return choices === undefined ? ofPlace(nameOf(schema.$ref), depth) : fc.constantFrom(...choices);
    }
    if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
    if (schema.type === 'array') {
      const minLength = schema.minItems ?? 0;
      return fc.array(ofSchema(schema.items ?? {}, depth + 1), { minLength, maxLength: minLength + 2 });
    }
    if (schema.type === 'string') return FORMATS[schema.format ?? ''] ?? text;
    if (schema.type === 'integer') return fc.integer();
    if (schema.type === 'number') return number;
    if (schema.type === 'boolean') return fc.boolean();
    if (schema.type === 'object') return fc.constantFrom<Json>({}, { value: { a: {} } }, { n: {} });
    return fc.oneof(foreignValue, fc.array(fc.string()), fc.array(fc.integer()));
  };

  const ofObject = (
    schema: SchemaObject,
    type: string,
    depth: number,
    declared: ReadonlySet<string>,
  ): fc.Arbitrary<Json> => {
    const properties = schema.properties ?? {};
    const required = new Set(schema.required ?? []);
    const members: Record<string, fc.Arbitrary<Json | undefined>> = {};
    for (const [name, property] of Object.entries(properties)) {
      const wanted = required.has(name);
      if (!wanted && depth >= MAX_DEPTH) continue;
      const value =
        name === '@type'
          ? fc.constantFrom(type, type, type, `Own${type}`)
          : name === '@baseType'
            ? fc.constantFrom('OwnBase', '')
            : name === '@referredType'
              ? fc.constantFrom('Individual', 'Organization', 'Customer', 'OwnPartyRole')
              : (BOUNDS[name] ?? ofSchema(property, depth + 1));
      members[name] = wanted ? value : rarely(value, depth);
    }
    const foreign = options.unknownAttributes
      ? fc.dictionary(fc.constantFrom(...FOREIGN_NAMES), foreignValue, { maxKeys: depth === 0 ? 4 : 2 })
      : fc.constant<JsonObject>({});
    return fc.tuple(fc.record(members), foreign).map(([own, others]) => {
      const unknown = Object.entries(others).filter(([name]) => !declared.has(name));
      const present = Object.entries(own).filter(([, value]) => value !== undefined);
      return Object.fromEntries([...unknown, ...present]);
    });
  };

  return ofClass(className, typeNameOf(className), 0) as fc.Arbitrary<JsonObject>;
};

const rarely = (value: fc.Arbitrary<Json>, depth: number): fc.Arbitrary<Json | undefined> =>
  fc.oneof(
    { weight: depth === 0 ? 1 : 2, arbitrary: fc.constant(undefined) },
    { weight: 1, arbitrary: value },
  );

const nameOf = (ref: string): string => ref.slice(ref.lastIndexOf('/') + 1);

const typeNameOf = (name: string): string => name.replace(/_(?:FVO|MVO|Create|Update)$/, '');

/** A class with the attributes of its parents. */
const merged = (schemas: Readonly<Record<string, SchemaObject>>, name: string): SchemaObject => {
  const root = schemas[name];
  if (root === undefined) throw new Error(`The contract has no class ${name}.`);
  const parts = (root.allOf ?? []).map((part) =>
    part.$ref === undefined ? part : merged(schemas, nameOf(part.$ref)),
  );
  return {
    ...root,
    properties: Object.assign({}, ...parts.map((part) => part.properties ?? {}), root.properties),
    required: [...parts.flatMap((part) => part.required ?? []), ...(root.required ?? [])],
  };
};
