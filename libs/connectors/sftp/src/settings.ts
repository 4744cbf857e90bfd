import { isJsonObject, type JsonObject } from '@quotebridge/platform/core';
import type { RecordMapping } from '@quotebridge/connectors/sdk';

/** How records stand in a file. */
export type FileFormat =
  | {
      readonly kind: 'csv';
      readonly delimiter: string;
      readonly quote: string;
      /** Names of the columns when the file has no header line. */
      readonly columns?: readonly string[];
      /** Lines before the header that are no data. */
      readonly skipLines: number;
    }
  | { readonly kind: 'ndjson' }
  /** `records`: path of the list; the file itself is the list when absent. */
  | { readonly kind: 'json'; readonly records?: string }
  /** `record`: names of the elements from the root to a record, separated by slashes. */
  | { readonly kind: 'xml'; readonly record: string };

/** How one knows that a file is whole. `{name}` is the file's name, `{stem}` the name without its last extension. */
export type Completeness =
  | { readonly kind: 'stable'; readonly seconds: number }
  | { readonly kind: 'doneFile'; readonly file: string }
  | { readonly kind: 'checksum'; readonly file: string }
  | {
      readonly kind: 'manifest';
      readonly file: string;
      /** Path of the list of files in the manifest; the manifest is about one file when absent. */
      readonly files?: string;
      readonly name: string;
      readonly records: string;
      readonly sha256: string;
      readonly bytes: string;
    };

/** A stream that reads the records of a drop. */
export interface DropStream extends RecordMapping {
  readonly name: string;
  readonly title?: string;
}

/** What OpenPGP does for a file. */
export type Protection = 'none' | 'encrypted' | 'encryptedAndSigned';

/** One kind of file that is dropped, and what its records become. */
export interface Drop {
  readonly name: string;
  /** Names of its files; `*` stands for any letters, `?` for one. */
  readonly files: string;
  readonly format: FileFormat;
  readonly encoding: string;
  readonly complete: Completeness;
  /** How its files are protected. */
  readonly pgp: Protection;
  readonly streams: readonly DropStream[];
}

/** What a file may cost at most; more is refused with a reason. */
export interface FileLimits {
  readonly fileBytes: number;
  /** After unpacking. */
  readonly expandedBytes: number;
  /** Unpacked size by packed size. */
  readonly ratio: number;
  readonly recordBytes: number;
  /** Levels of elements or objects inside a file. */
  readonly depth: number;
}

/** Settings of an instance, as the schema leaves them. */
export interface SftpSettings {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly auth: { readonly kind: 'password' } | { readonly kind: 'key'; readonly encrypted: boolean };
  readonly hostKeys: readonly string[];
  readonly inbox: string;
  readonly archive: string;
  readonly results: string;
  readonly refused: string;
  readonly drops: readonly Drop[];
  readonly pgp: {
    /** How result and rejection files are protected. */
    readonly results: Protection;
    /** A passphrase opens our private key. */
    readonly keyEncrypted: boolean;
  };
  readonly patienceMinutes: number;
  readonly pageSize: number;
  readonly attemptSeconds: number;
  readonly limits: FileLimits;
}

// The schema has been checked before; this is the one place that trusts it.
export const asSettings = (checked: JsonObject): SftpSettings => checked as unknown as SftpSettings;

const signInSecrets = (settings: JsonObject): readonly string[] => {
  const auth = settings['auth'] as { kind?: unknown; encrypted?: unknown } | undefined;
  if (auth?.kind === 'password') return ['password'];
  if (auth?.kind === 'key') return auth.encrypted === true ? ['privateKey', 'passphrase'] : ['privateKey'];
  return [];
};

const pgpSecrets = (settings: JsonObject): readonly string[] => {
  const pgp = settings['pgp'] as { results?: unknown; keyEncrypted?: unknown } | undefined;
  const drops = Array.isArray(settings['drops']) ? settings['drops'] : [];
  const incoming = drops.map((drop) => (isJsonObject(drop) ? drop['pgp'] : undefined));
  const results = pgp?.results;
  const opens = incoming.some((one) => one === 'encrypted' || one === 'encryptedAndSigned');
  const needsOwn = opens || results === 'encryptedAndSigned';
  return [
    ...(needsOwn ? ['pgpPrivateKey'] : []),
    ...(needsOwn && pgp?.keyEncrypted === true ? ['pgpPassphrase'] : []),
    ...(incoming.includes('encryptedAndSigned') ? ['pgpSenderKeys'] : []),
    ...(results === 'encrypted' || results === 'encryptedAndSigned' ? ['pgpRecipientKeys'] : []),
  ];
};

/** The secrets that the chosen way to sign in, and OpenPGP where it is used, need. */
export const requiredSecrets = (settings: JsonObject): readonly string[] => [
  ...signInSecrets(settings),
  ...pgpSecrets(settings),
];
