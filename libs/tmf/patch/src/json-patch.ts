import {
  err,
  isJsonObject,
  ok,
  type Fault,
  type Json,
  type JsonObject,
  type Result,
} from '@quotebridge/platform/core';
import { jsonEqual } from './equal';
import { patchFault } from './faults';
import { countNodes, isDeeperThan } from './inspect';
import { defaultPatchLimits, type PatchLimits } from './limits';
import { readOperations, type Operation } from './operations';
import { formatPointer, parsePointer } from './pointer';
import { editAt, valueAt } from './tree';

/** A place an operation works on. `element` marks an array element that a condition has picked. */
export interface Place {
  readonly segments: readonly string[];
  readonly element?: boolean;
}

/** Finds the places a path means in the document as it is now; the fault's path is filled in by the caller. */
export type Locate = (document: Json, path: string, operation: Operation) => Result<Place[], Fault>;

const byPointer: Locate = (_, path) => {
  const segments = parsePointer(path);
  return segments === undefined
    ? err(
        patchFault(
          '',
          'syntax',
          `"${path.slice(0, 80)}" is not a JSON Pointer; write /attribute/0/attribute.`,
        ),
      )
    : ok([{ segments }]);
};

/** How one operation changes the document at one place. */
const editPlace = (document: Json, operation: Operation, place: Place, from?: Place): Result<Json, Fault> => {
  const leadsNowhere = (reason: string, member = 'path'): Result<Json, Fault> =>
    err(patchFault(`/${member}`, 'missing', `The path leads nowhere: ${reason}.`));
  const edit = (root: Json, type: 'add' | 'replace', value: Json): Result<Json, Fault> => {
    // A picked element is there already: what is added takes its place.
    const done = editAt(root, place.segments, { type: place.element === true ? 'replace' : type, value });
    return done.ok ? done : leadsNowhere(done.error);
  };
  switch (operation.op) {
    case 'add':
    case 'replace':
      return edit(document, operation.op, operation.value);
    case 'remove': {
      const done = editAt(document, place.segments, { type: 'remove' });
      return done.ok ? done : leadsNowhere(done.error);
    }
    case 'test': {
      const found = valueAt(document, place.segments);
      if (!found.ok) return leadsNowhere(found.error);
      if (jsonEqual(found.value, operation.value)) return ok(document);
      return err(
        patchFault(
          '/value',
          'test',
          `"${formatPointer(place.segments)}" has another value; nothing was changed.`,
        ),
      );
    }
    case 'copy':
    case 'move': {
      const source = from?.segments ?? [];
      const found = valueAt(document, source);
      if (!found.ok) return leadsNowhere(found.error, 'from');
      if (operation.op === 'copy') return edit(document, 'add', found.value);
      if (jsonEqual([...source], [...place.segments])) return ok(document);
      if (source.every((segment, index) => place.segments[index] === segment))
        return err(patchFault('/path', 'syntax', 'A value cannot be moved into itself.'));
      const without = editAt(document, source, { type: 'remove' });
      return without.ok ? edit(without.value, 'add', found.value) : leadsNowhere(without.error, 'from');
    }
  }
};

const nodesWritten = (document: Json, operation: Operation, from: Place | undefined): number => {
  if (operation.op === 'add' || operation.op === 'replace') return countNodes(operation.value);
  if (operation.op !== 'copy' || from === undefined) return 1;
  const found = valueAt(document, from.segments);
  return found.ok ? countNodes(found.value) : 1;
};

/** Runs the operations one after the other; the first that cannot be done ends it and nothing is kept. */
export const runOperations = (
  document: JsonObject,
  body: unknown,
  locate: Locate,
  limits: PatchLimits,
): Result<JsonObject, Fault[]> => {
  const operations = readOperations(body, limits);
  if (!operations.ok) return operations;
  let current: Json = document;
  let written = 0;
  for (const [index, operation] of operations.value.entries()) {
    const refuse = (fault: Fault): Result<JsonObject, Fault[]> =>
      err([{ ...fault, path: `/${index}${fault.path}` }]);
    const places = locate(current, operation.path, operation);
    if (!places.ok) return refuse({ ...places.error, path: '/path' });
    let from: Place | undefined;
    if (operation.op === 'move' || operation.op === 'copy') {
      const sources = locate(current, operation.from, operation);
      if (!sources.ok) return refuse({ ...sources.error, path: '/from' });
      if (sources.value.length !== 1 || (operation.op === 'move' && places.value.length !== 1))
        return refuse(
          patchFault('/from', 'ambiguous', 'This operation needs exactly one source and target.'),
        );
      from = sources.value[0];
    }
    written += nodesWritten(current, operation, from) * places.value.length;
    const tooDeep = places.value.some((place) => place.segments.length > limits.maxDepth);
    if (written > limits.maxNodes || tooDeep)
      return refuse(
        patchFault('', 'limit', 'The patch writes too much or too deep; send it in smaller parts.'),
      );
    // From the end, so that positions in front stay valid when elements are removed.
    for (const place of places.value.toReversed()) {
      const next = editPlace(current, operation, place, from);
      if (!next.ok) return refuse(next.error);
      current = next.value;
    }
  }
  if (!isJsonObject(current))
    return err([patchFault('', 'syntax', 'After the patch the resource is no JSON object.')]);
  const { maxResultDepth } = limits;
  // What is sent has its bound; copies of copies go deeper with each.
  const isRearranged = operations.value.some(({ op }) => op === 'copy' || op === 'move');
  if (isRearranged && isDeeperThan(current, maxResultDepth))
    return err([
      patchFault('', 'limit', `After the patch the resource nests over ${maxResultDepth} levels.`),
    ]);
  return ok(current);
};

/**
 * Applies a JSON Patch (RFC 6902) as a whole or not at all. The document is not changed. Faults name the operation:
 * `/2/path` leads nowhere, `/3/value` failed its test.
 */
export const applyJsonPatch = (
  document: JsonObject,
  body: unknown,
  limits: PatchLimits = defaultPatchLimits,
): Result<JsonObject, Fault[]> => runOperations(document, body, byPointer, limits);
