import { address, callSettings, text, type CallSettings } from '@quotebridge/connectors/sdk';
import type { JsonObject } from '@quotebridge/platform/core';

/** Settings of an instance, as the schema below leaves them (defaults filled in). */
export interface FakeSettings extends CallSettings {
  readonly baseUrl: string;
  readonly clientId: string;
}

/** JSON Schema of the settings. */
export const settingsSchema: JsonObject = {
  type: 'object',
  additionalProperties: false,
  required: ['baseUrl', 'clientId'],
  properties: {
    baseUrl: address('Scheme, host and port of the system.'),
    clientId: text('OAuth 2.0 client; its secret is `clientSecret`.'),
    ...callSettings,
  },
};
