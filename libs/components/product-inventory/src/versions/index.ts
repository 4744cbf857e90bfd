import { mapper, productAttributes, type VersionMapper } from '@quotebridge/tmf/versions';

/** TMF637 `product`. */
export const productMapper: VersionMapper = mapper([productAttributes]);
