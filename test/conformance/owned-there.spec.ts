import { checkSettings, isRejection, type ConnectorContext, type Stream } from '@quotebridge/connectors/sdk';
import { isJsonObject, systemClock, type Json, type JsonObject } from '@quotebridge/platform/core';
import { OutboundPolicy } from '@quotebridge/platform/resilience';
import { connectorDefinitions } from '@quotebridge/connectors/all';

/** Settings under which each connector reads everything it can. */
const SETTINGS: Readonly<Record<string, JsonObject>> = {
  s4hana: {
    baseUrl: 'https://erp.example',
    auth: { kind: 'basic', user: 'U' },
    salesOrganization: '1710',
    distributionChannel: '10',
    plant: '1710',
    purchasingOrganization: '1710',
    contractTypes: ['WV'],
  },
  salesforce: { instanceUrl: 'https://crm.example', clientId: 'C', offeringSource: 's4hana' },
};
/** The outside systems give them to every record. */
const ALWAYS_THERE = new Set(['lastUpdate', 'creationDate']);

const streamsOf = (id: string): readonly Stream[] => {
  const definition = connectorDefinitions.find((one) => one.id === id);
  if (definition === undefined) throw new Error(`there is no ${id}`);
  const { settings, faults } = checkSettings(definition, SETTINGS[id] ?? {}, {});
  expect(faults.filter(({ path }) => !path.startsWith('/secrets'))).toEqual([]);
  const context: ConnectorContext = {
    instance: 'test',
    settings,
    secrets: {},
    policy: new OutboundPolicy({ allow: [] }),
    clock: systemClock,
    budget: () => ({
      take: () => {
        throw new Error('nothing is called');
      },
      observe: () => undefined,
    }),
    notes: {
      get: async () => undefined,
      put: async () => undefined,
      pages: async function* () {},
      clear: async () => undefined,
    },
    concerns: { tell: async () => undefined },
    alone: async () => undefined,
    externalIdOf: async () => undefined,
  };
  return definition.open(context).streams;
};

/** The value without one of its fields, for each of them, at any depth. */
const reduced = (value: Json): Json[] => {
  if (Array.isArray(value))
    return [[], ...value.flatMap((entry, at) => reduced(entry).map((less) => value.with(at, less)))];
  if (!isJsonObject(value)) return [];
  return Object.entries(value).flatMap(([name, inner]): Json[] => {
    const { [name]: _gone, ...rest } = value;
    return [rest, ...reduced(inner ?? null).map((less) => ({ ...value, [name]: less }))];
  });
};

const attributesOf = (stream: Stream, record: JsonObject): ReadonlySet<string> | undefined => {
  const mapped = stream.map(record);
  if (isRejection(mapped) || mapped.length === 0 || mapped.some(({ op }) => op !== 'upsert'))
    return undefined;
  return new Set(mapped.flatMap(({ resource }) => Object.keys(resource)));
};

const vanishing = (stream: Stream): string[] => {
  const found = new Set<string>();
  for (const sample of stream.samples ?? []) {
    const whole = attributesOf(stream, sample) ?? new Set<string>();
    for (const less of reduced(sample)) {
      const left = isJsonObject(less) ? attributesOf(stream, less) : undefined;
      if (left === undefined) continue;
      for (const name of whole) if (!left.has(name) && !ALWAYS_THERE.has(name)) found.add(name);
    }
  }
  return [...found].sort();
};

describe.each(Object.keys(SETTINGS))('the streams of %s', (id) => {
  const streams = streamsOf(id);

  it.each(streams.map((stream) => [stream.name, stream] as const))(
    '%s rules what vanishes with a field of its record',
    (_name, stream) => {
      const { ownedThere = [] } = stream;
      expect(vanishing(stream).filter((name) => !ownedThere.includes(name))).toEqual([]);
    },
  );
});
