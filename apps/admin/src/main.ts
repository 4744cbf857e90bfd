import { defineSettings, loadSettings } from '@quotebridge/platform/config';
import { messageOf, systemClock } from '@quotebridge/platform/core';
import { ACCESS_DATABASE, API_KEY_COLLECTION, mongoApiKeyStore } from '@quotebridge/platform/security';
import { Store } from '@quotebridge/platform/store';
import { readCommand, runCommand, USAGE } from './api-key-command';

const adminSettings = defineSettings({
  mongodbUri: {
    type: 'url',
    schemes: ['mongodb', 'mongodb+srv'],
    doc: 'MongoDB replica set that the services use.',
    env: 'MONGODB_URI',
  },
  accessDatabase: {
    type: 'string',
    default: ACCESS_DATABASE,
    doc: 'Name of the database that holds the API keys; the same for all services.',
  },
});

const print = (stream: NodeJS.WriteStream, lines: readonly string[]): void => {
  for (const line of lines) stream.write(`${line}\n`);
};

const run = async (args: readonly string[]): Promise<number> => {
  const command = readCommand(args);
  if (!command.ok) {
    print(process.stderr, [command.error, USAGE]);
    return 2;
  }
  const settings = loadSettings(adminSettings, process.env);
  const store = await Store.connect({
    uri: settings.mongodbUri,
    database: settings.accessDatabase,
    appName: 'admin',
    maxPoolSize: 2,
  });
  try {
    const keys = mongoApiKeyStore(store.collection(API_KEY_COLLECTION));
    const { result, notes } = await runCommand(command.value, keys, systemClock);
    print(process.stdout, result);
    print(process.stderr, notes);
    return 0;
  } finally {
    await store.close();
  }
};

run(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (thrown: unknown) => {
    print(process.stderr, [messageOf(thrown)]);
    process.exitCode = 1;
  },
);
