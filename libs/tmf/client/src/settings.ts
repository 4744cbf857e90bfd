import { defineSettings, type SettingsOf } from '@quotebridge/platform/config';
import type { Clock } from '@quotebridge/platform/core';
import { HttpCatalog } from './http-catalog';

/** Settings of every component that reads the catalog. */
export const catalogSettings = defineSettings({
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
});

const CONNECTIONS = 16;

/** The catalog that these settings name. */
export const httpCatalog = (settings: SettingsOf<typeof catalogSettings>, clock: Clock): HttpCatalog => {
  const { catalogApiKey } = settings;
  return new HttpCatalog({
    baseUrl: settings.catalogUrl.replace(/\/+$/, ''),
    clock,
    deadlineMs: settings.catalogDeadline,
    maxEntries: settings.catalogCacheEntries,
    freshMs: settings.catalogCacheFresh,
    connections: CONNECTIONS,
    ...(catalogApiKey === undefined ? {} : { apiKey: () => catalogApiKey.reveal() }),
  });
};
