import { parseArgs } from 'node:util';
import { err, messageOf, ok, type Clock, type Result } from '@quotebridge/platform/core';
import {
  createApiKey,
  DEFAULT_ROLES,
  listApiKeys,
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
  | { readonly verb: 'list' }
  | { readonly verb: 'revoke'; readonly id: string };

/** How the command is used. */
export const API_KEY_USAGE = [
  '  api-key create --name <name> --role <role> [--expires <date>]   makes a key and shows it once',
  '  api-key list                                                    shows all keys without their secrets',
  '  api-key revoke <id>                                             ends a key within seconds',
  `Roles: ${Object.keys(DEFAULT_ROLES).join(', ')}. A date is 2030-12-31 or 2030-12-31T18:00:00Z.`,
].join('\n');

const DATE = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2}))?$/;

const readDate = (text: string): Date | undefined => {
  const date = DATE.test(text) ? new Date(text) : undefined;
  return date === undefined || Number.isNaN(date.getTime()) ? undefined : date;
};

const readCreate = (name?: string, role?: string, expires?: string): Result<ApiKeyCommand, string> => {
  if (name === undefined || role === undefined) return err('api-key create needs --name and --role.');
  if (expires === undefined) return ok({ verb: 'create', wanted: { name, role } });
  const expiresAt = readDate(expires);
  if (expiresAt === undefined) return err(`--expires "${expires}" is not a date: write 2030-12-31.`);
  return ok({ verb: 'create', wanted: { name, role, expiresAt } });
};

/** Reads the arguments after the program's name. The error says what is wrong with them. */
export const readCommand = (args: readonly string[]): Result<ApiKeyCommand, string> => {
  try {
    const option = { type: 'string' } as const;
    const { values, positionals } = parseArgs({
      args: [...args],
      options: { name: option, role: option, expires: option },
      allowPositionals: true,
    });
    const [topic, verb, id, ...more] = positionals;
    const count = positionals.length;
    if (topic !== 'api-key') return err(`There is no command "${topic ?? ''}".`);
    if (verb === 'create' && count === 2) return readCreate(values.name, values.role, values.expires);
    if (verb === 'list' && count === 2) return ok({ verb });
    if (verb === 'revoke' && id !== undefined && more.length === 0) return ok({ verb, id });
    return err(
      verb === 'revoke' ? 'api-key revoke needs one id.' : `There is no command "api-key ${verb ?? ''}".`,
    );
  } catch (thrown) {
    return err(messageOf(thrown));
  }
};

const HEADINGS = ['ID', 'NAME', 'ROLE', 'STATE', 'CREATED', 'EXPIRES'];

const row = ({ id, name, role, state, createdAt, expiresAt }: ApiKeyView): string[] => [
  id,
  name,
  role,
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
    case 'list':
      return { result: tableOf(await listApiKeys({ store, clock })), notes: [] };
    case 'revoke':
      await revokeApiKey(command.id, { store, clock });
      return { result: [], notes: [`Revoked key ${command.id}. Services refuse it within five seconds.`] };
  }
};
