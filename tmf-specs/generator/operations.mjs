// The paths of an API, made from its resource table.
import { errors, headers, parameters, response } from './components.mjs';
import { content, JSON_TYPE, listOf } from './contents.mjs';
import { hubPaths } from './hub.mjs';
import { bodyName, refTo } from './schemas.mjs';

const MERGE_PATCH = 'application/merge-patch+json';
const JSON_PATCHES = ['application/json-patch+json', 'application/json-patch-query+json'];

const READ_ERRORS = [400, 401, 403, 404, 405, 406, 409, 429, 500, 501, 503];
const BODY_ERRORS = [413, 415, 422];
const WRITE_ERRORS = [...READ_ERRORS, ...BODY_ERRORS];
const CHANGE_ERRORS = [412, 428];

const plural = (words) => (words.endsWith('y') ? `${words.slice(0, -1)}ies` : `${words}s`);
const wordsOf = (name) => name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
const accepted = (model) => (model.version === 'v5' ? { 202: response('Accepted') } : {});

const OPERATIONS = {
  list: (model, { class: name, name: resource }) => {
    const page = {
      headers: headers('X-Total-Count', 'X-Result-Count', 'Link'),
      content: content(listOf(name)),
    };
    return {
      operationId: `list${name}`,
      summary: `Find ${plural(wordsOf(resource))}`,
      description:
        'Any declared attribute is also a filter: its dotted path is the name of a query parameter.',
      parameters: parameters('fields', 'offset', 'limit', 'filter', 'sort', 'before', 'after'),
      responses: {
        200: { description: 'All that match, or the page that was asked for.', ...page },
        206: { description: 'The page that was asked for; there is more.', ...page },
        ...errors(...READ_ERRORS),
      },
    };
  },
  create: (model, { class: name, name: resource, parameters: more, alsoCreatedWith }) => {
    const created = {
      description: 'The new resource.',
      headers: headers('Location', 'ETag'),
      content: content(refTo(name)),
    };
    return {
      operationId: `create${name}`,
      summary: `Create a ${wordsOf(resource)}`,
      parameters: parameters('fields', 'idempotencyKey', ...more),
      requestBody: { required: true, content: content(refTo(bodyName(model, name, 'new'))) },
      responses: {
        ...Object.fromEntries(alsoCreatedWith.map((status) => [status, created])),
        201: created,
        ...accepted(model),
        ...errors(...WRITE_ERRORS),
      },
    };
  },
  read: (model, { class: name, name: resource }) => ({
    operationId: `retrieve${name}`,
    summary: `Read a ${wordsOf(resource)}`,
    parameters: parameters('id', 'fields', 'ifNoneMatch'),
    responses: {
      200: { description: 'The resource.', headers: headers('ETag'), content: content(refTo(name)) },
      304: response('Unchanged'),
      ...errors(...READ_ERRORS),
    },
  }),
  patch: (model, { class: name, name: resource, parameters: more }) => {
    const patchResult = { oneOf: [refTo(name), listOf(name), { type: 'string', nullable: true }] };
    return {
      operationId: `patch${name}`,
      summary: `Change a ${wordsOf(resource)}`,
      parameters: parameters('id', 'fields', 'ifMatch', ...more),
      requestBody: {
        required: true,
        content: {
          ...content(refTo(bodyName(model, name, 'patch')), JSON_TYPE, MERGE_PATCH),
          ...content(listOf('JsonPatch'), ...JSON_PATCHES),
        },
      },
      responses: {
        200: {
          description: 'The changed resource.',
          headers: headers('ETag'),
          content: {
            ...content(refTo(name), JSON_TYPE, MERGE_PATCH),
            ...(model.version === 'v5' ? content(patchResult, ...JSON_PATCHES) : {}),
          },
        },
        ...accepted(model),
        ...errors(...WRITE_ERRORS, ...CHANGE_ERRORS),
      },
    };
  },
  delete: (model, { class: name, name: resource }) => ({
    operationId: `delete${name}`,
    summary: `Delete a ${wordsOf(resource)}`,
    parameters: parameters('id', 'ifMatch'),
    responses: { 204: response('Deleted'), ...accepted(model), ...errors(...READ_ERRORS, ...CHANGE_ERRORS) },
  }),
};

const PLACES = {
  list: ['', 'get'],
  create: ['', 'post'],
  read: ['/{id}', 'get'],
  patch: ['/{id}', 'patch'],
  delete: ['/{id}', 'delete'],
};

const resourcePaths = (model, resource) => {
  const paths = {};
  for (const operation of resource.operations) {
    const [suffix, method] = PLACES[operation];
    const path = (paths[`/${resource.name}${suffix}`] ??= {});
    path[method] = { tags: [resource.name], ...OPERATIONS[operation](model, resource) };
  }
  return paths;
};

/** All paths of a model. */
export const pathsOf = (model) =>
  Object.assign({}, ...model.resources.map((resource) => resourcePaths(model, resource)), hubPaths(model));
