import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { err, messageOf, ok, type Clock, type Result } from '@quotebridge/platform/core';
import {
  createApiKey,
  DEFAULT_ROLES,
  listApiKeys,
  registerApiKey,
  revokeApiKey,
  type ApiKeyStore,
  type ApiKeyView,
  type NewApiKey,
} from '@quotebridge/platform/security';
import { columns } from './columns';
import type { CommandOutput } from './command-output';

/** What the command line asked for. */
export type ApiKeyCommand =
  | { readonly verb: 'create'; readonly wanted: NewApiKey }
  | { readonly verb: 'register'; readonly wanted: NewApiKey; readonly file: string }
  | { readonly verb: 'list' }
  | { readonly verb: 'revoke'; readonly id: string };

/** How the command is used. */
export const API_KEY_USAGE = [
  '  api-key create --name <name> --role <role> [--approver-of <roles>] [--expires <date>]',
  '                        makes a key and shows it once; its holder gives authorizations of quotes for these roles',
  '  api-key register --file <file> --name <name> --role <role> …   stores the key in that file, once',
  '  api-key list          shows all keys without their secrets',
  '  api-key revoke <id>   ends a key within seconds',
  `Roles: ${Object.keys(DEFAULT_ROLES).join(', ')}. A date is 2030-12-31 or 2030-12-31T18:00:00Z.`,
  'Roles of authorizations are those of the thresholds: --approver-of sales-manager,management.',
].join('\n');

const DATE = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2}))?$/;

const readDate = (text: string): Date | undefined => {
  const date = DATE.test(text) ? new Date(text) : undefined;
  return date === undefined || Number.isNaN(date.getTime()) ? undefined : date;
};

interface CreateOptions {
  readonly file?: string | undefined;
  readonly name?: string | undefined;
  readonly role?: string | undefined;
  readonly 'approver-of'?: string | undefined;
  readonly expires?: string | undefined;
}

const readNew = (options: CreateOptions, verb: 'create' | 'register'): Result<ApiKeyCommand, string> => {
  const { name, role, expires, file, 'approver-of': approver } = options;
  if (name === undefined || role === undefined) return err(`api-key ${verb} needs --name and --role.`);
  if ((verb === 'register') !== (file !== undefined))
    return err(verb === 'register' ? 'api-key register needs --file.' : '--file goes with api-key register.');
  const expiresAt = expires === undefined ? undefined : readDate(expires);
  if (expires !== undefined && expiresAt === undefined)
    return err(`--expires "${expires}" is not a date: write 2030-12-31.`);
  const wanted: NewApiKey = {
    name,
    role,
    ...(approver === undefined ? {} : { approverOf: approver.split(',').map((word) => word.trim()) }),
    ...(expiresAt === undefined ? {} : { expiresAt }),
  };
  return file === undefined ? ok({ verb: 'create', wanted }) : ok({ verb: 'register', wanted, file });
};

/** Reads the arguments after the program's name. The error says what is wrong with them. */
export const readCommand = (args: readonly string[]): Result<ApiKeyCommand, string> => {
  try {
    const option = { type: 'string' } as const;
    const { values, positionals } = parseArgs({
      args: [...args],
      options: { file: option, name: option, role: option, 'approver-of': option, expires: option },
      allowPositionals: true,
    });
    const [topic, verb, id, ...more] = positionals;
    const count = positionals.length;
    if (topic !== 'api-key') return err(`There is no command "${topic ?? ''}".`);
    if ((verb === 'create' || verb === 'register') && count === 2) return readNew(values, verb);
    if (verb === 'list' && count === 2) return ok({ verb });
    if (verb === 'revoke' && id !== undefined && more.length === 0) return ok({ verb, id });
    return err(
      verb === 'revoke' ? 'api-key revoke needs one id.' : `There is no command "api-key ${verb ?? ''}".`,
    );
  } catch (thrown) {
    return err(messageOf(thrown));
  }
};

const HEADINGS = ['ID', 'NAME', 'ROLE', 'APPROVER OF', 'STATE', 'CREATED', 'EXPIRES'];

const row = ({ id, name, role, approverOf, state, createdAt, expiresAt }: ApiKeyView): string[] => [
  id,
  name,
  role,
  approverOf?.join(',') ?? '-',
  state,
  createdAt.toISOString(),
  expiresAt?.toISOString() ?? '-',
];

/** The keys as a table. */
export const tableOf = (keys: readonly ApiKeyView[]): string[] => columns([HEADINGS, ...keys.map(row)]);

/** Does what was asked. Rejects with a refusal whose message is for the person at the terminal. */
export const runCommand = async (
  command: ApiKeyCommand,
  store: ApiKeyStore,
  clock: Clock,
): Promise<CommandOutput> => {
  switch (command.verb) {
    case 'create': {
      const { key, id } = await createApiKey(command.wanted, { store, roles: DEFAULT_ROLES, clock });
      return { result: [key], notes: [`Made key ${id}. It is shown this once: keep it in a safe place.`] };
    }
    case 'register': {
      const key = readFileSync(command.file, 'utf8').trim();
      const { id, isNew } = await registerApiKey(key, command.wanted, { store, roles: DEFAULT_ROLES, clock });
      return { result: [], notes: [isNew ? `Stored key ${id}.` : `Key ${id} is there already.`] };
    }
    case 'list':
      return { result: tableOf(await listApiKeys({ store, clock })), notes: [] };
    case 'revoke':
      await revokeApiKey(command.id, { store, clock });
      return { result: [], notes: [`Revoked key ${command.id}. Services refuse it within five seconds.`] };
  }
};
