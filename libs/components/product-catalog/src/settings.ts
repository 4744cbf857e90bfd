import { defineSettings, type SettingsOf } from '@quotebridge/platform/config';
import { componentSettings } from '@quotebridge/tmf/component';

/** Settings of the product catalog. */
export const productCatalogSettings = defineSettings({
  ...componentSettings,
  jobsFolder: {
    type: 'string',
    optional: true,
    doc: 'Folder that import and export jobs may use by file: addresses; none unless given.',
  },
});

/** Values of {@link productCatalogSettings}. */
export type ProductCatalogSettings = SettingsOf<typeof productCatalogSettings>;
