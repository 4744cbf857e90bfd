import type { SchemaObject } from '@quotebridge/tmf-specs';

/** A schema of the business API, for its validators and its document alike (OpenAPI 3.0). */
export interface ApiSchema extends SchemaObject {
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly maxItems?: number;
  readonly example?: string | number;
  readonly items?: ApiSchema;
  readonly properties?: Readonly<Record<string, ApiSchema>>;
  readonly oneOf?: readonly ApiSchema[];
}

type Properties = Readonly<Record<string, ApiSchema>>;

/** Text of 1 to `maxLength` characters. */
export const text = (description: string, maxLength = 200): ApiSchema => ({
  type: 'string',
  minLength: 1,
  maxLength,
  description,
});

/** One of several words. */
export const word = (description: string, values: readonly string[]): ApiSchema => ({
  type: 'string',
  enum: values,
  description,
});

/** A date and time with its zone. */
export const dateTime = (description: string): ApiSchema => ({
  type: 'string',
  format: 'date-time',
  description,
});

/** A date, or a date and time, kept as it is given. */
export const dateOrTime = (description: string): ApiSchema => ({
  description: `${description}, for example 2026-01-31`,
  oneOf: [
    { type: 'string', format: 'date' },
    { type: 'string', format: 'iso-date-time', maxLength: 40 },
  ],
});

/** An exact decimal: a number, or text where a number would be rounded. */
export const decimal = (description: string): ApiSchema => ({
  description: `${description}: 0 or more; as a text up to 15 digits before the point and 6 behind it`,
  oneOf: [
    { type: 'number', minimum: 0 },
    { type: 'string', pattern: '^[0-9]{1,15}(\\.[0-9]{1,6})?$' },
  ],
});

/** A whole number above zero, also as digits. */
export const wholeNumber = (description: string): ApiSchema => ({
  description: `${description}: a whole number above zero`,
  oneOf: [
    { type: 'integer', minimum: 1, maximum: Number.MAX_SAFE_INTEGER },
    { type: 'string', pattern: '^0*[1-9][0-9]{0,14}$' },
  ],
});

/** An object; attributes that are not named are taken and left alone, so that a newer client is no fault. */
export const object = (
  description: string,
  properties: Properties,
  required: readonly string[] = [],
): ApiSchema => ({ type: 'object', description, properties, ...(required.length > 0 ? { required } : {}) });

/** A list of at least `minItems`. */
export const listOf = (items: ApiSchema, description: string, minItems = 0): ApiSchema => ({
  type: 'array',
  description,
  minItems,
  maxItems: 5_000,
  items,
});

/** A page of a list. */
export const page = (item: ApiSchema): ApiSchema =>
  object('A page of the list.', {
    items: { type: 'array', items: item, description: 'What was found, in order.' },
    total: { type: 'integer', description: 'How many there are in all; counted up to a limit.' },
    next: { type: 'string', description: 'Cursor of the next page, where there is one.' },
  });
