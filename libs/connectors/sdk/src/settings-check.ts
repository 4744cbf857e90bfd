import type { Fault, JsonObject } from '@quotebridge/platform/core';
import { Ajv2020, type ErrorObject } from 'ajv/dist/2020';
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

const messageFor = (error: ErrorObject): string => {
  if (error.keyword === 'required') return 'is missing';
  if (error.keyword === 'additionalProperties') return 'is not a setting of this connector';
  if (error.keyword === 'enum') return `must be one of ${JSON.stringify(error.params['allowedValues'])}`;
  return error.message ?? 'is wrong';
};

/** Result of {@link checkSettings}: the settings with defaults filled in, and everything that is wrong. */
export interface CheckedSettings {
  readonly settings: JsonObject;
  readonly faults: readonly Fault[];
}

/** Checks settings and secrets against what the connector declares; lists all faults at once, never a secret's value. */
export const checkSettings = (
  definition: ConnectorDefinition,
  given: JsonObject,
  secrets: Readonly<Record<string, string>>,
): CheckedSettings => {
  const ajv = new Ajv2020({ allErrors: true, useDefaults: true, strict: true, strictRequired: false });
  addFormats.default(ajv);
  const settings = structuredClone(given);
  const validate = ajv.compile(definition.settingsSchema);
  const faults: Fault[] = [];
  if (!validate(settings)) {
    for (const error of validate.errors ?? []) {
      // `if` only says that a `then` failed; the failed part has an error of its own.
      if (error.keyword === 'if') continue;
      faults.push({ path: pathOf(error), message: messageFor(error), code: error.keyword });
    }
  }
  for (const name of definition.requiredSecrets(settings)) {
    if ((secrets[name] ?? '') === '')
      faults.push({ path: `/secrets/${name}`, message: 'is missing', code: 'required' });
  }
  return { settings, faults };
};
