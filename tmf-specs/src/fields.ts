import { classesOf, refName } from './classes';
import type { ClassIndex, ClassView } from './classes';
import type { Api, ApiVersion, SchemaObject } from './types';

/** What kind of value a declared path leads to; `any` where the model leaves it open or alternatives differ. */
export type FieldKind = 'string' | 'number' | 'integer' | 'boolean' | 'date-time' | 'object' | 'any';

/** A declared path of a resource. */
export interface Field {
  readonly kind: FieldKind;
  /** True when the path runs through or ends in an array, so that one resource may have many values there. */
  readonly array?: true;
}

/** An array counts as its items: TMF630 paths have no index. */
const withoutArrays = (schema: SchemaObject): SchemaObject => {
  let node = schema;
  while (node.type === 'array') node = node.items ?? {};
  return node;
};

const kindOf = (schema: SchemaObject, classes: ClassIndex): FieldKind => {
  if (schema.$ref !== undefined) {
    return classes.get(refName(schema.$ref)) === undefined ? 'any' : 'object';
  }
  if (schema.type === 'string' && schema.format === 'date-time') return 'date-time';
  return schema.type === undefined || schema.type === 'array' ? 'any' : schema.type;
};

/** The class itself and every class that may stand in its place. */
const standIns = (view: ClassView, classes: ClassIndex): ClassView[] => {
  const found = [view];
  for (const name of view.alternatives.values()) {
    const other = classes.get(name);
    if (other !== undefined && !found.includes(other)) found.push(other);
  }
  return found;
};

const attribute = (views: readonly ClassView[], name: string): SchemaObject[] =>
  views.flatMap((view) => {
    const schema = Object.hasOwn(view.properties, name) ? view.properties[name] : undefined;
    return schema === undefined ? [] : [schema];
  });

const viewsOf = (classes: ClassIndex, schemaName: string): ClassView[] => {
  const root = classes.get(schemaName);
  return root === undefined ? [] : standIns(root, classes);
};

/** The classes whose attributes may follow after a value of one of these schemas. */
const viewsBehind = (schemas: readonly SchemaObject[], classes: ClassIndex): ClassView[] => {
  const next = schemas.map((schema) =>
    schema.$ref === undefined ? undefined : classes.get(refName(schema.$ref)),
  );
  return [...new Set(next.flatMap((view) => (view === undefined ? [] : standIns(view, classes))))];
};

const lookUp = (classes: ClassIndex, schemaName: string, path: string): Field | undefined => {
  let views = viewsOf(classes, schemaName);
  let schemas: SchemaObject[] = [];
  let array = false;
  for (const name of path.split('.')) {
    const declared = attribute(views, name);
    if (declared.length === 0) return undefined;
    array ||= declared.some(({ type }) => type === 'array');
    schemas = declared.map(withoutArrays);
    views = viewsBehind(schemas, classes);
  }
  const kinds = new Set(schemas.map((schema) => kindOf(schema, classes)));
  const [kind] = kinds;
  if (kind === undefined) return undefined;
  return { kind: kinds.size === 1 ? kind : 'any', ...(array ? { array } : {}) };
};

/** Paths come from clients: the memory of known ones is emptied before it grows without end. */
const MAX_KNOWN = 5_000;

const known = new Map<string, Field>();

/**
 * The kind of the value at a dotted path of a class, walking arrays and all alternatives of a place, for example
 * `fieldAt('TMF620', 'v5', 'ProductOffering', 'category.id')` → `{ kind: 'string' }`.
 * Undefined when the class or the path is not declared.
 */
export const fieldAt = (
  api: Api,
  version: ApiVersion,
  schemaName: string,
  path: string,
): Field | undefined => {
  const key = `${api}-${version}/${schemaName}/${path}`;
  const cached = known.get(key);
  if (cached !== undefined) return cached;
  const field = lookUp(classesOf(api, version), schemaName, path);
  if (field !== undefined) {
    if (known.size >= MAX_KNOWN) known.clear();
    known.set(key, field);
  }
  return field;
};

/**
 * The declared paths of a class down to `depth` names, for suggestions: `name`, `category`, `category.id`, … in no
 * particular order.
 */
export const declaredPaths = (
  api: Api,
  version: ApiVersion,
  schemaName: string,
  depth = 2,
): readonly string[] => {
  const classes = classesOf(api, version);
  const walk = (views: readonly ClassView[], head: string, left: number): string[] => {
    const names = new Set(views.flatMap((view) => Object.keys(view.properties)));
    return [...names].flatMap((name) => {
      const below = left > 1 ? viewsBehind(attribute(views, name).map(withoutArrays), classes) : [];
      return [`${head}${name}`, ...walk(below, `${head}${name}.`, left - 1)];
    });
  };
  return walk(viewsOf(classes, schemaName), '', depth);
};
