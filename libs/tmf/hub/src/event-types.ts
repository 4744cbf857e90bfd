import type { Fault } from '@quotebridge/platform/core';
import { matches, type FilterNode } from '@quotebridge/tmf/query';
import type { ApiVersion } from '@quotebridge/tmf-specs';

/** Names of the events that a version of an API sends. */
export type EventTypes = (api: string, version: ApiVersion) => readonly string[];

const TYPE = 'eventType';

const fault = (message: string): Fault => ({
  path: `/query (${TYPE})`,
  message,
  code: 'unknownEventType',
});

/**
 * Faults of what a subscription asks of the type of events: a type that does not exist, an expression or a bound that
 * no type meets. Taken silently, such a subscription would wait for ever.
 */
export const unknownTypes = (filter: FilterNode, known: readonly string[]): Fault[] => {
  const there = `there are ${known.join(', ')}`;
  const visit = (node: FilterNode): Fault[] => {
    switch (node.type) {
      case 'and':
      case 'or':
        return node.nodes.flatMap(visit);
      case 'not':
        return visit(node.node);
      case 'in':
        if (node.path !== TYPE) return [];
        return node.values
          .filter((value) => !known.some((type) => type === value))
          .map((value) => fault(`${JSON.stringify(value)} is no type of event here; ${there}`));
      case 'regex':
      case 'compare':
        if (node.path !== TYPE || known.some((type) => matches(node, { [TYPE]: type }))) return [];
        return [fault(`no type of event meets this condition; ${there}`)];
      default:
        return [];
    }
  };
  return visit(filter);
};
