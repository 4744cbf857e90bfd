import {
  address,
  callSettings,
  mappingProperties,
  mappingRequired,
  text,
  whole,
} from '@quotebridge/connectors/sdk';
import type { JsonObject } from '@quotebridge/platform/core';

const object = (properties: JsonObject, required: readonly string[], rest: JsonObject = {}): JsonObject => ({
  type: 'object',
  additionalProperties: false,
  required: [...required],
  properties,
  ...rest,
});

const choice = (kind: string, properties: JsonObject = {}, required: readonly string[] = []): JsonObject =>
  object({ kind: { const: kind }, ...properties }, ['kind', ...required]);

const oneKindOf = (description: string, oneOf: JsonObject[], rest: JsonObject = {}): JsonObject => ({
  type: 'object',
  required: ['kind'],
  discriminator: { propertyName: 'kind' },
  description,
  oneOf,
  ...rest,
});

const listOf = (description: string, items: JsonObject): JsonObject => ({
  type: 'array',
  items,
  default: [],
  description,
});

const texts = (description: string): JsonObject => ({
  type: 'object',
  additionalProperties: { type: 'string' },
  default: {},
  description,
});

const NAME = '^[A-Za-z][A-Za-z0-9-]{0,39}$';
const name = (what: string): JsonObject => text(`Name of the ${what}.`, { pattern: NAME });
const values = (description: string): JsonObject => ({ type: 'array', minItems: 1, description });

const oauth = {
  tokenUrl: address('Token endpoint.'),
  clientId: text('OAuth 2.0 client.'),
  scope: text('Scope asked for, when the client needs one.'),
  send: {
    enum: ['basic', 'form'],
    default: 'form',
    description: 'Where the client’s id and secret go: HTTP Basic or the form.',
  },
};

const AUTH = oneKindOf(
  'How to sign in. Each kind has its secret: `password`, `token`, `apiKey`, `clientSecret`, and `refreshToken`.',
  [
    choice('none'),
    choice('basic', { user: text('User; the secret is `password`.') }, ['user']),
    choice('bearer'),
    choice(
      'apiKey',
      {
        in: { enum: ['header', 'query'], default: 'header', description: 'Where the key goes.' },
        name: text('Name of the header or query parameter.', { pattern: '^[A-Za-z0-9_.-]+$' }),
      },
      ['name'],
    ),
    choice('clientCredentials', oauth, ['tokenUrl', 'clientId']),
    choice('refreshToken', oauth, ['tokenUrl', 'clientId']),
  ],
);

const parameter = text('Query parameter.');

const PAGING = oneKindOf(
  'How pages follow one another.',
  [
    choice('none'),
    choice(
      'page',
      {
        parameter,
        first: whole('Number of the first page.', 0, 1, { default: 1 }),
        ragged: {
          type: 'boolean',
          default: false,
          description:
            'Pages in the middle may be shorter than others; otherwise that is taken for a lost record.',
        },
      },
      ['parameter'],
    ),
    choice(
      'offset',
      {
        parameter,
        total: text(
          'Path of the number of all records: it ends the list at a page that is not full; without it an empty page does.',
        ),
      },
      ['parameter'],
    ),
    choice('cursor', { parameter, path: text('Path of the cursor of the next page.') }, [
      'parameter',
      'path',
    ]),
    choice('nextLink', { path: text('Path of the address of the next page.') }, ['path']),
    choice('linkHeader'),
  ],
  { default: { kind: 'none' } },
);

const DELTA = object(
  {
    parameter,
    format: {
      enum: ['iso', 'epochSeconds', 'epochMillis', 'date'],
      default: 'iso',
      description: 'How the time is written.',
    },
    template: text('Value of the parameter; `{from}` stands for the time.', {
      default: '{from}',
      pattern: '\\{from\\}',
    }),
    sorted: {
      type: 'boolean',
      default: false,
      description:
        'The list is ordered by time of change and id, so that a read can be taken up in the middle.',
    },
  },
  ['parameter'],
  { description: 'How to ask only for what has changed; needs `changed`.' },
);

const STREAM = object(
  {
    name: name('stream'),
    title: text('The same for people.'),
    path: text('Path of the list.', { pattern: '^/' }),
    query: texts('Query parameters of every request.'),
    records: text('Path of the list in an answer; the answer itself is the list when absent.'),
    paging: PAGING,
    delta: DELTA,
    missing: {
      enum: ['delete', 'report'],
      description: 'What happens with records that a complete read no longer finds.',
    },
    ...mappingProperties,
  },
  ['name', 'path', ...mappingRequired],
);

