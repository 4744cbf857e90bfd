import Ajv from 'ajv';
import type { ValidateFunction } from 'ajv';
import type { Fault } from '@quotebridge/platform/core';
import { ajvSchemas, CHRONOLOGICAL, schemaId } from './ajv-schemas';
import type { Reading } from './ajv-schemas';
import { classesOf } from './classes';
import { isDateTime } from './date-time';
import { faultsOf } from './faults';
import { isReversed } from './period';
import type { Api, ApiVersion } from './types';

/** Says what is wrong with a value; an empty list means that it is valid. */
export type Validator = (value: unknown) => Fault[];

const READINGS: readonly Reading[] = ['value', 'patch', 'patch-root'];

const isPatch = (schemaName: string): boolean => /_(?:MVO|Update)$/.test(schemaName);

const engines = new Map<string, Ajv>();

const engineFor = (api: Api, version: ApiVersion): Ajv => {
  const key = `${api}-${version}`;
  const known = engines.get(key);
  if (known !== undefined) return known;
  // What ajv's optimizer makes of the code runs no faster, and takes a fifth of the time of compiling.
  const code = { optimize: false } as const;
  const ajv = new Ajv({ allErrors: true, strict: false, messages: false, validateSchema: false, code });
  ajv.addFormat('date-time', isDateTime);
  const validate = (_on: boolean, period: unknown): boolean => !isReversed(period);
  ajv.addKeyword({ keyword: CHRONOLOGICAL, schemaType: 'boolean', type: 'object', validate });
  for (const reading of READINGS) ajv.addSchema(ajvSchemas(classesOf(api, version), reading));
  engines.set(key, ajv);
  return ajv;
};

const guarded =
  (check: ValidateFunction): Validator =>
  (value) => {
    try {
      return check(value) ? [] : faultsOf(check.errors ?? [], value);
    } catch (thrown) {
      // The classes are recursive: a body nested thousands of levels deep exhausts the stack.
      if (thrown instanceof RangeError) return [{ path: '', message: 'is nested too deeply', code: 'depth' }];
      throw thrown;
    }
  };

const validators = new Map<string, Validator>();

/** What was asked for and has not been needed yet. */
const uncompiled = new Set<() => Validator>();

const compileWhenNeeded = (api: Api, version: ApiVersion, schemaName: string): Validator => {
  let compiled: Validator | undefined;
  const compile = (): Validator => {
    uncompiled.delete(compile);
    const reading: Reading = isPatch(schemaName) ? 'patch-root' : 'value';
    const check = engineFor(api, version).getSchema(schemaId(reading, 'any', schemaName));
    if (check === undefined) throw new Error(`${api} ${version}: "${schemaName}" could not be compiled.`);
    compiled = guarded(check);
    return compiled;
  };
  uncompiled.add(compile);
  return (value) => (compiled ?? compile())(value);
};

/**
 * Compiles every validator that has been asked for. A process that is about to take requests does so first; one that
 * hosts many APIs leaves each to its first use, as the large ones take some hundred milliseconds.
 */
export const compileValidators = (): void => {
  for (const compile of [...uncompiled]) compile();
};

/**
 * The validator of one class, compiled at its first use and cached, for example
 * `validatorFor('TMF620', 'v5', 'ProductOffering_FVO')`. Unknown attributes are allowed, and an unknown `@type` is
 * read as the class it stands for. A class for patching (`_MVO`, v4 `_Update`) is read as a JSON merge patch: null
 * removes an attribute and nested objects may be partial, so validate the merged resource as well.
 * Throws when the API has no such class.
 */
export const validatorFor = (api: Api, version: ApiVersion, schemaName: string): Validator => {
  const key = `${api}-${version}/${schemaName}`;
  const known = validators.get(key);
  if (known !== undefined) return known;
  if (classesOf(api, version).get(schemaName) === undefined)
    throw new Error(`${api} ${version} has no class "${schemaName}".`);
  const validator = compileWhenNeeded(api, version, schemaName);
  validators.set(key, validator);
  return validator;
};
