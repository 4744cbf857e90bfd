import { keyOf } from '@quotebridge/kubernetes/client';
import { consumerOf } from '@quotebridge/connectors/sdk';
import { asConnector, instanceOf, type Connector } from './connector';
import { isShared, type Platform } from './platform';
import type { World } from './world';

/** Another Connector that has what this one would take. */
export interface Rival {
  /** `namespace/name` of the Connector. */
  readonly owner: string;
  /** What it has, as the beginning of a sentence. */
  readonly what: string;
}

/** What is asked about Connectors and namespaces to find rivals. */
export interface RivalFinder {
  /** Names of the actions that a stored Connector performs. */
  actionsOf(connector: Connector): readonly string[];
  /** Undefined: nothing is known of the namespace, and nothing can run in it. */
  platformOf(namespace: string): Promise<Platform | undefined>;
}

// One that is not stored yet is the youngest of all.
const ageOrder = ({ metadata }: Connector): string =>
  `${metadata.creationTimestamp ?? 'z'} ${metadata.namespace ?? ''}/${metadata.name}`;

/** Whether two instances may have a name in common: equal ones, and `a` with an action `b-c` beside `a-b` with `c`. */
export const mayCollide = (one: string, other: string): boolean =>
  one === other || one.startsWith(`${other}-`) || other.startsWith(`${one}-`);

/** A Connector and what it would perform. */
export interface Claim {
  readonly connector: Connector;
  readonly actions: readonly string[];
}

const consumersOf = ({ connector, actions }: Claim): readonly string[] =>
  actions.map((action) => consumerOf(instanceOf(connector), action));

const bothClaim = (owner: Connector, claim: Claim, finder: RivalFinder): string | undefined => {
  const instance = instanceOf(claim.connector);
  if (instanceOf(owner) === instance) return `The instance name "${instance}"`;
  const theirs = new Set(consumersOf({ connector: owner, actions: finder.actionsOf(owner) }));
  const both = consumersOf(claim).find((name) => theirs.has(name));
  return both === undefined ? undefined : `The durable consumer "${both}"`;
};

const sharePlatform = async (one: Connector, other: Connector, finder: RivalFinder): Promise<boolean> => {
  const [a = '', b = ''] = [one.metadata.namespace, other.metadata.namespace];
  if (a === b) return true;
  const [first, second] = [await finder.platformOf(a), await finder.platformOf(b)];
  return first !== undefined && second !== undefined && isShared(first, second);
};

/**
 * The oldest Connector that has an instance name or a durable consumer that this one would take, in a broker or a
 * database that both use. Linear: called once for each change.
 */
export const rivalIn = async (
  { connectors }: Pick<World, 'connectors'>,
  claim: Claim,
  finder: RivalFinder,
): Promise<Rival | undefined> => {
  const { connector } = claim;
  const instance = instanceOf(connector);
  const age = ageOrder(connector);
  const older = [...connectors.values()]
    .map(asConnector)
    .filter((other) => mayCollide(instanceOf(other), instance) && ageOrder(other) < age)
    .sort((a, b) => (ageOrder(a) < ageOrder(b) ? -1 : 1));
  for (const other of older) {
    const what = bothClaim(other, claim, finder);
    if (what !== undefined && (await sharePlatform(other, connector, finder)))
      return { owner: keyOf(other), what };
  }
  return undefined;
};
