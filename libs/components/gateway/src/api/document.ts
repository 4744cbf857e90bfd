import type { OpenApiDocument } from '@quotebridge/tmf-specs';
import type { ApiOperation, BusinessVersion, QueryParameter } from './operation';
import type { ApiSchema } from './schema';

const ERROR: ApiSchema = {
  type: 'object',
  required: ['code', 'reason', 'message', 'status', 'errorId'],
  properties: {
    code: { type: 'string', description: 'What kind of fault it is, for programs' },
    reason: { type: 'string', description: 'The status in words' },
    message: { type: 'string', description: 'What was wrong, where, and what to do' },
    status: { type: 'string', description: 'The HTTP status' },
    errorId: {
      type: 'string',
      description: 'Unique; finds the call in the transaction log and its cause in the logs',
    },
    details: {
      type: 'array',
      description: 'Every fault that was found',
      items: {
        type: 'object',
        properties: { path: { type: 'string' }, message: { type: 'string' }, code: { type: 'string' } },
      },
    },
  },
};

const FAULTS: Readonly<Record<number, string>> = {
  400: 'The request is wrong; `details` has every fault.',
  401: 'There is no credential, or it is not valid.',
  403: 'The credential lacks the scope that the operation needs.',
  404: 'There is nothing with this id.',
  409: 'It conflicts with what is stored.',
  413: 'The body is larger than 10 MB.',
  422: 'The request is understood but cannot be carried out.',
  429: 'Too many requests in a minute.',
  500: 'The server failed; the error id finds the cause.',
  503: 'A service behind this one is away; try again later.',
};

const KINDS: Readonly<Record<QueryParameter['kind'], ApiSchema>> = {
  text: { type: 'string' },
  integer: { type: 'integer' },
  decimal: { type: 'string', pattern: '^[0-9]{1,15}(\\.[0-9]{1,6})?$' },
  'date-time': { type: 'string' },
};

const json = (schema: ApiSchema) => ({ 'application/json': { schema } });

const parametersOf = ({ path, query = {}, method }: ApiOperation) => [
  ...(path.includes('{id}') ? [{ name: 'id', in: 'path', required: true, schema: { type: 'string' } }] : []),
  ...Object.entries(query).map(([name, { kind, doc, required, minimum, maximum, values }]) => ({
    name,
    in: 'query',
    required: required === true,
    description: doc,
    schema: {
      ...KINDS[kind],
      ...(minimum === undefined ? {} : { minimum }),
      ...(maximum === undefined ? {} : { maximum }),
      ...(values === undefined ? {} : { enum: values }),
    },
  })),
  ...(method === 'POST'
    ? [
        {
          name: 'Idempotency-Key',
          in: 'header',
          required: false,
          description: 'A request with a key that was used before is not carried out a second time.',
          schema: { type: 'string', maxLength: 255 },
        },
      ]
    : []),
];

const operationOf = (operation: ApiOperation) => ({
  operationId: operation.id,
  summary: operation.summary,
  description: `Needs the scope \`${operation.scope.join(':')}\`.`,
  parameters: parametersOf(operation),
  ...(operation.body ? { requestBody: { required: true, content: json(operation.body) } } : {}),
  responses: {
    ...Object.fromEntries(
      Object.entries(operation.answers).map(([status, [description, schema]]) => [
        status,
        { description, content: json(schema) },
      ]),
    ),
    ...Object.fromEntries(
      Object.entries(FAULTS).map(([status, description]) => [
        status,
        { description, content: json({ $ref: '#/components/schemas/Error' }) },
      ]),
    ),
  },
});

/** The OpenAPI document of a version, made of its operations. */
export const apiDocument = (
  version: BusinessVersion,
  operations: readonly ApiOperation[],
): OpenApiDocument => {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const operation of operations) {
    const path = (paths[operation.path] ??= {});
    path[operation.method.toLowerCase()] = operationOf(operation);
  }
  return {
    openapi: '3.0.3',
    info: {
      title: 'QuoteBridge business API',
      version: version === 'v1' ? '1.0.0' : '2.0.0',
      description: 'Orders, parts, prices, structures, customers and opportunities for ERP and CRM systems.',
    },
    servers: [],
    paths,
    components: {
      schemas: { Error: ERROR },
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer' },
        apiKey: { type: 'apiKey', in: 'header', name: 'X-API-Key' },
      },
    },
  };
};
