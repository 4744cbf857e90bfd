import { defineSettings, type SettingsOf } from '@quotebridge/platform/config';
import { componentSettings } from '@quotebridge/tmf/component';

/** Settings of the product inventory: those that every component has. */
export const productInventorySettings = defineSettings({ ...componentSettings });

/** Values of {@link productInventorySettings}. */
export type ProductInventorySettings = SettingsOf<typeof productInventorySettings>;
