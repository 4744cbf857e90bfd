import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { err, messageOf, ok, type Result } from '@quotebridge/platform/core';
import { mongo } from 'mongoose';
import type { CommandOutput } from './command-output';

/** What the command line asked for. */
export interface ReplicaSetCommand {
  readonly name: string;
  /** Host and port of each member, as all others and all clients reach it. */
  readonly members: readonly string[];
  readonly withinMs: number;
  /** For servers that want a login. */
  readonly access?: ReplicaSetAccess;
}

/** Whom servers with access control let in; the texts are in files. */
export interface ReplicaSetAccess {
  /** The key by which members know one another. */
  readonly keyFile: string;
  /** Who may use all databases, with that password. */
  readonly user: string;
  readonly passwordFile: string;
}

/** How the command is used. */
export const REPLICA_SET_USAGE = [
  '  replica-set init --name <name> --members <host:port>,… [--within <seconds>]   makes a replica set of new servers, once',
  '                   --key-file <file> --user <name> --password-file <file>       where servers have that key: and a user',
].join('\n');

const MEMBER = /^[\w.-]+:\d{1,5}$/;
const TRY_EVERY = 1_000;
const ANSWER_WITHIN = 5_000;

/** Codes of the server: it belongs to no set yet, it does already, and a user of that name is there. */
const NOT_YET = 94;
const ALREADY = 23;
const USER_EXISTS = 51_003;

/** What components and connectors do: they make their collections and indexes, read and write. */
const ROLES = ['readWriteAnyDatabase', 'dbAdminAnyDatabase', 'clusterMonitor'];

/** Reads the arguments after the program's name. The error says what is wrong with them. */
export const readReplicaSetCommand = (args: readonly string[]): Result<ReplicaSetCommand, string> => {
  try {
    const option = { type: 'string' } as const;
    const { values, positionals } = parseArgs({
      args: [...args],
      options: {
        ...{ name: option, members: option, within: option },
        ...{ 'key-file': option, user: option, 'password-file': option },
      },
      allowPositionals: true,
    });
    if (positionals.join(' ') !== 'replica-set init')
      return err(`There is no command "${positionals.join(' ')}".`);
    const members = values.members?.split(',').map((one) => one.trim()) ?? [];
    if (values.name === undefined || members.length === 0)
      return err('replica-set init needs --name and --members.');
    const wrong = members.find((one) => !MEMBER.test(one));
    if (wrong !== undefined) return err(`"${wrong}" is not a host and a port such as mongodb-0:27017.`);
    if (members.length % 2 === 0)
      return err('An even number of members cannot decide alone; take 1, 3 or 5.');
    const seconds = Number(values.within ?? '300');
    if (!(seconds > 0)) return err(`--within "${values.within}" is not a number of seconds.`);
    const { name, user, 'key-file': keyFile, 'password-file': passwordFile } = values;
    const command = { name, members, withinMs: seconds * 1_000 };
    if (keyFile === undefined && user === undefined && passwordFile === undefined) return ok(command);
    return keyFile === undefined || user === undefined || passwordFile === undefined
      ? err('--key-file, --user and --password-file belong together.')
      : ok({ ...command, access: { keyFile, user, passwordFile } });
  } catch (thrown) {
    return err(messageOf(thrown));
  }
};

const codeOf = (thrown: unknown): unknown =>
  thrown instanceof mongo.MongoServerError ? thrown.code : undefined;

const textIn = (file: string): string => readFileSync(file, 'utf8').trim();

/** Who holds the key is a member: the only one whom servers know that have no users yet. */
const memberLogin = (access: ReplicaSetAccess | undefined): mongo.MongoClientOptions =>
  access === undefined
    ? {}
    : {
        auth: { username: '__system', password: textIn(access.keyFile) },
        authSource: 'local',
        authMechanism: 'SCRAM-SHA-256',
      };

const onMember = async <T>(
  member: string,
  access: ReplicaSetAccess | undefined,
  work: (admin: mongo.Db) => Promise<T>,
): Promise<T> => {
  const client = new mongo.MongoClient(`mongodb://${member}/?directConnection=true`, {
    serverSelectionTimeoutMS: ANSWER_WITHIN,
    appName: 'admin',
    ...memberLogin(access),
  });
  try {
    return await work(client.db('admin'));
  } finally {
    await client.close();
  }
};

const belongsToASet = (member: string, access?: ReplicaSetAccess): Promise<boolean> =>
  onMember(member, access, async (admin) => {
    try {
      await admin.command({ replSetGetStatus: 1 });
      return true;
    } catch (thrown) {
      if (codeOf(thrown) === NOT_YET) return false;
      throw thrown;
    }
  });

const initiate = (first: string, { name, members, access }: ReplicaSetCommand): Promise<void> =>
  onMember(first, access, async (admin) => {
    const config = { _id: name, members: members.map((host, _id) => ({ _id, host })) };
    try {
      await admin.command({ replSetInitiate: config });
    } catch (thrown) {
      if (codeOf(thrown) !== ALREADY) throw thrown;
    }
  });

const primaryOf = async (members: readonly string[]): Promise<string | undefined> => {
  const answers = await Promise.all(
    members.map((member) =>
      onMember(member, undefined, (admin) => admin.command({ hello: 1 })).then(
        (answer) => answer['isWritablePrimary'] === true,
        () => false,
      ),
    ),
  );
  return members[answers.indexOf(true)];
};

/** Makes the user, or gives the one that is there this password. */
const putUser = (primary: string, access: ReplicaSetAccess): Promise<unknown> =>
  onMember(primary, access, async (admin) => {
    const user = { pwd: textIn(access.passwordFile), roles: ROLES.map((role) => ({ role, db: 'admin' })) };
    try {
      return await admin.command({ createUser: access.user, ...user });
    } catch (thrown) {
      if (codeOf(thrown) !== USER_EXISTS) throw thrown;
      return admin.command({ updateUser: access.user, ...user });
    }
  });

/** Tries until `attempt` gives true; the reason of the last failure goes into the error of who waits in vain. */
const untilTrue = async (end: number, what: string, attempt: () => Promise<boolean>): Promise<void> => {
  let reason = 'not yet';
  while (performance.now() < end) {
    try {
      if (await attempt()) return;
    } catch (thrown) {
      reason = messageOf(thrown);
    }
    await sleep(TRY_EVERY);
  }
  throw new Error(`${what}: ${reason}`);
};

/**
 * Makes one replica set of the members unless any of them belongs to one, waits for its primary, and with `access` makes
 * its user. A member that has lost its data is thus never made the beginning of a second, empty set.
 */
export const runReplicaSet = async (command: ReplicaSetCommand): Promise<CommandOutput> => {
  const { name, members, withinMs, access } = command;
  const end = performance.now() + withinMs;
  let isNew = false;
  await untilTrue(end, `The members of ${name} do not all answer`, async () => {
    const belong = await Promise.all(members.map((member) => belongsToASet(member, access)));
    isNew = !belong.includes(true);
    if (isNew) await initiate(members[0] ?? '', command);
    return true;
  });
  await untilTrue(end, `${name} has no primary`, async () => {
    const primary = await primaryOf(members);
    if (primary !== undefined && access !== undefined) await putUser(primary, access);
    return primary !== undefined;
  });
  return { result: [], notes: [`Replica set ${name} ${isNew ? 'is made' : 'was there'} and has a primary.`] };
};
