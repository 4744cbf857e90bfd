import type { Component } from '@quotebridge/tmf/component';
import { catalogResources } from './definitions';

/** TMFC001 Product Catalog Management: TMF620 in v4 and v5. */
export const productCatalog: Component = {
  name: 'product-catalog',
  build: (runtime) => ({
    resources: catalogResources(runtime),
    ingest: { category: {}, productSpecification: {}, productOfferingPrice: {}, productOffering: {} },
  }),
};
