import type { Component } from '@quotebridge/tmf/component';
import { ensureLock } from '@quotebridge/tmf/resource';
import { productDefinition } from './definition';
import { productHooks } from './hooks';
import type { ProductInventorySettings } from './settings';
import { STRUCTURE_LOCK } from './structure';
import { bomView } from './views';

/** The installed base with its bills of materials: TMF637 in v4 and v5. */
export const productInventory: Component<ProductInventorySettings> = {
  name: 'product-inventory',
  build: async (runtime) => {
    await ensureLock(runtime.store, STRUCTURE_LOCK);
    return {
      resources: [productDefinition(productHooks(runtime))],
      ingest: { product: {} },
      views: bomView(runtime),
    };
  },
};