const ANSWER = object(
  {
    status: {
      type: 'array',
      minItems: 1,
      items: whole('A status.', 100, 599),
      description: 'HTTP statuses.',
    },
    path: text('Path of a value in the answer.'),
    values: values('Values there; any when absent.'),
    means: {
      enum: ['retry', 'reject', 'refresh', 'pause', 'fail'],
      description: 'Try again, refuse the record, renew the token, wait for long, or call a person.',
    },
    waitHeader: text('Header with the seconds to wait.'),
  },
  ['means'],
);

const call = (description: string, methods: readonly string[]): JsonObject =>
  object(
    {
      method: { enum: [...methods], default: methods[0], description: 'Method.' },
      path: text('Template of the path with its query, for example `/orders?reference={resource.id}`.', {
        pattern: '^/',
      }),
      headers: texts('Templates of headers.'),
      body: { description: 'Template of the body: any JSON.' },
      answer: text('Path of what the call gives; of a list the first entry counts.'),
    },
    ['path'],
    { description },
  );

const result = object(
  {
    resource: text('TMF resource to patch.', { pattern: '^[a-z][A-Za-z0-9]*$' }),
    id: text('Template of its id.', { default: '{resource.id}' }),
    patch: {
      type: 'object',
      description: 'Template of the patch; `{effect…}` is what the call gave, `{reason}` why not.',
    },
  },
  ['resource', 'patch'],
);

const ACTION = object(
  {
    name: name('action'),
    title: text('The same for people.'),
    events: {
      type: 'array',
      minItems: 1,
      items: text('API, resource and event, for example `TMF622.productOrder.ProductOrderCreateEvent`.', {
        pattern: '^TMF[0-9]{3}\\.[A-Za-z]+\\.[A-Za-z]+$',
      }),
      description: 'Events that cause it.',
    },
    effect: {
      enum: ['once', 'latest'],
      default: 'once',
      description: 'One effect for each key for ever, or the newest event of a key wins.',
    },
    key: text('Template of what the effect belongs to.', { default: '{resource.id}' }),
    when: object(
      { path: text('Path in the resource.'), values: values('Values for which it is done.') },
      ['path', 'values'],
      { description: 'Condition on the resource.' },
    ),
    lookup: call('How to find an effect that is already there; asked before every send.', ['GET', 'POST']),
    send: call('The call itself.', ['POST', 'PUT', 'PATCH', 'DELETE']),
    results: listOf('What components are told afterwards.', result),
    refused: listOf('What components are told when the call is refused.', result),
  },
  ['name', 'events', 'send'],
);

const WEBHOOK = object(
  {
    name: name('webhook; its address is /webhooks/<name>, its secret `webhook-<name>`'),
    title: text('The same for people.'),
    stream: text('Stream that takes the records, or that runs.'),
    records: text('Path of the record or records in a message; without it a message begins a delta run.'),
    signatureHeader: text('Header with the HMAC-SHA256 signature.', { default: 'x-signature' }),
    prefix: { type: 'string', default: '', description: 'Text before the signature, for example `sha256=`.' },
    encoding: { enum: ['hex', 'base64'], default: 'hex', description: 'How the signature is written.' },
    timestampHeader: text('Header with the time of sending.', { default: 'x-timestamp' }),
    timestampFormat: {
      enum: ['epochSeconds', 'epochMillis', 'iso'],
      default: 'epochSeconds',
      description: 'How it is written.',
    },
    idHeader: text('Header with the id of the message.', { default: 'x-delivery-id' }),
    signed: text('What is signed, made of `{timestamp}`, `{id}` and `{body}`.', {
      default: '{timestamp}.{body}',
      pattern: '\\{timestamp\\}.*\\{body\\}|\\{body\\}.*\\{timestamp\\}',
    }),
    windowSeconds: whole('How old or early a message may be.', 10, 3600, { default: 300 }),
    maxBytes: whole('Longest message.', 100, 32 * 1024 ** 2, { default: 1024 ** 2 }),
  },
  ['name', 'stream'],
);

/** JSON Schema of the settings. */
export const settingsSchema: JsonObject = object(
  {
    baseUrl: address('Scheme, host and port of the API; paths are added to it.'),
    auth: AUTH,
    headers: texts('Headers of every request.'),
    check: text('Path that is read to see whether the API answers.', { default: '/', pattern: '^/' }),
    answers: listOf('What answers mean beyond plain HTTP, first fitting rule.', ANSWER),
    streams: listOf('Lists that are read.', STREAM),
    actions: listOf('Calls that are made for events.', ACTION),
    webhooks: listOf('Doors for signed messages.', WEBHOOK),
    ...callSettings,
  },
  ['baseUrl', 'auth'],
);
