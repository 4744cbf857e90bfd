import type { Fault } from '@quotebridge/platform/core';
import { matches, type FilterNode } from '@quotebridge/tmf/query';
import type { ApiVersion } from '@quotebridge/tmf-specs';

/**
 * The types of the events that a version of an API sends, each with the resource that it tells of; with none where the
 * standard has a type that is never sent.
 */
export type EventTypes = (api: string, version: ApiVersion) => ReadonlyMap<string, string | undefined>;

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

/** Whether events of a type pass; undefined where that depends on what else they hold. */
const passes = (node: FilterNode, type: string): boolean | undefined => {
  switch (node.type) {
    case 'and':
    case 'or': {
      const decisive = node.type === 'or';
      const inner = node.nodes.map((one) => passes(one, type));
      if (inner.includes(decisive)) return decisive;
      return inner.includes(undefined) ? undefined : !decisive;
    }
    case 'not': {
      const inner = passes(node.node, type);
      return inner === undefined ? undefined : !inner;
    }
    default:
      return node.path === TYPE ? matches(node, { [TYPE]: type }) : undefined;
  }
};

/** The types of which a subscription may bring events. */
export const wantedTypes = (filter: FilterNode, known: readonly string[]): readonly string[] =>
  known.filter((type) => passes(filter, type) !== false);
