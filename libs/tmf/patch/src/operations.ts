import { err, isJsonObject, ok, type Fault, type Json, type Result } from '@quotebridge/platform/core';
import { patchFault } from './faults';
import { inspect } from './inspect';
import type { PatchLimits } from './limits';

/** One operation of a JSON Patch whose shape is right; its paths are not yet looked at. */
export type Operation =
  | { readonly op: 'add' | 'replace' | 'test'; readonly path: string; readonly value: Json }
  | { readonly op: 'remove'; readonly path: string }
  | { readonly op: 'move' | 'copy'; readonly path: string; readonly from: string };

const NAMES = ['add', 'remove', 'replace', 'move', 'copy', 'test'] as const;
const isName = (op: unknown): op is Operation['op'] => NAMES.some((name) => name === op);

const readPath = (value: unknown, at: string, faults: Fault[], limits: PatchLimits): string => {
  if (typeof value !== 'string') faults.push(patchFault(at, 'syntax', 'A path must be given, as a text.'));
  else if (value.length > limits.maxPathLength)
    faults.push(patchFault(at, 'limit', `A path has at most ${limits.maxPathLength} characters.`));
  else return value;
  return '';
};

const readOperation = (
  entry: unknown,
  index: number,
  limits: PatchLimits,
  faults: Fault[],
): Operation | undefined => {
  const at = `/${index}`;
  if (!isJsonObject(entry)) {
    faults.push(patchFault(at, 'syntax', 'An operation must be a JSON object with "op" and "path".'));
    return undefined;
  }
  const { op } = entry;
  if (!isName(op)) {
    faults.push(patchFault(`${at}/op`, 'syntax', `"op" must be one of ${NAMES.join(', ')}.`));
    return undefined;
  }
  const path = readPath(entry['path'], `${at}/path`, faults, limits);
  if (op === 'remove') return { op, path };
  if (op === 'move' || op === 'copy')
    return { op, path, from: readPath(entry['from'], `${at}/from`, faults, limits) };
  const { value } = entry;
  if (value === undefined) {
    faults.push(patchFault(`${at}/value`, 'syntax', `The operation "${op}" needs a "value".`));
    return undefined;
  }
  faults.push(...inspect(value, [index, 'value'], limits));
  return { op, path, value };
};

/** Checks the shape of a JSON Patch body and lists every fault of it. */
export const readOperations = (body: unknown, limits: PatchLimits): Result<Operation[], Fault[]> => {
  if (!Array.isArray(body))
    return err([patchFault('', 'syntax', 'The body of a JSON Patch must be an array of operations.')]);
  if (body.length > limits.maxOperations)
    return err([patchFault('', 'limit', `A patch has at most ${limits.maxOperations} operations.`)]);
  const faults: Fault[] = [];
  const operations = body.flatMap((entry, index) => readOperation(entry, index, limits, faults) ?? []);
  return faults.length > 0 ? err(faults) : ok(operations);
};
