import { isJsonObject, objectsIn, type Json, type JsonObject } from '@quotebridge/platform/core';
import { celName } from './cel-name';
import { re2Of } from './re2';

// What a structural schema may say of a value besides its structure.
const KEPT = [
  'type',
  'format',
  'minLength',
  'maxLength',
  'minimum',
  'maximum',
  'minItems',
  'maxItems',
  'uniqueItems',
  'enum',
] as const;
// Formats that the API server checks; others would only be ignored.
const FORMATS = new Set(['uri', 'date-time', 'email', 'hostname', 'ipv4', 'ipv6', 'duration']);
// The cost of a rule is estimated by how much there can be to check.
const MOST_ITEMS = 256;

const texts = (value: Json | undefined): readonly string[] =>
  Array.isArray(value) ? value.filter((entry) => typeof entry === 'string') : [];

const propertiesOf = (schema: JsonObject): Readonly<Record<string, JsonObject>> =>
  isJsonObject(schema['properties'])
    ? Object.fromEntries(Object.entries(schema['properties']).map(([k, v]) => [k, isJsonObject(v) ? v : {}]))
    : {};

const typeOf = (schema: JsonObject): string | undefined => {
  if (typeof schema['type'] === 'string') return schema['type'];
  const values = Array.isArray(schema['enum']) ? schema['enum'] : [];
  if (values.length > 0 && values.every((value) => typeof value === 'string')) return 'string';
  if (isJsonObject(schema['properties']) || isJsonObject(schema['additionalProperties'])) return 'object';
  return isJsonObject(schema['items']) ? 'array' : undefined;
};

const describe = (schema: JsonObject): JsonObject => {
  const about = schema['description'];
  const fallback = schema['default'];
  const words = [
    ...(typeof about === 'string' ? [about] : []),
    ...(fallback === undefined ? [] : [`Default: ${JSON.stringify(fallback)}.`]),
  ];
  return words.length === 0 ? {} : { description: words.join(' ') };
};

interface Choice {
  readonly value: string;
  readonly required: readonly string[];
  readonly properties: Readonly<Record<string, JsonObject>>;
}

/** The alternatives of a `oneOf` that a constant tells apart, with the name of that constant. */
const choicesOf = (
  schema: JsonObject,
): { readonly by: string; readonly choices: readonly Choice[] } | undefined => {
  const branches = objectsIn(schema['oneOf']);
  const [first] = branches;
  const by = Object.entries(propertiesOf(first ?? {})).find(([, value]) => 'const' in value)?.[0];
  if (by === undefined) return undefined;
  const choices = branches.map((branch) => {
    const { [by]: mark, ...properties } = propertiesOf(branch);
    return { value: String(mark?.['const']), required: texts(branch['required']), properties };
  });
  return { by, choices };
};

const ruleFor = (rule: string, message: string): JsonObject => ({ rule, message });

/** CEL rules of a union: what an alternative needs, and that it has nothing of another. */
const unionRules = (by: string, choices: readonly Choice[]): JsonObject[] =>
  choices.flatMap(({ value, required, properties }) => {
    const unless = `self.${celName(by)} != '${value}' || `;
    const foreign = new Set(choices.flatMap((other) => Object.keys(other.properties)));
    for (const own of Object.keys(properties)) foreign.delete(own);
    return [
      ...required
        .filter((name) => name !== by)
        .map((name) =>
          ruleFor(`${unless}has(self.${celName(name)})`, `${name} is needed when ${by} is ${value}`),
        ),
      ...[...foreign].map((name) =>
        ruleFor(`${unless}!has(self.${celName(name)})`, `${name} has no meaning when ${by} is ${value}`),
      ),
    ];
  });

/**
 * What an API server can check of a connector's settings schema: a structural schema, with the alternatives of a
 * discriminated `oneOf` as CEL rules. Defaults become words: a default stored with the object could never change
 * again. What a CRD cannot say is left to the operator, which checks the whole schema and tells in a condition.
 */
export const crdFragment = (schema: JsonObject): JsonObject => {
  const type = typeOf(schema);
  if (type === undefined) return { ...describe(schema), 'x-kubernetes-preserve-unknown-fields': true };
  const kept = Object.fromEntries(
    KEPT.filter((word) => schema[word] !== undefined)
      .filter((word) => word !== 'format' || FORMATS.has(String(schema['format'])))
      .map((word) => [word, schema[word]]),
  );
  const pattern = typeof schema['pattern'] === 'string' ? re2Of(schema['pattern']) : undefined;
  const base: JsonObject = {
    ...describe(schema),
    ...kept,
    type,
    ...(pattern === undefined ? {} : { pattern }),
  };
  if (type === 'array') {
    const items = isJsonObject(schema['items']) ? schema['items'] : {};
    return { maxItems: MOST_ITEMS, ...base, items: crdFragment(items) };
  }
  if (type !== 'object') return base;
  const union = choicesOf(schema);
  const properties: Record<string, JsonObject> = {
    ...(Object.assign({}, ...objectsIn(schema['oneOf']).map(propertiesOf)) as Record<string, JsonObject>),
    ...propertiesOf(schema),
  };
  if (union !== undefined) {
    const { by, choices } = union;
    const { const: _mark, ...tag } = properties[by] ?? {};
    properties[by] = { enum: choices.map(({ value }) => value), ...tag };
  }
  const names = Object.keys(properties);
  const extra = schema['additionalProperties'];
  if (names.length === 0) {
    return isJsonObject(extra)
      ? { ...base, maxProperties: MOST_ITEMS, additionalProperties: crdFragment(extra) }
      : { ...base, 'x-kubernetes-preserve-unknown-fields': true };
  }
  const required = texts(schema['required']);
  const rules = union === undefined ? [] : unionRules(union.by, union.choices);
  return {
    ...base,
    ...(required.length === 0 ? {} : { required: [...required] }),
    properties: Object.fromEntries(names.map((name) => [name, crdFragment(properties[name] ?? {})])),
    ...(rules.length === 0 ? {} : { 'x-kubernetes-validations': rules }),
  };
};
