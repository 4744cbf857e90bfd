import { defineSettings, type SettingsOf } from '@quotebridge/platform/config';
import { catalogSettings } from '@quotebridge/tmf/client';
import { componentSettings } from '@quotebridge/tmf/component';

/** Settings of product ordering, beside those that every component has. */
export const productOrderSettings = defineSettings({
  ...componentSettings,
  ...catalogSettings,
});

/** Values of {@link productOrderSettings}. */
export type ProductOrderSettings = SettingsOf<typeof productOrderSettings>;
