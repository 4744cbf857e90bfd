import { GROUP } from './connector';

/** A rule of a Role or ClusterRole. */
export interface PolicyRule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
}

const rule = (group: string, resources: readonly string[], verbs: string): PolicyRule => ({
  apiGroups: [group],
  resources,
  verbs: verbs.split(' '),
});

/**
 * What the operator may do with Connectors and their children, in all namespaces or in the one it looks after. A test
 * compares it with what an API server was asked: each verb is used, and no other.
 */
export const operatorRules: readonly PolicyRule[] = [
  rule(GROUP, ['connectors'], 'get list watch patch'),
  rule(GROUP, ['connectors/status'], 'patch'),
  // Owner references that hold up the deletion of the owner need this where that is enforced.
  rule(GROUP, ['connectors/finalizers'], 'update'),
  rule('', ['secrets'], 'get list watch'),
  rule('', ['serviceaccounts', 'configmaps', 'services'], 'list watch create patch'),
  rule('apps', ['deployments'], 'list watch create patch'),
  rule('networking.k8s.io', ['networkpolicies'], 'list watch create patch'),
  rule('policy', ['poddisruptionbudgets'], 'list watch create patch delete'),
  rule('oda.tmforum.org', ['exposedapis'], 'list watch create patch delete'),
  rule('', ['pods'], 'list'),
  rule('events.k8s.io', ['events'], 'create'),
];

/** What it may do in its own namespace: stand for election. */
export const leaseRules: readonly PolicyRule[] = [
  rule('coordination.k8s.io', ['leases'], 'get create update'),
];
