import { fieldAt, type ApiVersion } from '@quotebridge/tmf-specs';
import type { VersionMapper } from '@quotebridge/tmf/versions';
import * as mappers from '../versions';
import type { IsText } from './csv-cell';

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

/** How v4 shows each resource: the name of its class, and the mapping. */
export const V4_SHAPES: Readonly<
  Record<string, { readonly schema: string; readonly mapper: VersionMapper }>
> = {
  productCatalog: { schema: 'Catalog', mapper: mappers.catalogMapper },
  category: { schema: 'Category', mapper: mappers.categoryMapper },
  productOffering: { schema: 'ProductOffering', mapper: mappers.productOfferingMapper },
  productOfferingPrice: { schema: 'ProductOfferingPrice', mapper: mappers.productOfferingPriceMapper },
  productSpecification: { schema: 'ProductSpecification', mapper: mappers.productSpecificationMapper },
};

/** The class of a resource in the model of a version. */
export const schemaOf = (target: string, version: ApiVersion): string =>
  (version === 'v4' ? V4_SHAPES[target]?.schema : undefined) ??
  target.charAt(0).toUpperCase() + target.slice(1);

/** Which attributes of a resource are texts, in either version: their cells are no JSON. */
export const textAttributes = (target: string): IsText => {
  const known = new Map<string, boolean>();
  const find = (path: string): boolean =>
    (['v5', 'v4'] as const).some((version) => {
      const kind = fieldAt('TMF620', version, schemaOf(target, version), path)?.kind;
      return kind === 'string' || kind === 'date-time';
    });
  return (path) => {
    const found = known.get(path) ?? find(path);
    known.set(path, found);
    return found;
  };
};
