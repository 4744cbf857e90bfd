// Bodies of requests and responses.
import { refTo } from './schemas.mjs';

export const JSON_TYPE = 'application/json';

/** One schema under each of the media types, JSON when none is named. */
export const content = (schema, ...types) =>
  Object.fromEntries((types.length > 0 ? types : [JSON_TYPE]).map((type) => [type, { schema }]));

/** A list of a class. */
export const listOf = (name) => ({ type: 'array', items: refTo(name) });
