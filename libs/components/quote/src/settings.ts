import { checkedBy, defineSettings, type SettingsOf } from '@quotebridge/platform/config';
import { catalogSettings, inventorySettings } from '@quotebridge/tmf/client';
import { componentSettings } from '@quotebridge/tmf/component';
import { readExpiryRules } from './expiry';
import { readThresholds } from './thresholds';

/** Settings of the quote component, beside those that every component has. */
export const quoteSettings = defineSettings({
  ...componentSettings,
  ...catalogSettings,
  ...inventorySettings,
  quoteValidity: {
    type: 'duration',
    default: '30d',
    min: '1s',
    doc: 'Length of the validity period of a new quote.',
  },
  discountThresholds: {
    type: 'list',
    default: ['20:sales-manager'],
    check: checkedBy((entries) => readThresholds(entries, [])),
    doc: 'Discounts above which a role has to agree, <per cent>:<role>.',
  },
  totalThresholds: {
    type: 'list',
    default: ['EUR:250000:management', 'USD:250000:management'],
    check: checkedBy((entries) => readThresholds([], entries)),
    doc: 'Totals above which a role has to agree, <currency>:<amount>:<role>.',
  },
  allowNegativePrices: { type: 'boolean', default: false, doc: 'Whether a price may be below zero.' },
  quoteMargin: {
    type: 'boolean',
    default: false,
    doc: 'Whether quotes know what they earn; the key to the catalog needs the scope procurementCost:read.',
  },
  expiryStates: {
    type: 'list',
    default: ['approved:rejected'],
    check: checkedBy(readExpiryRules),
    doc: 'What a quote becomes when its validity ends, <state>:<state>; `none` leaves all as they are. States that are not named stay.',
  },
  expiryInterval: {
    type: 'duration',
    default: '1m',
    min: '50ms',
    doc: 'How often quotes are looked at whose validity may have ended.',
  },
  repriceInterval: {
    type: 'duration',
    default: '2s',
    min: '50ms',
    doc: 'How often quotes that wait for a price or a structure are looked at.',
  },
});

/** Values of {@link quoteSettings}. */
export type QuoteSettings = SettingsOf<typeof quoteSettings>;
