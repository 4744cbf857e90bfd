import { isJsonObject, type Fault, type Json, type JsonObject } from '@quotebridge/platform/core';
import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020';
import addFormats from 'ajv-formats';
import type { ConnectorDefinition } from './definition';

const pathOf = ({ instancePath, keyword, params }: ErrorObject): string => {
  const member: unknown =
    keyword === 'required'
      ? params['missingProperty']
      : keyword === 'additionalProperties'
        ? params['additionalProperty']
        : undefined;
  return typeof member === 'string' ? `/settings${instancePath}/${member}` : `/settings${instancePath}`;
};

const KINDS: Readonly<Record<string, string>> = {
  string: 'a text',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
};

const choicesOf = (schema: Json | undefined, tag: string): readonly Json[] =>
  (isJsonObject(schema) && Array.isArray(schema['oneOf']) ? schema['oneOf'] : []).flatMap((choice) => {
    const properties = isJsonObject(choice) ? choice['properties'] : undefined;
    const property = isJsonObject(properties) ? properties[tag] : undefined;
    return isJsonObject(property) && property['const'] !== undefined ? [property['const']] : [];
  });

/** The rest of a sentence that begins with the setting's path. */
const messageFor = ({ keyword, params, message, parentSchema }: ErrorObject): string => {
  const schema = parentSchema as JsonObject | undefined;
  switch (keyword) {
    case 'required':
      return 'is missing';
    case 'additionalProperties':
      return 'is not a setting of this connector';
    case 'enum':
      return `must be one of ${JSON.stringify(params['allowedValues'])}`;
    case 'const':
      return `must be ${JSON.stringify(params['allowedValue'])}`;
    case 'discriminator': {
      const tag = String(params['tag']);
      return `needs "${tag}" to be one of ${JSON.stringify(choicesOf(schema, tag))}`;
    }
    case 'type': {
      const types = [params['type']].flat().map(String);
      return `must be ${types.map((type) => KINDS[type] ?? type).join(' or ')}`;
    }
    case 'minLength':
    case 'minItems':
    case 'minProperties':
      return Number(params['limit']) === 1 ? 'must not be empty' : (message ?? 'is too short');
    case 'pattern': {
      const about = schema?.['description'];
      return `does not have the right form${typeof about === 'string' ? `. It is meant for: ${about}` : ''}`;
    }
    default:
      return message ?? 'is wrong';
  }
};

/** Result of {@link checkSettings}: the settings with defaults filled in, and everything that is wrong. */
export interface CheckedSettings {
  readonly settings: JsonObject;
  readonly faults: readonly Fault[];
}

// Compiling a schema takes a tenth of a second, and an operator checks a thousand Connectors of a few kinds.
const compiled = new WeakMap<JsonObject, ValidateFunction>();

const validatorOf = (schema: JsonObject): ValidateFunction => {
  const known = compiled.get(schema);
  if (known !== undefined) return known;
  const ajv = new Ajv2020({
    allErrors: true,
    useDefaults: true,
    strict: true,
    strictRequired: false,
    strictTypes: false,
    allowUnionTypes: true,
    discriminator: true,
    verbose: true,
  });
  addFormats.default(ajv);
  const validate = ajv.compile(schema);
  compiled.set(schema, validate);
  return validate;
};

/** Checks settings and secrets against what the connector declares; lists all faults at once, never a secret's value. */
export const checkSettings = (
  definition: ConnectorDefinition,
  given: JsonObject,
  secrets: Readonly<Record<string, string>>,
): CheckedSettings => {
  const settings = structuredClone(given);
  const validate = validatorOf(definition.settingsSchema);
  const faults: Fault[] = [];
  if (!validate(settings)) {
    for (const error of validate.errors ?? []) {
      // `if` only says that a `then` failed; the failed part has an error of its own.
      if (error.keyword === 'if') continue;
      faults.push({ path: pathOf(error), message: messageFor(error), code: error.keyword });
    }
  }
  // What a schema cannot say is asked only of settings that have its shape.
  if (faults.length === 0) {
    for (const { path, ...fault } of definition.settingsFaults?.(settings) ?? [])
      faults.push({ ...fault, path: `/settings${path}` });
  }
  for (const name of definition.requiredSecrets(settings)) {
    if ((secrets[name] ?? '') === '')
      faults.push({ path: `/secrets/${name}`, message: 'is missing', code: 'required' });
  }
  return { settings, faults };
};
