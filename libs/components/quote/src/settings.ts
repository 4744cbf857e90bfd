import { defineSettings, type SettingsOf } from '@quotebridge/platform/config';
import { componentSettings } from '@quotebridge/tmf/component';

/** Settings of the quote component, beside those that every component has. */
export const quoteSettings = defineSettings({
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
  catalogCacheEntries: {
    type: 'int',
    default: 10_000,
    min: 0,
    doc: 'Offerings and prices kept in memory; events of the catalog drop them.',
  },
  catalogCacheFresh: {
    type: 'duration',
    default: '30s',
    doc: 'How long an entry is used before it is checked by a conditional read.',
  },
  quoteValidity: {
    type: 'duration',
    default: '30d',
    min: '1s',
    doc: 'Length of the validity period of a new quote.',
  },
  discountThresholds: {
    type: 'list',
    default: ['20:sales-manager'],
    doc: 'Discounts above which a role has to agree, <per cent>:<role>.',
  },
  totalThresholds: {
    type: 'list',
    default: ['EUR:250000:management', 'USD:250000:management'],
    doc: 'Totals above which a role has to agree, <currency>:<amount>:<role>.',
  },
  allowNegativePrices: { type: 'boolean', default: false, doc: 'Whether a price may be below zero.' },
  repriceInterval: {
    type: 'duration',
    default: '2s',
    min: '50ms',
    doc: 'How often quotes that wait for a price are looked at.',
  },
});

/** Values of {@link quoteSettings}. */
export type QuoteSettings = SettingsOf<typeof quoteSettings>;
