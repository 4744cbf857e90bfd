import { refName } from './classes';
import type { ClassIndex, ClassView } from './classes';
import type { SchemaObject } from './types';

/** A JSON schema as ajv takes it. */
export interface AjvSchema {
  [keyword: string]: unknown;
}

/**
 * How a class is read. `value`: a whole value. `patch`: a merge patch (RFC 7396), where null removes an attribute
 * and a nested object names only what changes; arrays are replaced as a whole, so their items are values again.
 * `patch-root`: the outermost object of a merge patch, whose required attributes the API does demand.
 */
export type Reading = 'value' | 'patch' | 'patch-root';

/** Address of a class in ajv. `own` leaves out the choice among alternatives. */
export const schemaId = (reading: Reading, part: 'any' | 'own', name: string): string =>
  `/${reading}/${part}/${name}`;

const nested = (reading: Reading): Reading => (reading === 'value' ? 'value' : 'patch');

const attributeSchema = (schema: SchemaObject, reading: Reading): AjvSchema => {
  const inner = nested(reading);
  const plain = ((): AjvSchema => {
    if (schema.$ref !== undefined) return { $ref: schemaId(inner, 'any', refName(schema.$ref)) };
    const out: AjvSchema = {};
    if (schema.type !== undefined) out['type'] = schema.type;
    if (schema.format === 'date-time') out['format'] = schema.format;
    if (schema.enum !== undefined) out['enum'] = schema.enum;
    if (schema.minItems !== undefined) out['minItems'] = schema.minItems;
    if (schema.items !== undefined) out['items'] = attributeSchema(schema.items, 'value');
    if (typeof schema.additionalProperties === 'object') {
      out['additionalProperties'] = attributeSchema(schema.additionalProperties, reading);
    }
    return out;
  })();
  if (inner === 'value' || Object.keys(plain).length === 0) return plain;
  return { if: { not: { type: 'null' } }, then: plain };
};

/** The keyword of a class that is a period: it must not end before it starts. */
export const CHRONOLOGICAL = 'chronological';

const isPeriod = ({ properties }: ClassView): boolean =>
  Object.hasOwn(properties, 'startDateTime') && Object.hasOwn(properties, 'endDateTime');

/** The attributes of one class. The values of `@type` are open, since anyone may derive a class. */
const ownSchema = (view: ClassView, reading: Reading): AjvSchema => {
  const properties: AjvSchema = {};
  for (const [name, schema] of Object.entries(view.properties)) {
    properties[name] = name === '@type' ? { type: 'string' } : attributeSchema(schema, reading);
  }
  const out: AjvSchema = { $id: schemaId(reading, 'own', view.name), type: 'object', properties };
  if (reading !== 'patch' && view.required.length > 0) out['required'] = view.required;
  if (isPeriod(view)) out[CHRONOLOGICAL] = true;
  return out;
};

const is = (attribute: string, value: string): AjvSchema => ({
  type: 'object',
  properties: { [attribute]: { const: value } },
  required: [attribute],
});

/**
 * The choice among the alternatives of a place, by `@type` and then by `@baseType`, so that an unknown subclass is
 * read as its base class. A chain of comparisons costs nothing beside trying every alternative of a `oneOf`.
 */
const anySchema = (view: ClassView, reading: Reading): AjvSchema => {
  const $id = schemaId(reading, 'any', view.name);
  const fallback: AjvSchema = view.abstract
    ? { type: 'object', ...(reading === 'patch' ? {} : { required: ['@type'] }) }
    : { $ref: schemaId(reading, 'own', view.name) };
  const choices = [...view.alternatives].reverse();
  const chain = (attribute: string, last: AjvSchema): AjvSchema =>
    choices.reduce<AjvSchema>(
      (otherwise, [type, target]) => ({
        if: is(attribute, type),
        then: { $ref: schemaId(reading, 'any', target) },
        else: otherwise,
      }),
      last,
    );
  return { $id, ...chain('@type', view.alternatives.size === 0 ? fallback : chain('@baseType', fallback)) };
};

/** The two schemas of every class of a document in one reading. ajv compiles only those that are reached. */
export const ajvSchemas = (classes: ClassIndex, reading: Reading): AjvSchema[] =>
  classes.names.flatMap((name) => {
    const view = classes.get(name);
    return view === undefined ? [] : [anySchema(view, reading), ownSchema(view, reading)];
  });
