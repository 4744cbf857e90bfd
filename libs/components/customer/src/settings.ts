import { defineSettings, type SettingsOf } from '@quotebridge/platform/config';
import { componentSettings } from '@quotebridge/tmf/component';

/** Settings of the customer component: those that every component has. */
export const customerSettings = defineSettings({ ...componentSettings });

/** Values of {@link customerSettings}. */
export type CustomerSettings = SettingsOf<typeof customerSettings>;
