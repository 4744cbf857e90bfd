import type { Fault } from '@quotebridge/platform/core';
import Ajv, { type ErrorObject } from 'ajv';
import addFormats from 'ajv-formats';
import type { ApiSchema } from './schema';

const MOST_FAULTS = 200;

const ajv = new Ajv({ allErrors: true, strict: false, verbose: true });
addFormats(ajv, ['date-time', 'iso-date-time', 'date', 'email', 'uri']);

const escaped = (name: string): string => name.replace(/~/g, '~0').replace(/\//g, '~1');

const FORMATS: Readonly<Record<string, string>> = {
  email: 'an e-mail address',
  uri: 'an address such as https://example.com/news',
  'date-time': 'a date and time such as 2026-01-31T09:30:00Z',
};

const WORDS: Readonly<Record<string, (params: Readonly<Record<string, unknown>>) => string>> = {
  type: ({ type }) => (type === 'integer' ? 'must be a whole number' : `must be of type ${String(type)}`),
  enum: ({ allowedValues }) => `must be one of: ${(allowedValues as readonly unknown[]).join(', ')}`,
  format: ({ format }) => `must be ${FORMATS[String(format)] ?? `a ${String(format)}`}`,
  minLength: ({ limit }) => `must have at least ${String(limit)} character(s)`,
  maxLength: ({ limit }) => `must have at most ${String(limit)} characters`,
  minItems: ({ limit }) => `must have at least ${String(limit)} item(s)`,
  maxItems: ({ limit }) =>
    limit === 0 ? 'must be left out: no more levels are taken' : `must have at most ${String(limit)} items`,
  minimum: ({ limit }) => `must be ${String(limit)} or more`,
  maximum: ({ limit }) => `must be ${String(limit)} or less`,
};

const toFault = ({ keyword, params, instancePath, parentSchema }: ErrorObject): Fault => {
  if (keyword === 'required') {
    const name = String((params as Record<string, unknown>)['missingProperty']);
    return { path: `${instancePath}/${escaped(name)}`, message: 'is required', code: 'required' };
  }
  if (keyword === 'oneOf' || keyword === 'pattern') {
    const about = (parentSchema as ApiSchema | undefined)?.description ?? '';
    return {
      path: instancePath,
      message: `is not what is expected here: ${about}`,
      code: keyword === 'oneOf' ? 'type' : keyword,
    };
  }
  const message = WORDS[keyword]?.(params as Record<string, unknown>) ?? `does not satisfy ${keyword}`;
  return { path: instancePath, message, code: keyword };
};

/**
 * Compiles a schema once; the function lists everything that is wrong with a body. Of alternatives that all fail only one
 * fault is told: what they have against the value one by one would contradict itself.
 */
export const compileSchema = (schema: ApiSchema): ((value: unknown) => Fault[]) => {
  const check = ajv.compile(schema);
  return (value) => {
    if (check(value)) return [];
    const errors = (check.errors ?? []).filter(({ schemaPath }) => !/\/oneOf\/\d+\//.test(schemaPath));
    return errors.slice(0, MOST_FAULTS).map(toFault);
  };
};
