import { defineSettings, type SettingsOf } from '@quotebridge/platform/config';
import type { Clock, JsonObject } from '@quotebridge/platform/core';
import { HttpCatalog } from './http-catalog';
import { HttpInventory } from './http-inventory';

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
    doc: 'Offerings and prices kept in memory, fewer when they need more than 32 MB; events of the catalog drop them.',
  },
  catalogCacheFresh: {
    type: 'duration',
    default: '30s',
    doc: 'How long an entry is used before it is checked by a conditional read.',
  },
});

/** Settings of a component that reads structures from the inventory as well; beside {@link catalogSettings}, whose key it shows. */
export const inventorySettings = defineSettings({
  inventoryUrl: {
    type: 'url',
    optional: true,
    doc: 'Address of the installed base (TMF637), without a path, where the structures of quoted items are read with the key to the catalog; without it items get none.',
  },
  inventoryDeadline: {
    type: 'duration',
    default: '500ms',
    min: '10ms',
    doc: 'Longest time for one read of the inventory; after one that failed nobody asks for five seconds.',
  },
  structureLevels: {
    type: 'int',
    default: 5,
    min: 1,
    max: 20,
    doc: 'Levels of the structure that a quoted item carries.',
  },
  structureLines: {
    type: 'int',
    default: 200,
    min: 1,
    max: 2_000,
    doc: 'Most parts of the structure that a quoted item carries; of longer ones the upper levels.',
  },
});

const CONNECTIONS = 16;
/** Of each kind of document that is kept, so that all of them leave a component its memory. */
const MAX_BYTES = 32_000_000;
/** Structures that are kept in memory, and how long nobody asks after a read that failed, milliseconds. */
const MAX_STRUCTURES = 1_000;
const PAUSE_MS = 5_000;

/** The catalog that these settings name. */
export const httpCatalog = (settings: SettingsOf<typeof catalogSettings>, clock: Clock): HttpCatalog => {
  const { catalogApiKey } = settings;
  return new HttpCatalog({
    baseUrl: settings.catalogUrl.replace(/\/+$/, ''),
    clock,
    deadlineMs: settings.catalogDeadline,
    maxEntries: settings.catalogCacheEntries,
    maxBytes: MAX_BYTES,
    freshMs: settings.catalogCacheFresh,
    connections: CONNECTIONS,
    ...(catalogApiKey === undefined ? {} : { apiKey: () => catalogApiKey.reveal() }),
  });
};

/** The inventory that these settings name, if they name one. `keep` makes of a structure what is kept in memory. */
export const httpInventory = (
  settings: SettingsOf<typeof catalogSettings> & SettingsOf<typeof inventorySettings>,
  clock: Clock,
  keep: (view: JsonObject) => JsonObject,
): HttpInventory | undefined => {
  const { catalogApiKey, inventoryUrl } = settings;
  if (inventoryUrl === undefined) return undefined;
  return new HttpInventory({
    baseUrl: inventoryUrl.replace(/\/+$/, ''),
    clock,
    deadlineMs: settings.inventoryDeadline,
    maxEntries: MAX_STRUCTURES,
    maxBytes: MAX_BYTES,
    freshMs: settings.catalogCacheFresh,
    pauseMs: PAUSE_MS,
    connections: CONNECTIONS,
    levels: settings.structureLevels,
    keep,
    ...(catalogApiKey === undefined ? {} : { apiKey: () => catalogApiKey.reveal() }),
  });
};
