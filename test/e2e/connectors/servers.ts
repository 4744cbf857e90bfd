import { startMongo, startOwnNats } from '../support';

/** Addresses of real servers for a suite. */
export interface Servers {
  readonly mongodbUri: string;
  readonly natsUrl: string;
  stop(): Promise<void>;
}

/** Environment of a component that a suite starts in its own process: open to all, on a free port. */
export const componentEnv =
  ({ mongodbUri, natsUrl }: Pick<Servers, 'mongodbUri' | 'natsUrl'>) =>
  (database: string, more: Readonly<Record<string, string>> = {}): Record<string, string> => ({
    AUTH: 'off',
    LOG_LEVEL: 'error',
    HOST: '127.0.0.1',
    PORT: '0',
    MONGODB_URI: mongodbUri,
    NATS_URL: natsUrl,
    DATABASE: database,
    ...more,
  });

/** MongoDB, and a NATS of its own: events of other suites would have effects in the systems of this one. */
export const startServers = async (): Promise<Servers> => {
  const [mongo, nats] = await Promise.all([startMongo(), startOwnNats()]);
  return {
    mongodbUri: mongo.uri,
    natsUrl: nats.url,
    stop: async () => {
      await Promise.all([mongo.stop(), nats.stop()]);
    },
  };
};
