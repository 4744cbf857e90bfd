import { isJsonObject, Refusal, type Fault, type Json, type JsonObject } from '@quotebridge/platform/core';

/** Attributes of each resource that refer to resources of this component: attribute path → resource. */
export const REFERENCES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  productCatalog: { category: 'category' },
  category: { parent: 'category', subCategory: 'category', productOffering: 'productOffering' },
  productOffering: {
    category: 'category',
    productSpecification: 'productSpecification',
    productOfferingPrice: 'productOfferingPrice',
    bundledProductOffering: 'productOffering',
    bundledGroupProductOffering: 'productOffering',
    productOfferingRelationship: 'productOffering',
  },
  productOfferingPrice: {
    bundledPopRelationship: 'productOfferingPrice',
    popRelationship: 'productOfferingPrice',
  },
  productSpecification: {
    bundledProductSpecification: 'productSpecification',
    productSpecificationRelationship: 'productSpecification',
    category: 'category',
  },
};

/** A reference to a resource of this component. */
interface Reference {
  readonly path: string;
  readonly resource: string;
  readonly id: string;
  /** Set when it names one version: as `42:(version=1.0)` or by an attribute beside the id. */
  readonly version?: string;
}

const VERSIONED_ID = /^(.*):\(version=(.*)\)$/s;

const targetOf = (reference: JsonObject): { id: string; version?: string } | undefined => {
  const { id, version } = reference;
  if (typeof id !== 'string') return undefined;
  const [, plain, named] = VERSIONED_ID.exec(id) ?? [];
  if (plain !== undefined && named !== undefined) return { id: plain, version: named };
  return typeof version === 'string' ? { id, version } : { id };
};

/** Groups of a bundle refer by the offerings in them, and may hold groups. */
const GROUPS = 'bundledGroupProductOffering';
const MEMBERS = 'bundledProductOffering';
/** Groups in groups that a user of an offering is looked for in. */
const GROUP_LEVELS = 3;

/** Where the ids of what an attribute refers to are stored. */
export const idPathsOf = (attribute: string): readonly string[] =>
  attribute === GROUPS
    ? Array.from({ length: GROUP_LEVELS }, (_, level) => `${`${GROUPS}.`.repeat(level + 1)}${MEMBERS}.id`)
    : [`${attribute}.id`];

const asList = (value: Json | undefined): { value: Json; suffix: string }[] => {
  if (value === undefined) return [];
  return Array.isArray(value)
    ? value.map((item, index) => ({ value: item, suffix: `/${index}` }))
    : [{ value, suffix: '' }];
};

/** An offering may hold a price itself instead of a reference to one (v5: `oneOf` by `@type`). */
const isValue = (attribute: string, value: JsonObject): boolean =>
  attribute === 'productOfferingPrice' && value['@type'] === 'ProductOfferingPrice';

/** What an attribute refers by, with its place. */
const entriesOf = (
  holder: JsonObject,
  attribute: string,
  path = '',
): readonly { readonly value: Json; readonly path: string }[] => {
  const own = asList(holder[attribute]).map(({ value, suffix }) => ({
    value,
    path: `${path}/${attribute}${suffix}`,
  }));
  if (attribute !== GROUPS) return own;
  return own.flatMap(({ value, path: at }) =>
    isJsonObject(value) ? [...entriesOf(value, MEMBERS, at), ...entriesOf(value, GROUPS, at)] : [],
  );
};

/** Every reference that a resource makes; an embedded price (a value instead of a reference) makes none. */
export const referencesOf = (name: string, resource: JsonObject): Reference[] =>
  Object.entries(REFERENCES[name] ?? {}).flatMap(([attribute, target]) =>
    entriesOf(resource, attribute).flatMap(({ value, path }) => {
      if (!isJsonObject(value) || isValue(attribute, value)) return [];
      const found = targetOf(value);
      return found ? [{ path: `${path}/id`, resource: target, ...found }] : [];
    }),
  );

/** What a reference leads to: the versions of an id, the latest first. */
export interface Found {
  readonly version: string;
  readonly resource: JsonObject;
}

/** Reads the versions of ids, each with at least its state and its own references. Ids that do not exist are left out. */
export type ReadTargets = (
  resource: string,
  ids: readonly string[],
) => Promise<ReadonlyMap<string, readonly Found[]>>;

const OUT_OF_USE = ['Rejected', 'Obsolete'];

/** What customers buy with an offering: these must still be sold when it is launched. */
const PARTS: ReadonlySet<string> = new Set([
  'productSpecification',
  'productOfferingPrice',
  MEMBERS,
  GROUPS,
  'bundledPopRelationship',
  'bundledProductSpecification',
]);

/** Links among equals. Records of outside systems name one another in any order, so their ends may come later. */
export const LINKS: ReadonlySet<string> = new Set([
  'productSpecificationRelationship',
  'productOfferingRelationship',
]);

