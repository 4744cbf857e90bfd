// The product catalog of the version after this one, as the test of the upgrade imagines it: it finds categories by their name in
// small letters, which documents have from a migration, by an index that is new. It takes the place of apps/product-catalog/src/main.ts.
import '@quotebridge/platform/instrumentation';
import { productCatalog, productCatalogSettings } from '@quotebridge/components/product-catalog';
import { runComponent } from '@quotebridge/tmf/component';

const next: typeof productCatalog = {
  ...productCatalog,
  build: async (runtime) => {
    const parts = await productCatalog.build(runtime);
    return {
      ...parts,
      resources: parts.resources.map((one) =>
        one.name === 'category'
          ? { ...one, indexes: [...(one.indexes ?? []), { keys: { _search: 1 } }] }
          : one,
      ),
      migrations: [
        ...(parts.migrations ?? []),
        {
          name: 'search-names',
          collection: 'category',
          where: { _search: { $exists: false } },
          change: [{ $set: { _search: { $toLower: '$name' } } }],
        },
      ],
    };
  },
};

runComponent(next, productCatalogSettings, process.env);
