/** The resources that can be imported and exported, by the names that both versions give them. */
const NAMES: Readonly<Record<string, string>> = {
  catalog: 'productCatalog',
  productCatalog: 'productCatalog',
  category: 'category',
  productOffering: 'productOffering',
  productOfferingPrice: 'productOfferingPrice',
  productSpecification: 'productSpecification',
};

/** The resource (v5 name) that the `path` of a job names with its last segment. */
export const targetOf = (path: unknown): string | undefined => {
  if (typeof path !== 'string') return undefined;
  const last = path.split('?')[0]?.split('/').filter(Boolean).pop() ?? '';
  return Object.hasOwn(NAMES, last) ? NAMES[last] : undefined;
};

/** The resource that a record says to be by its `@type`. */
export const targetOfType = (type: unknown): string | undefined =>
  typeof type === 'string' ? targetOf(type.charAt(0).toLowerCase() + type.slice(1)) : undefined;
