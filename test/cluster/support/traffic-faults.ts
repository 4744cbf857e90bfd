import { isJsonObject } from '@quotebridge/platform/core';

/** Resources that the clients of the tests change. */
export type Changed = 'category' | 'quote' | 'productOrder';

/** A change that a component has acknowledged. */
export interface Acknowledged {
  readonly of: Changed;
  readonly id: string;
  readonly kind: 'create' | 'patch';
  /** Number of the change within its resource: with it the description ends while it is the last one. */
  readonly step: number;
}

type Content = Readonly<Record<string, unknown>>;

const stepOf = (content: Content | undefined): number =>
  Number(/ (\d+)$/.exec(String(content?.['description']))?.[1]);

/** The states of each resource of that kind in the order of the events, each event once. */
const statesOf = (of: Changed, envelopes: readonly Content[]): ReadonlyMap<string, readonly Content[]> => {
  const seen = new Set<string>();
  const states = new Map<string, Content[]>();
  for (const { eventId, event } of envelopes) {
    const resource = isJsonObject(event) ? event[of] : undefined;
    if (!isJsonObject(resource) || seen.has(String(eventId))) continue;
    seen.add(String(eventId));
    const id = String(resource['id']);
    states.set(id, [...(states.get(id) ?? []), resource]);
  }
  return states;
};

/**
 * What is wrong between the documents that clients have made of a kind, the events in the stream and what the clients were told;
 * empty when each is stored that was acknowledged and no other, as it was changed last, and each change was told of in its order.
 */
export const trafficFaults = (
  of: Changed,
  documents: readonly Content[],
  envelopes: readonly Content[],
  acknowledged: readonly Acknowledged[],
): readonly string[] => {
  const faults: string[] = [];
  const own = acknowledged.filter((one) => one.of === of);
  const stored = new Map(documents.map((document) => [String(document['_id']), document]));
  const states = statesOf(of, envelopes);
  const last = new Map<string, number>();
  for (const { id, kind, step } of own) {
    last.set(id, Math.max(step, last.get(id) ?? 0));
    if (!(states.get(id) ?? []).some((state) => stepOf(state) === step))
      faults.push(`${of} ${id}: ${kind} ${step} was acknowledged and no event tells of it`);
  }
  for (const [id, step] of last) {
    const found = stored.get(id);
    if (found === undefined) faults.push(`${of} ${id}: was acknowledged and is not stored`);
    else if (stepOf(found) !== step)
      faults.push(`${of} ${id}: change ${step} was acknowledged last, change ${stepOf(found)} is stored`);
    const steps = (states.get(id) ?? []).map(stepOf);
    if (steps.some((one, n) => n > 0 && one < (steps[n - 1] ?? 0)))
      faults.push(`${of} ${id}: events in the order ${steps.join()}`);
  }
  for (const id of stored.keys())
    if (!last.has(id)) faults.push(`${of} ${id}: is stored, and nobody was told`);
  return faults;
};
