import type { Sight } from '@quotebridge/tmf/hub';
import type { GuardedItems, ResourceDefinition } from '@quotebridge/tmf/resource';

/** The resources whose readers see everything in the events of an API: its own, and those that guard parts of them. */
export const showingResources =
  (resources: readonly ResourceDefinition[]) =>
  (api: string): readonly string[] => {
    const own = resources.filter((definition) => definition.api === api);
    const guarding = own.flatMap(({ guardedItems }) => guardedItems?.resource ?? []);
    return [...new Set([...own.map(({ name }) => name), ...guarding])];
  };

/**
 * Is the subscriber sent events of the resource? One of whom no resource of his API is remembered subscribed before it
 * was, when all got everything, and still does: who may read nothing is not taken.
 */
export const isHeard = (
  { api, reads = [] }: Sight,
  resource: string | undefined,
  resources: readonly ResourceDefinition[],
): boolean =>
  (resource !== undefined && reads.includes(resource)) ||
  !resources.some((one) => one.api === api && reads.includes(one.name));

/** The guarded parts that a subscriber is not sent: those that he could not read when he subscribed. */
export const hiddenPartsFrom = (
  { reads = [] }: Sight,
  { guardedItems }: ResourceDefinition,
): GuardedItems | undefined =>
  guardedItems === undefined || reads.includes(guardedItems.resource) ? undefined : guardedItems;
