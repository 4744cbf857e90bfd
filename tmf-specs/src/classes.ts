import { loadSpec } from './load';
import type { Api, ApiVersion, SchemaObject } from './types';

/** One component schema with its parents merged in, as validators, field look-up and annotation need it. */
export interface ClassView {
  /** Name of the component, for example `ProductOffering_FVO`. */
  readonly name: string;
  /** Value of `@type` for this very class: the name without the suffix of a create or patch variant. */
  readonly typeName: string;
  readonly properties: Readonly<Record<string, SchemaObject>>;
  readonly required: readonly string[];
  /** The classes that may stand in this place, by their value of `@type`, this class itself left out. */
  readonly alternatives: ReadonlyMap<string, string>;
  /** True when the place has alternatives only and no attributes of its own (a value or a reference). */
  readonly abstract: boolean;
}

/** The classes of one document, each built at its first use. */
export interface ClassIndex {
  readonly names: readonly string[];
  get(name: string): ClassView | undefined;
}

const PREFIX = '#/components/schemas/';

/** Name of the component a `$ref` points to. */
export const refName = (ref: string): string => (ref.startsWith(PREFIX) ? ref.slice(PREFIX.length) : ref);

const typeNameOf = (name: string): string => name.replace(/_(?:FVO|MVO|Create|Update)$/, '');

const own = <T>(record: Readonly<Record<string, T>>, key: string): T | undefined =>
  Object.hasOwn(record, key) ? record[key] : undefined;

const buildView = (schemas: Readonly<Record<string, SchemaObject>>, name: string): ClassView | undefined => {
  const root = own(schemas, name);
  if (root === undefined) return undefined;
  const properties: Record<string, SchemaObject> = {};
  const required = new Set<string>();
  const merge = (schema: SchemaObject): void => {
    for (const part of schema.allOf ?? []) merge(part);
    const parent = schema.$ref === undefined ? undefined : own(schemas, refName(schema.$ref));
    if (parent !== undefined) merge(parent);
    Object.assign(properties, schema.properties);
    for (const attribute of schema.required ?? []) required.add(attribute);
  };
  merge(root);
  const alternatives = new Map<string, string>();
  for (const [type, ref] of Object.entries(root.discriminator?.mapping ?? {})) {
    if (refName(ref) !== name) alternatives.set(type, refName(ref));
  }
  return {
    name,
    typeName: typeNameOf(name),
    properties,
    required: [...required],
    alternatives,
    abstract: Object.keys(properties).length === 0 && alternatives.size > 0,
  };
};

const indexes = new Map<string, ClassIndex>();

/** The classes of one API in one version; the same object at every call. */
export const classesOf = (api: Api, version: ApiVersion): ClassIndex => {
  const key = `${api}-${version}`;
  const known = indexes.get(key);
  if (known !== undefined) return known;
  const { schemas } = loadSpec(api, version).components;
  const views = new Map<string, ClassView | undefined>();
  const index: ClassIndex = {
    names: Object.keys(schemas),
    get: (name) => {
      if (!views.has(name) && Object.hasOwn(schemas, name)) views.set(name, buildView(schemas, name));
      return views.get(name);
    },
  };
  indexes.set(key, index);
  return index;
};
