import { messageOf, type Clock, type Fault, type JsonObject } from '@quotebridge/platform/core';
import { OutboundPolicy, RateBudget } from '@quotebridge/platform/resilience';
import type { Connector, ConnectorDefinition } from './definition';
import type { StreamOptions } from './instance-options';
import { MappingOverride, WrongMapping } from './mapping-override';
import type { Notes } from './ports';
import { readSchedule } from './schedule';

/** What a connector with its settings reads and does, by name. */
export interface Offer {
  readonly streams: readonly string[];
  readonly actions: readonly string[];
}

/** How an instance is to run; what is checked of it by {@link optionFaults}. */
export interface RunOptions {
  readonly streams: readonly StreamOptions[];
  readonly actions: readonly { readonly name: string }[];
}

const NO_NOTES: Notes = {
  get: async () => undefined,
  put: async () => undefined,
  pages: async function* () {},
  clear: async () => undefined,
};

/** The names of what an open connector has. */
export const namesIn = ({ streams, actions }: Pick<Connector, 'streams' | 'actions'>): Offer => ({
  streams: streams.map(({ name }) => name),
  actions: actions.map(({ name }) => name),
});

/**
 * What a connector would read and do with settings that fit its schema. It is opened without secrets and closed again;
 * nobody is called.
 */
export const offerOf = (definition: ConnectorDefinition, settings: JsonObject, clock: Clock): Offer => {
  const connector = definition.open({
    instance: 'offer',
    settings,
    secrets: {},
    policy: new OutboundPolicy(),
    clock,
    budget: (limits) => new RateBudget(limits, clock),
    notes: NO_NOTES,
    concerns: { tell: async () => undefined },
    alone: async () => undefined,
    externalIdOf: async () => undefined,
  });
  const names = namesIn(connector);
  void connector.close().catch(() => undefined);
  return names;
};

const unknownIn = (
  kind: 'stream' | 'action',
  wanted: readonly { readonly name: string }[],
  known: readonly string[],
): readonly Fault[] =>
  wanted
    .filter(({ name }) => !known.includes(name))
    .map(({ name }) => ({
      path: `/${kind}s/${name}`,
      message: `is no ${kind} of this connector; it has ${known.join(', ') || 'none'}`,
      code: 'unknown',
    }));

/** Streams and actions that are named and not there. Paths are `/streams/<name>` and `/actions/<name>`. */
export const nameFaults = ({ streams, actions }: RunOptions, offer: Offer): readonly Fault[] => [
  ...unknownIn('stream', streams, offer.streams),
  ...unknownIn('action', actions, offer.actions),
];

/** True for the name of a time zone (IANA). */
export const isTimeZone = (name: string): boolean => {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
};

const timeFaults = ({ name, schedule, timeZone = 'UTC' }: StreamOptions): readonly Fault[] => {
  if (!isTimeZone(timeZone)) {
    const message = `is "${timeZone}", which is no time zone; use an IANA name such as Europe/Berlin`;
    return [{ path: `/streams/${name}/timeZone`, message, code: 'timeZone' }];
  }
  if (schedule === undefined) return [];
  try {
    readSchedule(schedule, timeZone);
    return [];
  } catch (thrown) {
    const message = `cannot be used: ${messageOf(thrown)}`;
    return [{ path: `/streams/${name}/schedule`, message, code: 'schedule' }];
  }
};

const mappingFaults = ({ name, mapping }: StreamOptions): readonly Fault[] => {
  if (mapping === undefined) return [];
  try {
    new MappingOverride(mapping);
    return [];
  } catch (thrown) {
    if (!(thrown instanceof WrongMapping)) throw thrown;
    return thrown.lines.map((line) => ({
      path: `/streams/${name}/mapping`,
      message: `cannot be used: ${line}`,
      code: 'mapping',
    }));
  }
};

/**
 * What is wrong with how an instance is to run, as far as that is known without trying it: schedules, time zones,
 * expressions of mappings, and, when the settings are good enough to tell, names. Nothing is evaluated.
 */
export const optionFaults = (options: RunOptions, offer: Offer | undefined): readonly Fault[] => [
  ...(offer === undefined ? [] : nameFaults(options, offer)),
  ...options.streams.flatMap((stream) => [...timeFaults(stream), ...mappingFaults(stream)]),
];
