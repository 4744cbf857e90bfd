import type { JsonObject } from '@quotebridge/platform/core';
import { apiVersionOf, type KubeObject, type ResourceType } from '@quotebridge/kubernetes/client';
import { CONNECTORS, GROUP, type Connector } from '../connector';

const type = (group: string, version: string, kind: string, plural: string): ResourceType => ({
  group,
  version,
  kind,
  plural,
});

/** Kinds of objects that belong to a Connector. */
export const KINDS = {
  serviceAccount: type('', 'v1', 'ServiceAccount', 'serviceaccounts'),
  configMap: type('', 'v1', 'ConfigMap', 'configmaps'),
  service: type('', 'v1', 'Service', 'services'),
  networkPolicy: type('networking.k8s.io', 'v1', 'NetworkPolicy', 'networkpolicies'),
  budget: type('policy', 'v1', 'PodDisruptionBudget', 'poddisruptionbudgets'),
  exposedApi: type('oda.tmforum.org', 'v1', 'ExposedAPI', 'exposedapis'),
  deployment: type('apps', 'v1', 'Deployment', 'deployments'),
} as const;

export type ChildKind = keyof typeof KINDS;

/** In the order in which they are made: what a Deployment refers to is there before it. */
export const CHILD_KINDS = Object.keys(KINDS) as readonly ChildKind[];

/** Secrets: never made, only read. */
export const SECRETS = type('', 'v1', 'Secret', 'secrets');

/** Label that marks what this operator makes; caches read nothing else. */
export const MANAGED_BY = { 'app.kubernetes.io/managed-by': 'quotebridge-operator' } as const;

/** Fingerprint of what was applied: finds out that something was taken out of it since. */
export const APPLIED = `${GROUP}/applied`;

/** Name of everything that belongs to a Connector. */
export const childName = (connector: Pick<Connector, 'metadata'>): string =>
  `${connector.metadata.name}-connector`;

/** Labels that never change: selectors are made of them. */
export const selectorOf = ({ metadata }: Connector): Record<string, string> => ({
  'app.kubernetes.io/name': 'quotebridge-connector',
  'app.kubernetes.io/instance': metadata.name,
});

/** A child without its body. */
export const childOf = (
  connector: Connector,
  kind: ChildKind,
  body: JsonObject,
  extraLabels: Readonly<Record<string, string>> = {},
): KubeObject => ({
  apiVersion: apiVersionOf(KINDS[kind]),
  kind: KINDS[kind].kind,
  metadata: {
    name: childName(connector),
    namespace: connector.metadata.namespace ?? '',
    labels: {
      ...selectorOf(connector),
      ...MANAGED_BY,
      'app.kubernetes.io/part-of': 'quotebridge',
      'app.kubernetes.io/component': connector.spec.type,
      ...extraLabels,
    },
    ownerReferences: [
      {
        apiVersion: apiVersionOf(CONNECTORS),
        kind: CONNECTORS.kind,
        name: connector.metadata.name,
        uid: connector.metadata.uid ?? '',
        controller: true,
        blockOwnerDeletion: true,
      },
    ],
  },
  ...body,
});
