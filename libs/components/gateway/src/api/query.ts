import { Refusal, type Fault } from '@quotebridge/platform/core';
import type { QueryParameter } from './operation';

type Parameters = Readonly<Record<string, QueryParameter>>;

const integerFault = (text: string, { minimum, maximum }: QueryParameter): string | undefined => {
  const value = Number(text);
  const isInside = value >= (minimum ?? -Infinity) && value <= (maximum ?? Infinity);
  if (/^-?\d{1,15}$/.test(text) && isInside) return undefined;
  return `must be a whole number from ${minimum ?? 'any'} to ${maximum ?? 'any'}`;
};

const faultOf = (text: string, parameter: QueryParameter): string | undefined => {
  if (parameter.values && !parameter.values.includes(text))
    return `must be one of: ${parameter.values.join(', ')}`;
  switch (parameter.kind) {
    case 'integer':
      return integerFault(text, parameter);
    case 'decimal':
      return /^\d{1,15}(\.\d{1,6})?$/.test(text) && Number(text) > 0
        ? undefined
        : 'must be a number above zero';
    case 'date-time':
      return /^\d{4}-\d{2}-\d{2}(T[\d:.]+(Z|[+-]\d{2}:\d{2})?)?$/.test(text) &&
        !Number.isNaN(Date.parse(text))
        ? undefined
        : 'must be a date such as 2026-01-31, with or without a time';
    default:
      return text.length > 0 && text.length <= 200 ? undefined : 'must have 1 to 200 characters';
  }
};

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
      if (message === undefined) found[name] = value;
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
