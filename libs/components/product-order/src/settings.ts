import { defineSettings, type SettingsOf } from '@quotebridge/platform/config';
import { catalogSettings } from '@quotebridge/tmf/client';
import { componentSettings } from '@quotebridge/tmf/component';

/** Settings of product ordering, beside those that every component has. */
export const productOrderSettings = defineSettings({
  ...componentSettings,
  ...catalogSettings,
  quotesElsewhere: {
    type: 'boolean',
    default: false,
    doc: 'Whether clients may place orders that name quotes, because another system keeps them; otherwise the acceptance of a quote is its order.',
  },
});

/** Values of {@link productOrderSettings}. */
export type ProductOrderSettings = SettingsOf<typeof productOrderSettings>;
