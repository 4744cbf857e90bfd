import { mappingProperties, mappingRequired, text, whole } from '@quotebridge/connectors/sdk';
import type { JsonObject } from '@quotebridge/platform/core';

const folder = (description: string, rest: JsonObject = {}): JsonObject =>
  text(description, { pattern: '^/([^/\\u0000-\\u001f]+(/[^/\\u0000-\\u001f]+)*)?$', ...rest });

const choice = (kind: string, properties: JsonObject, required: readonly string[] = []): JsonObject => ({
  type: 'object',
  additionalProperties: false,
  required: ['kind', ...required],
  properties: { kind: { const: kind }, ...properties },
});

const oneKindOf = (description: string, choices: JsonObject[], rest: JsonObject = {}): JsonObject => ({
  type: 'object',
  required: ['kind'],
  discriminator: { propertyName: 'kind' },
  description,
  oneOf: choices,
  ...rest,
});

const sidecar = (description: string): JsonObject =>
  text(
    `${description} \`{name}\` stands for the file’s name, \`{stem}\` for it without its last extension.`,
    {
      pattern: '^[^/]*\\{(name|stem)\\}[^/]*$|^[^/{}]+$',
    },
  );

const FORMAT = oneKindOf('How records stand in the file.', [
  choice('csv', {
    delimiter: text('Sign between fields.', { maxLength: 1, default: ';' }),
    quote: text('Sign around fields.', { maxLength: 1, default: '"' }),
    columns: {
      type: 'array',
      minItems: 1,
      items: text('A column.'),
      description: 'Names of the columns of files without a header line.',
    },
    skipLines: whole('Lines before the header that are no data.', 0, 1000, { default: 0 }),
  }),
  choice('ndjson', {}),
  choice('json', { records: text('Path of the list of records; the file itself is the list when absent.') }),
  choice('xml', { record: text('Elements from the root to a record, for example `Catalog/Parts/Part`.') }, [
    'record',
  ]),
]);

const COMPLETE = oneKindOf(
  'How one knows that a file is whole.',
  [
    choice('stable', {
      seconds: whole('Size and time must not change for so long.', 0, 3600, { default: 5 }),
    }),
    choice('doneFile', { file: sidecar('The file that is written last, empty or not.') }, ['file']),
    choice(
      'checksum',
      { file: sidecar('File whose first word is the SHA-256 checksum of the file as it lies there.') },
      ['file'],
    ),
    choice(
      'manifest',
      {
        file: sidecar('JSON file that tells names, counts and checksums.'),
        files: text('Path of the list of files in it; the manifest is about one file when absent.'),
        name: text('Where an entry has the name of its file.', { default: 'name' }),
        records: text('Where it has the number of records.', { default: 'records' }),
        sha256: text('Where it has the SHA-256 checksum of the file as it lies there.', {
          default: 'sha256',
        }),
        bytes: text('Where it has the size in bytes.', { default: 'bytes' }),
      },
      ['file'],
    ),
  ],
  { default: { kind: 'stable', seconds: 5 } },
);

const DROP: JsonObject = {
  type: 'object',
  additionalProperties: false,
  required: ['name', 'files', 'format', 'streams'],
  properties: {
    name: text('Name of this kind of file.', { pattern: '^[A-Za-z][A-Za-z0-9-]{0,39}$' }),
    files: text('Names of its files in the inbox; `*` stands for any letters, `?` for one.', {
      pattern: '^[^/]+$',
      maxLength: 200,
    }),
    format: FORMAT,
    encoding: {
      enum: ['utf-8', 'utf-16le', 'windows-1252', 'iso-8859-1', 'iso-8859-15', 'windows-1250'],
      default: 'utf-8',
      description: 'How letters are written.',
    },
    complete: COMPLETE,
    pgp: {
      enum: ['none', 'encrypted', 'encryptedAndSigned'],
      default: 'none',
      description:
        'How its files are protected with OpenPGP; others are refused. The secret `pgpPrivateKey` opens them, `pgpSenderKeys` are the public keys of who may sign.',
    },
    streams: {
      type: 'array',
      minItems: 1,
      description: 'What the records become; the file is archived when every stream has read it.',
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['name', ...mappingRequired],
        properties: {
          name: text('Name of the stream.', { pattern: '^[A-Za-z][A-Za-z0-9-]{0,39}$' }),
          title: text('The same for people.'),
          ...mappingProperties,
        },
      },
    },
  },
};

const GIGABYTE = 1024 ** 3;

/** JSON Schema of the settings. */
export const settingsSchema: JsonObject = {
  type: 'object',
  additionalProperties: false,
  required: ['host', 'user', 'auth', 'hostKeys', 'inbox', 'archive', 'results', 'drops'],
  properties: {
    host: text('Name or address of the SFTP server.', { format: 'hostname' }),
    port: whole('Its port.', 1, 65_535, { default: 22 }),
    user: text('User to sign in as.'),
    auth: oneKindOf('How to sign in.', [
      choice('password', {}),
      choice('key', {
        encrypted: {
          type: 'boolean',
          default: false,
          description: 'The secret `privateKey` is encrypted; the secret `passphrase` opens it.',
        },
      }),
    ]),
    hostKeys: {
      type: 'array',
      minItems: 1,
      items: text('SHA-256 fingerprint of a host key, as `ssh-keygen -lf` prints it.', {
        pattern: '^SHA256:[A-Za-z0-9+/]{43}=?$',
      }),
      description: 'Fingerprints of the server’s host keys; any other key is refused.',
    },
    inbox: folder('Folder that files are dropped in.'),
    archive: folder('Folder that read files are moved to, by day.'),
    results: folder('Folder for result and rejection files.'),
    refused: folder('Folder for files that cannot be read.', { default: '/refused' }),
    drops: { type: 'array', minItems: 1, items: DROP, description: 'The kinds of files.' },
    pgp: {
      type: 'object',
      additionalProperties: false,
      default: {},
      description: 'OpenPGP keys, and what is done with files that are written.',
      properties: {
        results: {
          enum: ['none', 'encrypted', 'encryptedAndSigned'],
          default: 'none',
          description:
            'How result and rejection files are protected: encrypted to the public keys of the secret `pgpRecipientKeys`, signed with `pgpPrivateKey`.',
        },
        keyEncrypted: {
          type: 'boolean',
          default: false,
          description: 'The secret `pgpPrivateKey` is encrypted; the secret `pgpPassphrase` opens it.',
        },
      },
    },
    patienceMinutes: whole(
      'How long a file whose manifest or checksum does not match may stay before it is refused.',
      1,
      10_080,
      {
        default: 60,
      },
    ),
    pageSize: whole('Records per page.', 1, 5000, { default: 500 }),
    attemptSeconds: whole('Longest wait for one answer of the server.', 1, 300, { default: 30 }),
    limits: {
      type: 'object',
      additionalProperties: false,
      default: {},
      description: 'What a file may cost at most.',
      properties: {
        fileBytes: whole('Size of a file.', 1, 1024 * GIGABYTE, { default: 20 * GIGABYTE }),
        expandedBytes: whole('Size after unpacking.', 1, 1024 * GIGABYTE, { default: 100 * GIGABYTE }),
        ratio: whole('Unpacked size by packed size.', 2, 1000, { default: 200 }),
        recordBytes: whole('Size of one record.', 100, 64 * 1024 ** 2, { default: 1024 ** 2 }),
        depth: whole('Levels of elements or objects.', 1, 500, { default: 50 }),
      },
    },
  },
};
