import { defineSettings, type SettingsOf } from '@quotebridge/platform/config';
import { componentSettings } from '@quotebridge/tmf/component';

/** Settings of the sales component: those that every component has. */
export const salesSettings = defineSettings({ ...componentSettings });

/** Values of {@link salesSettings}. */
export type SalesSettings = SettingsOf<typeof salesSettings>;
