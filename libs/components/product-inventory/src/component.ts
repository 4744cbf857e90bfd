import type { Component } from '@quotebridge/tmf/component';
import { productDefinition } from './definition';
import { productHooks } from './hooks';
import type { ProductInventorySettings } from './settings';
import { bomView } from './views';

/** The installed base with its bills of materials: TMF637 in v4 and v5. */
export const productInventory: Component<ProductInventorySettings> = {
  name: 'product-inventory',
  build: (runtime) => ({
    resources: [productDefinition(productHooks(runtime))],
    ingest: { product: {} },
    views: bomView(runtime),
  }),
};
