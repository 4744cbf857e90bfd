import { defineSettings, loadSettings } from '@quotebridge/platform/config';
import { messageOf, systemClock, type Result } from '@quotebridge/platform/core';
import { EventBus } from '@quotebridge/platform/events';
import { ACCESS_DATABASE, API_KEY_COLLECTION, mongoApiKeyStore } from '@quotebridge/platform/security';
import { Store } from '@quotebridge/platform/store';
import { API_KEY_USAGE, readCommand, runCommand, type ApiKeyCommand } from './api-key-command';
import type { CommandOutput } from './command-output';
import {
  DEAD_LETTERS_USAGE,
  readDeadLettersCommand,
  runDeadLettersCommand,
  type DeadLettersCommand,
} from './dead-letters-command';
import { readReplicaSetCommand, REPLICA_SET_USAGE, runReplicaSet } from './replica-set-command';

const storeSettings = defineSettings({
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

const brokerSettings = defineSettings({
  natsUrl: {
    type: 'url',
    schemes: ['nats', 'tls', 'ws', 'wss'],
    doc: 'NATS server that the services use.',
    env: 'NATS_URL',
  },
});

const USAGE = [
  'Usage:',
  API_KEY_USAGE,
  DEAD_LETTERS_USAGE,
  REPLICA_SET_USAGE,
  'Settings: MONGODB_URI and ACCESS_DATABASE for api-key, NATS_URL for dead-letters.',
].join('\n');

const print = (stream: NodeJS.WriteStream, lines: readonly string[]): void => {
  for (const line of lines) stream.write(`${line}\n`);
};

const runApiKey = async (command: ApiKeyCommand): Promise<CommandOutput> => {
  const settings = loadSettings(storeSettings, process.env);
  const store = await Store.connect({
    uri: settings.mongodbUri,
    database: settings.accessDatabase,
    appName: 'admin',
    maxPoolSize: 2,
  });
  try {
    return await runCommand(command, mongoApiKeyStore(store.collection(API_KEY_COLLECTION)), systemClock);
  } finally {
    await store.close();
  }
};

const runDeadLetters = async (command: DeadLettersCommand): Promise<CommandOutput> => {
  const { natsUrl } = loadSettings(brokerSettings, process.env);
  const bus = await EventBus.connect({ servers: natsUrl, name: 'admin' });
  try {
    return await runDeadLettersCommand(command, bus);
  } finally {
    await bus.close();
  }
};

const readAs = <C>(
  command: Result<C, string>,
  run: (command: C) => Promise<CommandOutput>,
): Result<() => Promise<CommandOutput>, string> =>
  command.ok ? { ok: true, value: () => run(command.value) } : command;

const read = (args: readonly string[]): Result<() => Promise<CommandOutput>, string> => {
  switch (args[0]) {
    case 'dead-letters':
      return readAs(readDeadLettersCommand(args), runDeadLetters);
    case 'replica-set':
      return readAs(readReplicaSetCommand(args), runReplicaSet);
    default:
      return readAs(readCommand(args), runApiKey);
  }
};

const run = async (args: readonly string[]): Promise<number> => {
  const command = read(args);
  if (!command.ok) {
    print(process.stderr, [command.error, USAGE]);
    return 2;
  }
  const { result, notes } = await command.value();
  print(process.stdout, result);
  print(process.stderr, notes);
  return 0;
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
