import { keyOf, type KubeObject, type Mirror } from '@quotebridge/kubernetes/client';
import { CHILD_KINDS, childName, type ChildKind } from './children/common';
import type { Connector } from './connector';

/** Copies of everything the operator looks at. */
export interface World {
  readonly connectors: Mirror;
  readonly children: ReadonlyMap<ChildKind, Mirror>;
  readonly secrets: Mirror;
}

const isOwnedBy = (object: KubeObject, uid: string | undefined): boolean =>
  object.metadata.ownerReferences?.some((owner) => owner.uid === uid) === true;

/** The children of a Connector that are there. One with its name that belongs to nobody or another is none. */
export const childrenIn = ({ children }: World, connector: Connector): ReadonlyMap<ChildKind, KubeObject> => {
  const { namespace = '', uid } = connector.metadata;
  const key = keyOf({ metadata: { namespace, name: childName(connector) } });
  return new Map(
    CHILD_KINDS.flatMap((kind) => {
      const found = children.get(kind)?.get(key);
      return found !== undefined && isOwnedBy(found, uid) ? [[kind, found] as const] : [];
    }),
  );
};
