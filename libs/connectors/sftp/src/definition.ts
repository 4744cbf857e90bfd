import type { ConnectorDefinition } from '@quotebridge/connectors/sdk';
import { classifyHttp } from '@quotebridge/platform/resilience';
import { dropStream } from './drop-stream';
import { PgpKeys } from './pgp/keys';
import { RemoteFiles } from './remote/remote-files';
import { asSettings, requiredSecrets } from './settings';
import { settingsFaults } from './settings-faults';
import { settingsSchema } from './settings-schema';

/** Files on an SFTP server: CSV, JSON, NDJSON and XML, packed or not, become resources by configuration only. */
export const sftp: ConnectorDefinition = {
  id: 'sftp',
  title: 'SFTP files',
  settingsSchema,
  settingsFaults,
  requiredSecrets,
  auth: ['password', 'key'],
  rateLimits: {},
  // It makes no HTTP calls.
  classify: classifyHttp,
  open: (context) => {
    const settings = asSettings(context.settings);
    const keys = new PgpKeys(settings, context.secrets);
    return {
      streams: settings.drops.flatMap((drop) =>
        drop.streams.map((stream) => dropStream(drop, stream, settings, context, keys)),
      ),
      actions: [],
      check: async () => {
        await Promise.all([keys.sealing(), ...settings.drops.map(({ pgp }) => keys.opening(pgp))]);
        const remote = new RemoteFiles({ ...context, settings });
        try {
          await remote.list(settings.inbox);
        } finally {
          await remote.close();
        }
      },
      close: async () => undefined,
    };
  },
};
