import { messageOf, type Fault } from '@quotebridge/platform/core';
import { checkSettings, readSchedule, type ConnectorDefinition } from '@quotebridge/connectors/sdk';
import { memberOf, settingsOf, type Connector } from './connector';

/** What the spec alone tells: faults, and the secrets that the connector will need. */
export interface CheckedSpec {
  readonly faults: readonly Fault[];
  readonly neededSecrets: readonly string[];
}

const scheduleFaults = ({ spec }: Connector): Fault[] =>
  (spec.streams ?? []).flatMap(({ name, schedule, timeZone = 'UTC' }) => {
    if (schedule === undefined) return [];
    try {
      readSchedule(schedule, timeZone);
      return [];
    } catch (thrown) {
      return [
        {
          path: `spec.streams[${name}].schedule`,
          message: `cannot be used: ${messageOf(thrown)}`,
          code: 'schedule',
        },
      ];
    }
  });

/**
 * Checks what the CRD could not: the connector's whole settings schema, and schedules. Paths are those of the spec.
 * Compiling a schema takes milliseconds: callers keep the result for as long as the generation is the same.
 */
export const checkSpec = (
  connector: Connector,
  definitions: ReadonlyMap<string, ConnectorDefinition>,
): CheckedSpec => {
  const { type } = connector.spec;
  const definition = definitions.get(type);
  if (definition === undefined) {
    const known = [...definitions.keys()].join(', ');
    const message = `is "${type}", which this operator does not know; it knows ${known}`;
    return { faults: [{ path: 'spec.type', message, code: 'enum' }], neededSecrets: [] };
  }
  const { settings, faults } = checkSettings(definition, settingsOf(connector), {});
  const own = faults
    .filter(({ path }) => path.startsWith('/settings'))
    .map((fault) => ({
      ...fault,
      path: fault.path.replace('/settings', `spec.${memberOf(type)}`).replaceAll('/', '.'),
    }));
  return {
    faults: [...own, ...scheduleFaults(connector)],
    neededSecrets: own.length === 0 ? definition.requiredSecrets(settings) : [],
  };
};
