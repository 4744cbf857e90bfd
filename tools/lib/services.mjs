// MongoDB and NATS for `npm start` and `npm test`, in the order of DESIGN.md, "Embedded services": an address in
// the environment, a binary on PATH, the cache, a download.
import { join } from 'node:path';
import { findBinary } from './binaries.mjs';
import { checkMongo, startMongo } from './mongo.mjs';
import { checkNats, startNats } from './nats.mjs';
import { say, SetupError } from './say.mjs';

export { findBinary, startMongo, startNats };

const portIn = (env, name) => {
  const text = env[name]?.trim() ?? '';
  if (text === '') return undefined;
  const port = Number(text);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    throw new SetupError(`${name} is "${text}": expected a port number from 1 to 65535.`);
  }
  return port;
};

const hidden = (address) => address.replace(/\/\/[^/@]*@/g, '//***@');

const mongoService = async (folder, env, cacheGb) => {
  const given = env.MONGODB_URI?.trim();
  if (given) {
    say(`MongoDB ${await checkMongo(given)} of MONGODB_URI: ${hidden(given)}`);
    return { uri: given, stop: async () => undefined };
  }
  const dbPath = join(folder, 'mongodb');
  const binary = await findBinary('mongod', env);
  const mongo = await startMongo({
    file: binary.file,
    dbPath,
    port: portIn(env, 'QUOTEBRIDGE_MONGODB_PORT'),
    cacheGb,
  });
  say(`MongoDB ${binary.version} from ${binary.from}: ${mongo.uri}, data in ${dbPath}`);
  return mongo;
};

const natsService = async (folder, env) => {
  const given = env.NATS_URL?.trim();
  if (given) {
    say(`NATS ${await checkNats(given)} of NATS_URL: ${hidden(given)}`);
    return { url: given, stop: async () => undefined };
  }
  const storeDir = join(folder, 'nats');
  const binary = await findBinary('nats-server', env);
  const nats = await startNats({ file: binary.file, storeDir, port: portIn(env, 'QUOTEBRIDGE_NATS_PORT') });
  say(`NATS ${binary.version} from ${binary.from}: ${nats.url}, data in ${storeDir}`);
  return nats;
};

/**
 * Finds or starts both servers, with their data under `folder`; `stop()` ends what was started here.
 * Settings of `env`: MONGODB_URI, NATS_URL, QUOTEBRIDGE_MONGODB_PORT, QUOTEBRIDGE_NATS_PORT, QUOTEBRIDGE_CACHE.
 * `cacheGb` is what a MongoDB that is started here may keep in memory.
 * `ended` settles with the name of a server that ended by itself.
 */
export const startServices = async (folder, env = process.env, { cacheGb } = {}) => {
  const results = await Promise.allSettled([mongoService(folder, env, cacheGb), natsService(folder, env)]);
  const started = results.filter((it) => it.status === 'fulfilled').map((it) => it.value);
  const failures = results.filter((it) => it.status === 'rejected').map((it) => it.reason);
  let stopping = false;
  const stop = async () => {
    stopping = true;
    await Promise.all(started.map((service) => service.stop()));
  };
  if (failures.length > 0) {
    await stop();
    const other = failures.find((error) => !(error instanceof SetupError));
    // Both may have the same reason, such as a folder that cannot be written.
    throw other ?? new SetupError([...new Set(failures.map((error) => error.message))].join('\n'));
  }
  const [mongo, nats] = started;
  const never = new Promise(() => undefined);
  const endOf = (service, name) => service.exited?.then(() => (stopping ? never : name)) ?? never;
  return {
    mongodbUri: mongo.uri,
    natsUrl: nats.url,
    stop,
    ended: Promise.race([endOf(mongo, 'MongoDB'), endOf(nats, 'NATS')]),
  };
};
