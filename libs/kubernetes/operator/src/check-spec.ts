import type { Clock, Fault } from '@quotebridge/platform/core';
import { checkSettings, offerOf, optionFaults, type ConnectorDefinition } from '@quotebridge/connectors/sdk';
import { memberOf, settingsOf, type Connector } from './connector';

/** What the spec alone tells: faults, the secrets that the connector will need, and the actions it will perform. */
export interface CheckedSpec {
  readonly faults: readonly Fault[];
  readonly neededSecrets: readonly string[];
  readonly actions: readonly string[];
}

const pathInSpec = (path: string, member: string): string => {
  const [, root = '', ...rest] = path.split('/');
  if (root === 'settings') return ['spec', member, ...rest].join('.');
  const [name = '', ...below] = rest;
  return [`spec.${root}[${name}]`, ...below].join('.');
};

/**
 * Checks what the CRD could not: the connector's whole settings schema, schedules, time zones, expressions of mappings,
 * and the names of streams and actions. Paths are those of the spec. Compiling a schema takes milliseconds: callers
 * keep the result for as long as the generation is the same.
 */
export const checkSpec = (
  connector: Pick<Connector, 'spec'>,
  definitions: ReadonlyMap<string, ConnectorDefinition>,
  clock: Clock,
): CheckedSpec => {
  const { type, streams = [], actions = [] } = connector.spec;
  const definition = definitions.get(type);
  if (definition === undefined) {
    const known = [...definitions.keys()].join(', ');
    const message = `is "${type}", which this operator does not know; it knows ${known}`;
    return { faults: [{ path: 'spec.type', message, code: 'enum' }], neededSecrets: [], actions: [] };
  }
  const { settings, faults } = checkSettings(definition, settingsOf(connector), {});
  const own = faults.filter(({ path }) => path.startsWith('/settings'));
  const isGood = own.length === 0;
  const offer = isGood ? offerOf(definition, settings, clock) : undefined;
  const all = [...own, ...optionFaults({ streams, actions }, offer)];
  return {
    faults: all.map((fault) => ({ ...fault, path: pathInSpec(fault.path, memberOf(type)) })),
    neededSecrets: isGood ? definition.requiredSecrets(settings) : [],
    actions: offer?.actions ?? [],
  };
};
