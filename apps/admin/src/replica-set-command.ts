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
}

/** How the command is used. */
export const REPLICA_SET_USAGE =
  '  replica-set init --name <name> --members <host:port>,… [--within <seconds>]   makes a replica set of new servers, once';

const MEMBER = /^[\w.-]+:\d{1,5}$/;
const TRY_EVERY = 1_000;
const ANSWER_WITHIN = 5_000;

/** Codes of the server: it belongs to no set yet, and it does already. */
const NOT_YET = 94;
const ALREADY = 23;

/** Reads the arguments after the program's name. The error says what is wrong with them. */
export const readReplicaSetCommand = (args: readonly string[]): Result<ReplicaSetCommand, string> => {
  try {
    const option = { type: 'string' } as const;
    const { values, positionals } = parseArgs({
      args: [...args],
      options: { name: option, members: option, within: option },
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
    return ok({ name: values.name, members, withinMs: seconds * 1_000 });
  } catch (thrown) {
    return err(messageOf(thrown));
  }
};

const codeOf = (thrown: unknown): unknown =>
  thrown instanceof mongo.MongoServerError ? thrown.code : undefined;

const onMember = async <T>(member: string, work: (admin: mongo.Db) => Promise<T>): Promise<T> => {
  const client = new mongo.MongoClient(`mongodb://${member}/?directConnection=true`, {
    serverSelectionTimeoutMS: ANSWER_WITHIN,
    appName: 'admin',
  });
  try {
    return await work(client.db('admin'));
  } finally {
    await client.close();
  }
};

const belongsToASet = (member: string): Promise<boolean> =>
  onMember(member, async (admin) => {
    try {
      await admin.command({ replSetGetStatus: 1 });
      return true;
    } catch (thrown) {
      if (codeOf(thrown) === NOT_YET) return false;
      throw thrown;
    }
  });

const initiate = (first: string, { name, members }: ReplicaSetCommand): Promise<void> =>
  onMember(first, async (admin) => {
    const config = { _id: name, members: members.map((host, _id) => ({ _id, host })) };
    try {
      await admin.command({ replSetInitiate: config });
    } catch (thrown) {
      if (codeOf(thrown) !== ALREADY) throw thrown;
    }
  });

const hasPrimary = (members: readonly string[]): Promise<boolean> =>
  Promise.all(
    members.map((member) =>
      onMember(member, (admin) => admin.command({ hello: 1 })).then(
        (answer) => answer['isWritablePrimary'] === true,
        () => false,
      ),
    ),
  ).then((answers) => answers.includes(true));

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
 * Makes one replica set of the members unless any of them belongs to one, and waits for its primary. A member that
 * has lost its data is thus never made the beginning of a second, empty set.
 */
export const runReplicaSet = async (command: ReplicaSetCommand): Promise<CommandOutput> => {
  const { name, members, withinMs } = command;
  const end = performance.now() + withinMs;
  let isNew = false;
  await untilTrue(end, `The members of ${name} do not all answer`, async () => {
    const belong = await Promise.all(members.map(belongsToASet));
    isNew = !belong.includes(true);
    if (isNew) await initiate(members[0] ?? '', command);
    return true;
  });
  await untilTrue(end, `${name} has no primary`, () => hasPrimary(members));
  return { result: [], notes: [`Replica set ${name} ${isNew ? 'is made' : 'was there'} and has a primary.`] };
};
