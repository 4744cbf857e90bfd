import type { JsonObject } from '@quotebridge/platform/core';

/** Points from a child to what it belongs to; the garbage collector takes the child along. */
export interface OwnerReference {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
  readonly controller?: boolean;
  readonly blockOwnerDeletion?: boolean;
}

/** The metadata of an object that this code reads; everything else is kept as it came. */
export interface ObjectMeta {
  readonly name: string;
  readonly namespace?: string;
  readonly uid?: string;
  readonly resourceVersion?: string;
  readonly generation?: number;
  readonly creationTimestamp?: string;
  readonly deletionTimestamp?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly finalizers?: readonly string[];
  readonly ownerReferences?: readonly OwnerReference[];
}

/** An object as the API server gives it. */
export interface KubeObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: ObjectMeta;
  readonly spec?: JsonObject;
  readonly status?: JsonObject;
}

/** A kind of object and where the API server keeps it. */
export interface ResourceType {
  /** Empty for the core group. */
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly plural: string;
}

/** `apps/v1`, or `v1` for the core group. */
export const apiVersionOf = ({ group, version }: ResourceType): string =>
  group === '' ? version : `${group}/${version}`;

/** Path of a collection (without a name) or an object; without a namespace it spans all of them. */
export const pathOf = (type: ResourceType, namespace?: string, name?: string): string =>
  [
    type.group === '' ? `/api/${type.version}` : `/apis/${type.group}/${type.version}`,
    ...(namespace === undefined ? [] : [`namespaces/${encodeURIComponent(namespace)}`]),
    type.plural,
    ...(name === undefined ? [] : [encodeURIComponent(name)]),
  ].join('/');

/** The key of an object in queues and caches: `namespace/name`. */
export const keyOf = ({ metadata: { namespace = '', name } }: Pick<KubeObject, 'metadata'>): string =>
  `${namespace}/${name}`;

/** Takes a key apart. */
export const fromKey = (key: string): { readonly namespace: string; readonly name: string } => {
  const slash = key.indexOf('/');
  return { namespace: key.slice(0, slash), name: key.slice(slash + 1) };
};
