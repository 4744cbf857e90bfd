import type { OpenApiDocument } from '@quotebridge/tmf-specs';
import type { ApiOperation, BusinessVersion } from './operation';
import { schemaOf } from './query';
import type { ApiSchema } from './schema';

const ERROR: ApiSchema = {
  type: 'object',
  required: ['code', 'reason', 'message', 'status', 'errorId'],
  properties: {
    '@type': { type: 'string', enum: ['Error'] },
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
  422: 'The request is understood but cannot be carried out.',
  429: 'Too many requests in a minute.',
  500: 'The server failed; the error id finds the cause.',
  503: 'A service behind this one is away, or nothing is known in time; try again later.',
};

/** Of operations that take a body. */
const BODY_FAULTS: Readonly<Record<number, string>> = {
  413: 'The body is larger than 10 MB.',
  415: 'The body is not JSON.',
};

const text = (description: string) => ({ description, schema: { type: 'string' } });

const ERROR_ID = { 'X-Error-Id': text('The error id of the body') };
const LATER = { 'Retry-After': text('Seconds after which to try again') };
const CAN_TRY_LATER: readonly string[] = ['429', '503'];
/** Answers that tell where what was made is. */
const MADE: readonly string[] = ['201', '202'];
const LOCATION = { Location: text('Address of what was made') };

const json = (schema: ApiSchema) => ({ 'application/json': { schema } });

const variableOf = (path: string): string | undefined => /\{(\w+)\}/.exec(path)?.[1];

const parametersOf = ({ path, named, query = {}, method }: ApiOperation) => {
  const variable = variableOf(path);
  return [
    ...(variable === undefined
      ? []
      : [
          {
            name: variable,
            in: 'path',
            required: true,
            description: named?.doc,
            schema: { type: 'string' },
            example: named?.example,
          },
        ]),
    ...Object.entries(query).map(([name, parameter]) => {
      const { kind, doc, example, required } = parameter;
      return {
        name,
        in: 'query',
        required: required === true,
        description: doc,
        schema: schemaOf(parameter),
        ...(example === undefined ? {} : { example: kind === 'integer' ? Number(example) : example }),
      };
    }),
    ...(method === 'POST'
      ? [
          {
            name: 'Idempotency-Key',
            in: 'header',
            required: false,
            description: 'A request with a key that was used before is not carried out a second time.',
            schema: { type: 'string', minLength: 1, maxLength: 255 },
          },
        ]
      : []),
  ];
};

const bodyOf = (schema: ApiSchema, examples: ApiOperation['examples']) => ({
  required: true,
  content: {
    'application/json': {
      schema,
      ...(examples === undefined
        ? {}
        : {
            examples: Object.fromEntries(Object.entries(examples).map(([name, value]) => [name, { value }])),
          }),
    },
  },
});

const operationOf = (operation: ApiOperation) => {
  const { body, examples } = operation;
  const faults = { ...FAULTS, ...(body === undefined ? {} : BODY_FAULTS) };
  return {
    operationId: operation.id,
    summary: operation.summary,
    description: `Needs the scope \`${operation.scope.join(':')}\`.`,
    parameters: parametersOf(operation),
    ...(body === undefined ? {} : { requestBody: bodyOf(body, examples) }),
    responses: {
      ...Object.fromEntries(
        Object.entries(operation.answers).map(([status, [description, schema]]) => [
          status,
          { description, content: json(schema), ...(MADE.includes(status) ? { headers: LOCATION } : {}) },
        ]),
      ),
      ...Object.fromEntries(
        Object.entries(faults).map(([status, description]) => [
          status,
          {
            description,
            headers: { ...ERROR_ID, ...(CAN_TRY_LATER.includes(status) ? LATER : {}) },
            content: json({ $ref: '#/components/schemas/Error' }),
          },
        ]),
      ),
    },
  };
};

/** The OpenAPI document of a version, made of its operations. */
export const apiDocument = (
  version: BusinessVersion,
  operations: readonly ApiOperation[],
): OpenApiDocument & { readonly security: readonly unknown[] } => {
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
    security: [{ bearer: [] }, { apiKey: [] }],
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
