import { Refusal, type Fault } from '@quotebridge/platform/core';
import { readInstant } from '@quotebridge/tmf/query';
import type { QueryParameter } from './operation';
import type { ApiSchema } from './schema';

type Parameters = Readonly<Record<string, QueryParameter>>;

const MOST_TEXT = 200;
const DECIMAL = /^[0-9]{1,15}(\.[0-9]{1,6})?$/;
const CURRENCY = /^[A-Z]{3}$/;

/** What is said of each kind: the same that is checked. */
const KIND_SCHEMAS: Readonly<Record<QueryParameter['kind'], ApiSchema>> = {
  text: { type: 'string', minLength: 1, maxLength: MOST_TEXT },
  integer: { type: 'integer' },
  decimal: { type: 'string', pattern: DECIMAL.source },
  'date-time': { type: 'string', pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}(T.+)?$' },
  currency: { type: 'string', pattern: CURRENCY.source },
};

const integerFault = (text: string, { minimum, maximum }: QueryParameter): string | undefined => {
  const value = Number(text);
  const isInside = value >= (minimum ?? -Infinity) && value <= (maximum ?? Infinity);
  if (/^-?\d+$/.test(text) && Number.isSafeInteger(value) && isInside) return undefined;
  const least = minimum === undefined ? '' : ` from ${minimum}`;
  if (maximum === undefined) return `must be a whole number${least === '' ? '' : `${least} on`}`;
  return `must be a whole number${least} to ${maximum}`;
};

const isWord = (text: string, { words = [] }: QueryParameter): boolean => words.includes(text);

/** What the document says of a parameter. */
export const schemaOf = ({ kind, minimum, maximum, values, words }: QueryParameter): ApiSchema => {
  const schema = KIND_SCHEMAS[kind];
  const patterns = [...(words ?? []).map((word) => `^${word}$`), schema.pattern];
  return {
    ...schema,
    ...(words === undefined ? {} : { pattern: patterns.join('|') }),
    ...(minimum === undefined ? {} : { minimum }),
    ...(maximum === undefined ? {} : { maximum }),
    ...(values === undefined ? {} : { enum: values }),
  };
};

const faultOf = (text: string, parameter: QueryParameter): string | undefined => {
  if (isWord(text, parameter)) return undefined;
  if (parameter.values && !parameter.values.includes(text))
    return `must be one of: ${parameter.values.join(', ')}`;
  switch (parameter.kind) {
    case 'integer':
      return integerFault(text, parameter);
    case 'decimal':
      return DECIMAL.test(text) && Number(text) > 0 ? undefined : 'must be a number above zero';
    case 'date-time':
      return readInstant(text) === undefined
        ? ['must be a date such as 2026-01-31, with or without a time', ...(parameter.words ?? [])].join(
            ', or ',
          )
        : undefined;
    case 'currency':
      return CURRENCY.test(text) ? undefined : 'must be three capital letters, ISO 4217, for example EUR';
    default:
      return text.length > 0 && text.length <= MOST_TEXT
        ? undefined
        : `must have 1 to ${MOST_TEXT} characters`;
  }
};

/** Date-times in one form, in UTC; a date without a time is the beginning of that day. */
const normal = (text: string, parameter: QueryParameter): string =>
  parameter.kind === 'date-time' && !isWord(text, parameter)
    ? new Date(readInstant(text) ?? text).toISOString()
    : text;

/** The parameters of a query as text. Throws a 400 that lists what is missing, wrong, repeated or unknown. */
export const checkedQuery = (
  parameters: Parameters,
  query: Readonly<Record<string, unknown>>,
): Readonly<Record<string, string | undefined>> => {
  const faults: Fault[] = [];
  const found: Record<string, string> = {};
  for (const [name, value] of Object.entries(query)) {
    const parameter = Object.hasOwn(parameters, name) ? parameters[name] : undefined;
    if (parameter === undefined)
      faults.push({ path: name, message: 'is no parameter of this operation', code: 'unknown' });
    else if (typeof value !== 'string')
      faults.push({ path: name, message: 'is given more than once', code: 'repeated' });
    else {
      const message = faultOf(value, parameter);
      if (message === undefined) found[name] = normal(value, parameter);
      else faults.push({ path: name, message, code: 'invalid' });
    }
  }
  for (const [name, { required }] of Object.entries(parameters))
    if (required && query[name] === undefined)
      faults.push({ path: name, message: 'is required', code: 'required' });
  const [first] = faults;
  if (first) throw new Refusal(400, 'invalidQuery', `${first.path} ${first.message}`, { faults });
  return found;
};
