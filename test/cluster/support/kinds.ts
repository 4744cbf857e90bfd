import type { KubeObject, ResourceType } from '@quotebridge/kubernetes/client';

const IRREGULAR: Readonly<Record<string, string>> = {
  NetworkPolicy: 'networkpolicies',
  Ingress: 'ingresses',
};

/** How the API calls the kind of an object. */
export const typeOf = ({ apiVersion, kind }: Pick<KubeObject, 'apiVersion' | 'kind'>): ResourceType => {
  const [version = '', group = ''] = apiVersion.split('/').reverse();
  return { group, version, kind, plural: IRREGULAR[kind] ?? `${kind.toLowerCase()}s` };
};

/** Kinds that a release of our charts may make. */
export const RELEASED: readonly ResourceType[] = [
  ...['ConfigMap', 'Pod', 'Secret', 'Service', 'ServiceAccount'].map((kind) => ['v1', kind] as const),
  ...['Deployment', 'StatefulSet'].map((kind) => ['apps/v1', kind] as const),
  ['batch/v1', 'Job'] as const,
  ['autoscaling/v2', 'HorizontalPodAutoscaler'] as const,
  ['policy/v1', 'PodDisruptionBudget'] as const,
  ...['Ingress', 'NetworkPolicy'].map((kind) => ['networking.k8s.io/v1', kind] as const),
  ...['Role', 'RoleBinding', 'ClusterRole', 'ClusterRoleBinding'].map(
    (kind) => ['rbac.authorization.k8s.io/v1', kind] as const,
  ),
  ['admissionregistration.k8s.io/v1', 'ValidatingWebhookConfiguration'] as const,
  ['oda.tmforum.org/v1', 'Component'] as const,
].map(([apiVersion, kind]) => typeOf({ apiVersion, kind }));