const attributeOf = (path: string): string => path.split('/')[1] ?? '';

const MAX_DEPTH = 8;

interface Check {
  readonly name: string;
  readonly resource: JsonObject;
  readonly prefix: string;
}

/**
 * Faults of the references that lead nowhere, or to something that is out of use. For a launch (`deep`) the parts of
 * what is referred to are followed too: bundles of offerings, of prices and of specifications. What `mayBeMissing` names is not looked up.
 */
export const brokenReferences = async (
  name: string,
  resource: JsonObject,
  read: ReadTargets,
  deep = false,
  mayBeMissing: ReadonlySet<string> = new Set(),
): Promise<Fault[]> => {
  const faults: Fault[] = [];
  const seen = new Set<string>();
  let level: Check[] = [{ name, resource, prefix: '' }];
  for (let depth = 0; level.length > 0 && depth < MAX_DEPTH; depth += 1) {
    const references = level.flatMap((check) =>
      referencesOf(check.name, check.resource)
        .filter(({ path }) => depth === 0 || PARTS.has(attributeOf(path)))
        .filter(({ path }) => !mayBeMissing.has(attributeOf(path)))
        .map((reference) => ({ ...reference, prefix: check.prefix })),
    );
    const targets = await readAll(references, read);
    level = [];
    for (const reference of references) {
      const { path, prefix, resource: target } = reference;
      const part = PARTS.has(attributeOf(path));
      const found = versionIn(targets.get(target)?.get(reference.id), reference.version);
      const wrong = verdict(reference, found, deep && part ? [...OUT_OF_USE, 'Retired'] : OUT_OF_USE);
      if (wrong !== undefined)
        faults.push({ path: `${prefix}${path}`, message: wrong, code: 'brokenReference' });
      const key = `${target}/${reference.id}/${reference.version ?? ''}`;
      if (!deep || !part || found === undefined || seen.has(key)) continue;
      seen.add(key);
      level.push({ name: target, resource: found.resource, prefix: `${prefix}${path}` });
    }
  }
  return faults;
};

const readAll = async (
  references: readonly Reference[],
  read: ReadTargets,
): Promise<ReadonlyMap<string, ReadonlyMap<string, readonly Found[]>>> => {
  const found: [string, ReadonlyMap<string, readonly Found[]>][] = [];
  // One after the other: a transaction does one thing at a time.
  for (const target of new Set(references.map((reference) => reference.resource))) {
    const ids = references.filter((reference) => reference.resource === target).map(({ id }) => id);
    found.push([target, await read(target, [...new Set(ids)])]);
  }
  return new Map(found);
};

const versionIn = (versions: readonly Found[] | undefined, wanted: string | undefined): Found | undefined =>
  wanted === undefined ? versions?.[0] : versions?.find(({ version }) => version === wanted);

const verdict = (
  { resource, id, version }: Reference,
  found: Found | undefined,
  unusable: readonly string[],
): string | undefined => {
  const named = version === undefined ? id : `${id} in version ${version}`;
  if (found === undefined) return `there is no ${resource} with the id ${named}`;
  const state = found.resource['lifecycleStatus'];
  return typeof state === 'string' && unusable.includes(state)
    ? `${resource} ${named} is ${state}`
    : undefined;
};

/** Refuses with 422 what refers to something that is not there. */
export const refuseBroken = (faults: readonly Fault[]): void => {
  if (faults.length === 0) return;
  throw new Refusal(422, 'brokenReference', `${faults[0]?.path ?? ''}: ${faults[0]?.message ?? ''}`, {
    faults,
  });
};

/** Where something may be referred to from: resource and attribute. */
export interface Referrer {
  readonly resource: string;
  readonly attribute: string;
  /** What refers by this attribute consists of what it refers to. */
  readonly part: boolean;
}

// What groups or lists things (catalogs, categories) does not need them to be on sale.
const SOLD = ['productOffering', 'productOfferingPrice', 'productSpecification'];

/** Every place that refers to a resource and can be on sale itself. */
export const referrersOf = (target: string): Referrer[] =>
  SOLD.flatMap((resource) =>
    Object.entries(REFERENCES[resource] ?? {})
      .filter(([, referred]) => referred === target)
      .map(([attribute]) => ({ resource, attribute, part: PARTS.has(attribute) })),
  );

/** True when the resource refers by this attribute to the id: to the version, or to the latest when this is it. */
export const refersTo = (
  { resource, attribute }: Referrer,
  referring: JsonObject,
  target: { readonly id: string; readonly version: string; readonly isLatest: boolean },
): boolean =>
  referencesOf(resource, referring).some(
    ({ path, id, version }) =>
      attributeOf(path) === attribute &&
      id === target.id &&
      (version === undefined ? target.isLatest : version === target.version),
  );
