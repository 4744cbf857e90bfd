import { startMongo, startOwnNats } from '../support';

/** Addresses of real servers for a suite. */
export interface Servers {
  readonly mongodbUri: string;
  readonly natsUrl: string;
  stop(): Promise<void>;
}

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
