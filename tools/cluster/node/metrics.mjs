const NAME = 'metrics-server';
const NAMESPACE = 'kube-system';
const PORT = 10250;
const RBAC = 'rbac.authorization.k8s.io';
const labels = { 'k8s-app': NAME };
const metadata = (name) => ({ name, labels });
const ofNamespace = (name) => ({ ...metadata(name), namespace: NAMESPACE });
const role = (kind, name) => ({ apiGroup: RBAC, kind, name });

const rights = () => ({
  apiVersion: `${RBAC}/v1`,
  kind: 'ClusterRole',
  metadata: metadata(`system:${NAME}`),
  rules: [
    { apiGroups: [''], resources: ['nodes/metrics'], verbs: ['get'] },
    { apiGroups: [''], resources: ['pods', 'nodes'], verbs: ['get', 'list', 'watch'] },
  ],
});

const binding = (kind, at, roleRef) => ({
  apiVersion: `${RBAC}/v1`,
  kind,
  metadata: at,
  roleRef,
  subjects: [{ kind: 'ServiceAccount', name: NAME, namespace: NAMESPACE }],
});

const container = (image) => ({
  name: NAME,
  image,
  imagePullPolicy: 'IfNotPresent',
  ports: [{ name: 'https', containerPort: PORT, protocol: 'TCP' }],
  readinessProbe: { httpGet: { path: '/readyz', port: 'https', scheme: 'HTTPS' }, periodSeconds: 2 },
  livenessProbe: { httpGet: { path: '/livez', port: 'https', scheme: 'HTTPS' }, failureThreshold: 6 },
  volumeMounts: [{ name: 'tmp', mountPath: '/tmp' }],
  securityContext: {
    allowPrivilegeEscalation: false,
    capabilities: { drop: ['ALL'] },
    readOnlyRootFilesystem: true,
  },
});

const deployment = (image) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: ofNamespace(NAME),
  spec: {
    replicas: 1,
    selector: { matchLabels: labels },
    template: {
      metadata: { labels },
      spec: {
        serviceAccountName: NAME,
        priorityClassName: 'system-cluster-critical',
        securityContext: { runAsNonRoot: true, runAsUser: 10001, fsGroup: 10001 },
        containers: [container(image)],
        volumes: [{ name: 'tmp', emptyDir: {} }],
      },
    },
  },
});

/**
 * The objects of what `kubectl top` and autoscalers ask for the use of CPU and memory, as `[path of the API, object]`, in
 * the order in which they are made.
 */
export const metricsObjects = (image) => {
  const rbac = `/apis/${RBAC}/v1`;
  const core = `/api/v1/namespaces/${NAMESPACE}`;
  return [
    [`${core}/serviceaccounts`, { apiVersion: 'v1', kind: 'ServiceAccount', metadata: ofNamespace(NAME) }],
    [`${rbac}/clusterroles`, rights()],
    [
      `${rbac}/clusterrolebindings`,
      binding('ClusterRoleBinding', metadata(`system:${NAME}`), role('ClusterRole', `system:${NAME}`)),
    ],
    [
      `${rbac}/clusterrolebindings`,
      binding(
        'ClusterRoleBinding',
        metadata(`${NAME}:system:auth-delegator`),
        role('ClusterRole', 'system:auth-delegator'),
      ),
    ],
    [
      `${rbac}/namespaces/${NAMESPACE}/rolebindings`,
      binding(
        'RoleBinding',
        ofNamespace(`${NAME}-auth-reader`),
        role('Role', 'extension-apiserver-authentication-reader'),
      ),
    ],
    [`/apis/apps/v1/namespaces/${NAMESPACE}/deployments`, deployment(image)],
    [
      `${core}/services`,
      {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: ofNamespace(NAME),
        spec: { selector: labels, ports: [{ name: 'https', port: 443, targetPort: 'https' }] },
      },
    ],
    [
      '/apis/apiregistration.k8s.io/v1/apiservices',
      {
        apiVersion: 'apiregistration.k8s.io/v1',
        kind: 'APIService',
        metadata: metadata('v1beta1.metrics.k8s.io'),
        spec: {
          group: 'metrics.k8s.io',
          version: 'v1beta1',
          groupPriorityMinimum: 100,
          versionPriority: 100,
          insecureSkipTLSVerify: true,
          service: { name: NAME, namespace: NAMESPACE },
        },
      },
    ],
  ];
};
