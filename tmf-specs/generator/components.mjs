// Parameters, headers and responses that all operations share.
import { refTo } from './schemas.mjs';

const text = { type: 'string' };
const count = { type: 'integer', minimum: 0 };

const query = (name, description, schema = text) => ({
  name,
  in: 'query',
  required: false,
  description,
  schema,
});
const header = (name, description) => ({ name, in: 'header', required: false, description, schema: text });

export const PARAMETERS = {
  id: { name: 'id', in: 'path', required: true, description: 'Identifier of the resource.', schema: text },
  fields: query('fields', 'Attributes to return, separated by commas; nested ones as dotted paths.'),
  offset: query('offset', 'Index of the first resource to return.', count),
  limit: query('limit', 'Greatest number of resources to return.', count),
  filter: query('filter', 'JSONPath expression that the resources must satisfy (TMF630).'),
  sort: query('sort', 'Attributes to sort by, separated by commas; a minus sign before one sorts downwards.'),
  before: query('before', 'Cursor: return the page before it. Cursors come with the Link header.'),
  after: query('after', 'Cursor: return the page after it. Cursors come with the Link header.'),
  checkReferences: query('checkReferences', 'Refuse the resource when something it refers to is not there.', {
    type: 'boolean',
  }),
  ifMatch: header(
    'If-Match',
    'ETag of the resource as it was read; refused with 412 when it has changed since.',
  ),
  ifNoneMatch: header(
    'If-None-Match',
    'ETag of the resource as it is known; answered with 304 when it is unchanged.',
  ),
  idempotencyKey: header(
    'Idempotency-Key',
    'A repeated request with the same key gets the first answer again.',
  ),
};

const HEADERS = {
  'X-Total-Count': { description: 'Number of resources that match.', schema: count },
  'X-Result-Count': { description: 'Number of resources in this answer.', schema: count },
  Link: { description: 'Addresses of the first, previous, next and last page (RFC 8288).', schema: text },
  ETag: { description: 'Revision of the resource, for If-Match and If-None-Match.', schema: text },
  Location: { description: 'Address of the resource, the same as its href.', schema: text },
  'Retry-After': { description: 'Seconds to wait before the next try.', schema: count },
  Allow: { description: 'Methods that the address does allow.', schema: text },
};

/** The named headers for a response. */
export const headers = (...names) =>
  Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]));

const ERRORS = {
  400: ['BadRequest', 'The request is wrong; the body lists every fault with its path.'],
  401: ['Unauthorized', 'There is no valid credential.'],
  403: ['Forbidden', 'The credential does not allow this.'],
  404: ['NotFound', 'There is no such resource.'],
  405: ['MethodNotAllowed', 'The address does not allow this method.', 'Allow'],
  406: ['NotAcceptable', 'The media types in Accept are not available.'],
  409: ['Conflict', 'The state of the resource does not allow this, or the key was used for another body.'],
  412: ['PreconditionFailed', 'The resource has changed since it was read.', 'ETag'],
  413: ['ContentTooLarge', 'The body is larger than allowed.'],
  415: ['UnsupportedMediaType', 'The media type of the body is not supported.'],
  422: ['Unprocessable', 'The request is well formed but cannot be carried out.'],
  428: ['PreconditionRequired', 'The request needs If-Match.'],
  429: ['TooManyRequests', 'There were too many requests.', 'Retry-After'],
  500: ['InternalError', 'Something failed here; the message has an id to ask about.'],
  501: ['NotImplemented', 'This is not supported.'],
  503: ['Unavailable', 'The service cannot answer at the moment.', 'Retry-After'],
};

const errorContent = { 'application/json': { schema: refTo('Error') } };

const errorResponses = Object.fromEntries(
  Object.values(ERRORS).map(([name, description, ...names]) => [
    name,
    { description, ...(names.length > 0 ? { headers: headers(...names) } : {}), content: errorContent },
  ]),
);

/** The error responses of an operation by status; `default` stands for any other. */
export const errors = (...statuses) =>
  Object.fromEntries(
    statuses.map((status) => [
      String(status),
      { $ref: `#/components/responses/${status === 'default' ? 'Failure' : ERRORS[status][0]}` },
    ]),
  );

/** The components besides the schemas. */
export const COMPONENTS = {
  parameters: PARAMETERS,
  headers: HEADERS,
  responses: {
    ...errorResponses,
    Failure: { description: 'The request was refused.', content: errorContent },
    Accepted: { description: 'The request was accepted and is carried out later.' },
    Deleted: { description: 'The resource is gone.' },
    Received: { description: 'The event was received.' },
    Unchanged: { description: 'The resource is unchanged.', headers: headers('ETag') },
  },
  securitySchemes: {
    bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
    apiKey: { type: 'apiKey', in: 'header', name: 'X-API-Key' },
  },
};

/** Reference to a shared response. */
export const response = (name) => ({ $ref: `#/components/responses/${name}` });

/** References to shared parameters. */
export const parameters = (...names) => names.map((name) => ({ $ref: `#/components/parameters/${name}` }));
