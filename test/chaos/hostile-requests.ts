import * as fc from 'fast-check';

const scraps = [
  ...[
    '{',
    '}',
    '[',
    ']',
    '"',
    ':',
    ',',
    'null',
    '1e999',
    '-0',
    '9007199254740993',
    '"__proto__":',
    '\u0000',
    '\ud800',
  ],
  ...['{"name":', '"a"', '"$where"', '{"$gt":""}', '\\u0000', '"constructor"', '\ufeff', 'é', '[[[[[[[['],
];
const value = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  fc.constantFrom<unknown>(
    { $gt: '' },
    { $where: 'sleep(1)' },
    '$name',
    ['$$ROOT'],
    'x'.repeat(70_000),
    '\u0000',
    '\ud83d',
  ),
);
const names = fc.constantFrom(
  ...[
    'name',
    'description',
    'id',
    'href',
    '@type',
    '@baseType',
    'isRoot',
    'validFor',
    'lifecycleStatus',
    'version',
  ],
  ...[
    'parentId',
    'category',
    'productOffering',
    'lastUpdate',
    '_rev',
    '_outbox',
    '_id',
    '$set',
    'a.b',
    '',
    'a\u0000b',
  ],
  ...['constructor', 'toString', 'hasOwnProperty', '0', 'x'.repeat(5_000)],
);
const object = fc
  .array(fc.tuple(names, value), { maxLength: 6 })
  .map((pairs) => JSON.stringify(Object.fromEntries(pairs)));
const patch = fc
  .array(
    fc.record({
      op: fc.constantFrom('add', 'remove', 'replace', 'move', 'copy', 'test', 'no', null),
      path: fc.constantFrom(
        '/name',
        '/-',
        '',
        '/a/b/c',
        '/_rev',
        '/__proto__/x',
        '/id',
        'name',
        '/name/0',
        '/~2',
      ),
      from: fc.constantFrom('/name', '/x', '', '/_outbox'),
      value,
    }),
    { maxLength: 4 },
  )
  .map((operations) => JSON.stringify(operations));
const body = fc.oneof(
  object,
  patch,
  fc.jsonValue().map((any) => JSON.stringify(any)),
  fc.array(fc.constantFrom(...scraps), { maxLength: 10 }).map((parts) => parts.join('')),
);
const contentType = fc.constantFrom(
  ...[
    'application/json',
    'application/json;charset=utf-8',
    'application/merge-patch+json',
    'application/xml',
  ],
  ...['application/json-patch+json', 'application/json-patch-query+json', 'text/plain', 'x', ''],
);
const headerText = fc.constantFrom(
  ...[
    '*',
    '"0"',
    'W/"1"',
    '"',
    ',,,',
    'x'.repeat(3_000),
    '%00',
    '${7*7}',
    '; DROP',
    '\u00e9',
    '0',
    '-1',
    '*/*;q=9',
  ],
);
const headers = fc.dictionary(
  fc.constantFrom(
    'if-match',
    'if-none-match',
    'accept',
    'prefer',
    'idempotency-key',
    'traceparent',
    'x-api-key',
    'range',
  ),
  headerText,
  { maxKeys: 3 },
);
const parameter = fc.tuple(
  fc.constantFrom(
    ...[
      'fields',
      'sort',
      'limit',
      'offset',
      'filter',
      'before',
      'after',
      'name',
      'name.gt',
      'name.regex',
      '$where',
      'id',
    ],
    ...[
      'validFor.startDateTime.gt',
      'isRoot',
      'a.b.c',
      '__proto__',
      'name[$ne]',
      'name.like',
      '',
      'checkReferences',
    ],
  ),
  fc.oneof(
    fc.constantFrom(
      '-1',
      '0',
      '1e9',
      'NaN',
      '(a+)+$',
      '$[?(@.name=="x")]',
      '$..*',
      '%00',
      '%',
      '%zz',
      '%ff',
      '*',
      ',,',
      '-name',
    ),
    fc.string({ maxLength: 40 }).map((text) => encodeURIComponent(text)),
  ),
);
const query = fc
  .array(parameter, { maxLength: 4 })
  .map((pairs) => pairs.map((pair) => pair.join('=')).join('&'));
const segment = fc.constantFrom(
  ...[
    '',
    '/known',
    '/nothing',
    '/%00',
    '/%ff',
    '/%2e%2e%2f',
    '/$where',
    '/a:(version=1)',
    '/:(version=)',
    `/${'x'.repeat(900)}`,
  ],
  ...['/known/more', '/known:(version=(', '/%F0%9F%98%80', "/'", '/known:(version=9.9)', '/{"$gt":""}'],
);
const resource = fc.constantFrom(
  'category',
  'catalog',
  'hub',
  'productOffering',
  'importJob',
  'nonsense',
  'category/',
);
const method = fc.constantFrom('GET', 'POST', 'PATCH', 'DELETE', 'PUT', 'OPTIONS', 'HEAD');

/** Requests to the catalog that nobody means well; `/known` in `rest` stands for a category that exists. */
export const hostileRequest = fc.record({
  verb: method,
  version: fc.constantFrom('v4', 'v5'),
  name: resource,
  rest: segment,
  search: query,
  text: body,
  type: contentType,
  extra: headers,
});
