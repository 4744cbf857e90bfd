import { isJsonObject, Refusal, type Fault, type Json, type JsonObject } from '@quotebridge/platform/core';
import { publicId } from '@quotebridge/tmf/resource';

/** Attributes of each resource that refer to resources of this component: attribute path → resource. */
export const REFERENCES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  productCatalog: { category: 'category' },
  category: { parent: 'category', subCategory: 'category', productOffering: 'productOffering' },
  productOffering: {
    category: 'category',
    productSpecification: 'productSpecification',
    productOfferingPrice: 'productOfferingPrice',
    bundledProductOffering: 'productOffering',
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
}

const asList = (value: Json | undefined): { value: Json; suffix: string }[] => {
  if (value === undefined) return [];
  return Array.isArray(value)
    ? value.map((item, index) => ({ value: item, suffix: `/${index}` }))
    : [{ value, suffix: '' }];
};

/** Every reference that a resource makes; an embedded price (a value instead of a reference) makes none. */
export const referencesOf = (name: string, resource: JsonObject): Reference[] =>
  Object.entries(REFERENCES[name] ?? {}).flatMap(([attribute, target]) =>
    asList(resource[attribute]).flatMap(({ value, suffix }) => {
      if (!isJsonObject(value) || typeof value['id'] !== 'string') return [];
      return [{ path: `/${attribute}${suffix}/id`, resource: target, id: publicId(value['id']) }];
    }),
  );

/** Reads which of the ids exist, and their states. */
export type ReadStates = (
  resource: string,
  ids: readonly string[],
) => Promise<ReadonlyMap<string, string | undefined>>;

const UNUSABLE = new Set(['Rejected', 'Obsolete']);

/** Faults of the references that lead nowhere, or to something that is out of use. */
export const brokenReferences = async (
  name: string,
  resource: JsonObject,
  read: ReadStates,
): Promise<Fault[]> => {
  const references = referencesOf(name, resource);
  const targets = [...new Set(references.map((reference) => reference.resource))];
  const states = new Map(
    await Promise.all(
      targets.map(async (target) => {
        const ids = references.filter((reference) => reference.resource === target).map(({ id }) => id);
        return [target, await read(target, [...new Set(ids)])] as const;
      }),
    ),
  );
  return references.flatMap(({ path, resource: target, id }) => {
    const found = states.get(target);
    if (!found?.has(id))
      return [{ path, message: `there is no ${target} with the id ${id}`, code: 'brokenReference' }];
    const state = found.get(id);
    return state !== undefined && UNUSABLE.has(state)
      ? [{ path, message: `${target} ${id} is ${state}`, code: 'brokenReference' }]
      : [];
  });
};

/** Refuses with 422 what refers to something that is not there. */
export const refuseBroken = (faults: readonly Fault[]): void => {
  if (faults.length === 0) return;
  throw new Refusal(422, 'brokenReference', `${faults[0]?.path ?? ''}: ${faults[0]?.message ?? ''}`, {
    faults,
  });
};
