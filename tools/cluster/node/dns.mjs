import { DNS } from './addresses.mjs';

const NAMESPACE = 'kube-system';
const labels = { 'k8s-app': 'kube-dns' };
const metadata = (name) => ({ name, namespace: NAMESPACE, labels });

const COREFILE = `.:53 {
    errors
    health :8080 {
        lameduck 0s
    }
    ready :8181
    kubernetes ${DNS.domain} in-addr.arpa ip6.arpa {
        pods insecure
        fallthrough in-addr.arpa ip6.arpa
        ttl 5
    }
    cache 5 {
        denial 100 1
    }
    loadbalance
}
`;

const container = (image) => ({
  name: 'coredns',
  image,
  imagePullPolicy: 'IfNotPresent',
  args: ['-conf', '/etc/coredns/Corefile'],
  ports: [
    { name: 'dns', containerPort: 53, protocol: 'UDP' },
    { name: 'dns-tcp', containerPort: 53, protocol: 'TCP' },
  ],
  volumeMounts: [{ name: 'config', mountPath: '/etc/coredns', readOnly: true }],
  readinessProbe: { httpGet: { path: '/ready', port: 8181 }, periodSeconds: 1 },
  livenessProbe: { httpGet: { path: '/health', port: 8080 } },
  securityContext: {
    allowPrivilegeEscalation: false,
    capabilities: { add: ['NET_BIND_SERVICE'], drop: ['ALL'] },
    readOnlyRootFilesystem: true,
  },
});

/** The objects of the name service, as `[path of the API, object]`, in the order in which they are made. */
export const dnsObjects = (image) => {
  const rbac = '/apis/rbac.authorization.k8s.io/v1';
  const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'system:coredns' };
  const read = (apiGroups, resources) => ({ apiGroups, resources, verbs: ['list', 'watch'] });
  return [
    [
      `/api/v1/namespaces/${NAMESPACE}/serviceaccounts`,
      { apiVersion: 'v1', kind: 'ServiceAccount', metadata: metadata('coredns') },
    ],
    [
      `${rbac}/clusterroles`,
      {
        apiVersion: 'rbac.authorization.k8s.io/v1',
        kind: 'ClusterRole',
        metadata: { name: roleRef.name },
        rules: [
          read([''], ['services', 'pods', 'namespaces']),
          read(['discovery.k8s.io'], ['endpointslices']),
        ],
      },
    ],
    [
      `${rbac}/clusterrolebindings`,
      {
        apiVersion: 'rbac.authorization.k8s.io/v1',
        kind: 'ClusterRoleBinding',
        metadata: { name: roleRef.name },
        roleRef,
        subjects: [{ kind: 'ServiceAccount', name: 'coredns', namespace: NAMESPACE }],
      },
    ],
    [
      `/api/v1/namespaces/${NAMESPACE}/configmaps`,
      { apiVersion: 'v1', kind: 'ConfigMap', metadata: metadata('coredns'), data: { Corefile: COREFILE } },
    ],
    [
      `/apis/apps/v1/namespaces/${NAMESPACE}/deployments`,
      {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata: metadata('coredns'),
        spec: {
          replicas: 1,
          selector: { matchLabels: labels },
          template: {
            metadata: { labels },
            spec: {
              serviceAccountName: 'coredns',
              dnsPolicy: 'Default',
              priorityClassName: 'system-cluster-critical',
              containers: [container(image)],
              volumes: [{ name: 'config', configMap: { name: 'coredns' } }],
            },
          },
        },
      },
    ],
    [
      `/api/v1/namespaces/${NAMESPACE}/services`,
      {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: metadata('kube-dns'),
        spec: {
          clusterIP: DNS.ip,
          selector: labels,
          ports: [
            { name: 'dns', port: 53, protocol: 'UDP' },
            { name: 'dns-tcp', port: 53, protocol: 'TCP' },
          ],
        },
      },
    ],
  ];
};
