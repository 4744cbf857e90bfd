import type { Fault } from '@quotebridge/platform/core';
import type { OutboundPolicy } from '@quotebridge/platform/resilience';
import { insufficientScope } from '@quotebridge/platform/security';
import { objectBody, refuseFaults } from '@quotebridge/tmf/resource';
import type { FastifyRequest } from 'fastify';
import { unknownTypes, wantedTypes, type EventTypes } from './event-types';
import { wantedBy, type EnvelopePaths, type Sight } from './subscription';

const MAX_CALLBACK = 2_000;

/** What decides which subscriptions are taken. */
export interface WantedOptions {
  readonly policy: OutboundPolicy;
  readonly paths: EnvelopePaths;
  readonly eventTypes: EventTypes;
  /** Resources that one must be able to read to be sent all of an API's events whole. */
  readonly shownBy: (api: string) => readonly string[];
}

const fault = (path: string, message: string, code: string): Fault => ({ path, message, code });

/**
 * Refuses with 403 a subscription that would bring nothing since its owner may read no resource of the API, or none of
 * those whose events it asks for. What else is wrong with the query is looked at later.
 */
const refuseUnheard = (query: unknown, sight: Sight, options: WantedOptions): void => {
  const { api, version, reads = [] } = sight;
  const types = options.eventTypes(api, version);
  const all = [...types.keys()];
  const asked = typeof query === 'string' ? query : '';
  const parsed = wantedBy({ ...sight, reads: options.shownBy(api), query: asked }, options.paths);
  const wanted = parsed.ok ? wantedTypes(parsed.value.filter, all) : all;
  for (const some of [all, wanted]) {
    const needed = [...new Set(some.flatMap((type) => types.get(type) ?? []))].sort();
    if (needed.length > 0 && !needed.some((resource) => reads.includes(resource)))
      throw insufficientScope(needed, 'read');
  }
};

/** What a client subscribes to; every fault of it is listed. */
export const wantedOf = async (
  request: FastifyRequest,
  sight: Sight,
  options: WantedOptions,
): Promise<{ callback: string; query: string }> => {
  const { policy, paths, eventTypes } = options;
  const { callback, query = '' } = objectBody(request);
  refuseUnheard(query, sight, options);
  const faults: Fault[] = [];
  if (typeof callback !== 'string' || callback.length > MAX_CALLBACK)
    faults.push(fault('/callback', `must be an address of at most ${MAX_CALLBACK} characters`, 'required'));
  else {
    const target = await policy.check(callback);
    if (!target.ok) faults.push(fault('/callback', target.error, 'outboundPolicy'));
  }
  if (typeof query !== 'string') faults.push(fault('/query', 'must be a text', 'type'));
  else {
    const parsed = wantedBy({ ...sight, query }, paths);
    const known = [...eventTypes(sight.api, sight.version).keys()];
    if (parsed.ok) faults.push(...unknownTypes(parsed.value.filter, known));
    else faults.push(...parsed.error.map((one) => ({ ...one, path: `/query (${one.path})` })));
  }
  refuseFaults(faults);
  return { callback: callback as string, query: query as string };
};
