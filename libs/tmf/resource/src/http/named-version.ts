import { Refusal, versionOf } from '@quotebridge/platform/core';
import { parseId, type StoredResource } from '../stored';
import { findByPath } from './read';
import type { RouteContext } from './request';

/** More often a version does not change its place while it is looked for. */
const MAX_MOVES = 10;

/** Looks at the document that is about to be changed, and throws when it must not be. */
type Accept = (current: StoredResource) => void;

/** The version that was named is kept at another place by now. */
class Moved extends Error {}

const isGone = (thrown: unknown): boolean => thrown instanceof Refusal && thrown.status === 404;

/**
 * Changes or removes what a path names. A version, `42:(version=1.0)`, is kept as `42` while it is the latest and at a
 * place of its own otherwise: another one that has taken its place meanwhile is left alone, and it is looked for again.
 * `work` gets the stored id and the look that it has to take at what it changes.
 */
export const onNamed = async <T>(
  route: RouteContext,
  pathId: string,
  accept: Accept,
  work: (storedId: string, accept: Accept) => Promise<T>,
): Promise<T> => {
  const { version } = parseId(pathId);
  if (version === undefined || !route.definition.versioned) return work(pathId, accept);
  const acceptNamed: Accept = (current) => {
    if (versionOf(current) !== version) throw new Moved();
    accept(current);
  };
  for (let moves = 0; moves < MAX_MOVES; moves += 1) {
    const { _id } = await findByPath(route, pathId);
    try {
      return await work(_id, acceptNamed);
    } catch (thrown) {
      if (!(thrown instanceof Moved) && !isGone(thrown)) throw thrown;
    }
  }
  throw new Refusal(
    409,
    'concurrentChange',
    `The versions of ${parseId(pathId).id.slice(0, 200)} change too often at the moment; try again`,
  );
};
