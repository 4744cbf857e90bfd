import { defineSettings, type SettingsOf } from '@quotebridge/platform/config';
import { componentSettings } from '@quotebridge/tmf/component';

/** Settings of product ordering, beside those that every component has. */
export const productOrderSettings = defineSettings({
  ...componentSettings,
  catalogUrl: {
    type: 'url',
    doc: 'Base address of the product catalog, TMF620 v5: http://…/tmf-api/productCatalogManagement/v5.',
  },
  catalogApiKey: { type: 'secret', optional: true, doc: 'API key to read the catalog with.' },
  catalogDeadline: {
    type: 'duration',
    default: '2s',
    min: '10ms',
    doc: 'Longest time for one read of the catalog.',
  },
  catalogFresh: {
    type: 'duration',
    default: '30s',
    doc: 'How long an offering is used before it is read again.',
  },
});

/** Values of {@link productOrderSettings}. */
export type ProductOrderSettings = SettingsOf<typeof productOrderSettings>;
