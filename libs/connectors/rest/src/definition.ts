import type { ConnectorDefinition } from '@quotebridge/connectors/sdk';
import { restAction } from './action';
import { classifierFor } from './classify';
import { RestClient } from './rest-client';
import { asSettings, requiredSecrets } from './settings';
import { settingsFaults } from './settings-faults';
import { settingsSchema } from './settings-schema';
import { restStream } from './stream';
import { restWebhook } from './webhook';

/** Any JSON API, described by settings only: lists that are read, calls that are made, signed messages that come in. */
export const rest: ConnectorDefinition = {
  id: 'rest',
  title: 'REST API',
  settingsSchema,
  settingsFaults,
  requiredSecrets,
  auth: ['none', 'basic', 'bearer', 'apiKey', 'clientCredentials', 'refreshToken'],
  rateLimits: {},
  classify: classifierFor([]),
  open: (context) => {
    const settings = asSettings(context.settings);
    const client = new RestClient(settings, context);
    return {
      streams: settings.streams.map((stream) =>
        restStream(stream, client, settings.overlapSeconds * 1000, context),
      ),
      actions: settings.actions.map((action) => restAction(action, client, context)),
      actionsAtOnce: settings.callsAtOnce,
      webhooks: settings.webhooks.map((webhook) => restWebhook(webhook, context)),
      check: async () => {
        await client.call({ method: 'GET', path: settings.check });
      },
      close: () => client.close(),
    };
  },
};
