import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { API, DNS, NETWORK, NODE } from './addresses.mjs';

const here = dirname(fileURLToPath(import.meta.url));

const ETCD = 'http://127.0.0.1:2379';
const ETCD_PEER = 'http://127.0.0.1:2380';

// Nothing here runs in a cloud, and kcm answers sooner with a larger budget of requests.
const NOT_CONTROLLERS = [
  ...['nodeipam', 'service-lb-controller', 'cloud-node-lifecycle-controller'],
  ...['persistentvolume-attach-detach-controller', 'bootstrap-signer-controller', 'token-cleaner-controller'],
];

const flags = (values) => Object.entries(values).map(([name, value]) => `--${name}=${value}`);

const kubeconfigs = (file) => ({
  kubeconfig: file,
  'authentication-kubeconfig': file,
  'authorization-kubeconfig': file,
});

/**
 * The command lines of the processes of a node in the order in which they start: `{ name, command, afterApi }`.
 * `files` are the programs by name, `state` the cluster's folder, `debian` where the Debian packages are unpacked.
 */
export const processesOf = ({ files, state, debian }) => {
  const pki = (name) => `${state}/pki/${name}`;
  const conf = (name) => `${state}/conf/${name}`;
  return [
    {
      name: 'etcd',
      command: [
        files.etcd,
        ...flags({
          name: 'n',
          'data-dir': '/var/lib/etcd',
          'unsafe-no-fsync': true,
          'listen-client-urls': ETCD,
          'advertise-client-urls': ETCD,
          'listen-peer-urls': ETCD_PEER,
          'initial-advertise-peer-urls': ETCD_PEER,
          'initial-cluster': `n=${ETCD_PEER}`,
          'log-level': 'warn',
        }),
      ],
    },
    {
      name: 'kube-apiserver',
      command: [
        files['kube-apiserver'],
        ...flags({
          'etcd-servers': ETCD,
          'bind-address': '0.0.0.0',
          'secure-port': API.port,
          'advertise-address': NODE.ip,
          'tls-cert-file': pki('apiserver.crt'),
          'tls-private-key-file': pki('apiserver.key'),
          'token-auth-file': pki('tokens.csv'),
          'client-ca-file': pki('ca.crt'),
          'authorization-mode': 'Node,RBAC',
          'enable-admission-plugins': 'NodeRestriction,OwnerReferencesPermissionEnforcement',
          'service-cluster-ip-range': NETWORK.services,
          'service-account-issuer': `https://kubernetes.default.svc.${DNS.domain}`,
          'service-account-key-file': pki('sa.key'),
          'service-account-signing-key-file': pki('sa.key'),
          'kubelet-client-certificate': pki('kubelet-client.crt'),
          'kubelet-client-key': pki('kubelet-client.key'),
          'kubelet-preferred-address-types': 'InternalIP',
          'allow-privileged': true,
          'endpoint-reconciler-type': 'master-count',
          'requestheader-client-ca-file': pki('ca.crt'),
          'requestheader-allowed-names': 'front-proxy-client',
          // As whom it asks the servers of further APIs, such as that of metrics.
          'proxy-client-cert-file': pki('front-proxy.crt'),
          'proxy-client-key-file': pki('front-proxy.key'),
          'requestheader-username-headers': 'X-Remote-User',
          'requestheader-group-headers': 'X-Remote-Group',
          'requestheader-extra-headers-prefix': 'X-Remote-Extra-',
          profiling: false,
        }),
      ],
    },
    { name: 'containerd', command: [`${debian}/usr/bin/containerd`, '--config', conf('containerd.toml')] },
    {
      name: 'kube-controller-manager',
      afterApi: true,
      command: [
        files['kube-controller-manager'],
        ...flags({
          ...kubeconfigs(conf('kcm.kubeconfig')),
          'leader-elect': false,
          'use-service-account-credentials': true,
          'service-account-private-key-file': pki('sa.key'),
          'root-ca-file': pki('ca.crt'),
          'cluster-signing-cert-file': pki('ca.crt'),
          'cluster-signing-key-file': pki('ca.key'),
          'service-cluster-ip-range': NETWORK.services,
          'cluster-cidr': NETWORK.pods,
          'allocate-node-cidrs': false,
          'concurrent-serviceaccount-token-syncs': 5,
          'kube-api-qps': 200,
          'kube-api-burst': 300,
          // New pods count after seconds, not minutes: a cluster for trying does not live that long.
          'horizontal-pod-autoscaler-cpu-initialization-period': '20s',
          'horizontal-pod-autoscaler-initial-readiness-delay': '5s',
          controllers: ['*', ...NOT_CONTROLLERS.map((name) => `-${name}`)].join(','),
          'bind-address': '127.0.0.1',
        }),
      ],
    },
    {
      name: 'kube-scheduler',
      afterApi: true,
      command: [
        files['kube-scheduler'],
        ...flags({
          ...kubeconfigs(conf('scheduler.kubeconfig')),
          'leader-elect': false,
          // A pod whose claim is bound while it is being looked at is else looked at again after five minutes.
          'pod-max-in-unschedulable-pods-duration': '30s',
          'bind-address': '127.0.0.1',
        }),
      ],
    },
    {
      name: 'kubelet',
      afterApi: true,
      command: [
        files.kubelet,
        ...flags({
          config: conf('kubelet.json'),
          kubeconfig: conf('kubelet.kubeconfig'),
          'hostname-override': NODE.name,
          'node-ip': NODE.ip,
          'root-dir': '/var/lib/kubelet',
        }),
      ],
    },
    { name: 'kube-proxy', afterApi: true, command: [files['kube-proxy'], `--config=${conf('proxy.json')}`] },
    {
      name: 'policies',
      afterApi: true,
      command: [process.execPath, join(here, 'enforce-policies.mjs'), conf('policies.kubeconfig')],
    },
  ];
};

const kubelet = (state) => ({
  apiVersion: 'kubelet.config.k8s.io/v1beta1',
  kind: 'KubeletConfiguration',
  authentication: {
    anonymous: { enabled: false },
    webhook: { enabled: true },
    x509: { clientCAFile: `${state}/pki/ca.crt` },
  },
  authorization: { mode: 'Webhook' },
  cgroupDriver: 'cgroupfs',
  cgroupRoot: '/',
  failCgroupV1: false,
  failSwapOn: false,
  oomScoreAdj: 0,
  // Where a capability is missing, limits that cannot be set become lines of the log.
  featureGates: { KubeletInUserNamespace: true },
  containerRuntimeEndpoint: 'unix:///run/containerd/containerd.sock',
  clusterDNS: [DNS.ip],
  clusterDomain: DNS.domain,
  resolvConf: `${state}/conf/resolv.conf`,
  volumePluginDir: `${state}/conf/volplugins`,
  makeIPTablesUtilChains: false,
  // What was imported cannot be fetched again.
  imageGCHighThresholdPercent: 100,
  evictionHard: {
    'memory.available': '100Mi',
    'nodefs.available': '1%',
    'imagefs.available': '1%',
    'nodefs.inodesFree': '1%',
  },
  serializeImagePulls: false,
  syncFrequency: '5s',
  nodeStatusUpdateFrequency: '5s',
});

const proxy = (state) => ({
  apiVersion: 'kubeproxy.config.k8s.io/v1alpha1',
  kind: 'KubeProxyConfiguration',
  clientConnection: { kubeconfig: `${state}/conf/proxy.kubeconfig` },
  mode: 'nftables',
  hostnameOverride: NODE.name,
  clusterCIDR: NETWORK.pods,
  bindAddress: '127.0.0.1',
  // Otherwise it writes settings that only the machine's own network may write.
  conntrack: { maxPerCore: 0, min: 0, tcpEstablishedTimeout: '0s', tcpCloseWaitTimeout: '0s' },
});

const network = {
  cniVersion: '0.4.0',
  name: 'cluster',
  plugins: [
    {
      type: 'bridge',
      bridge: 'cni0',
      isGateway: true,
      ipMasq: false,
      hairpinMode: true,
      ipam: { type: 'host-local', ranges: [[{ subnet: NETWORK.node }]], routes: [{ dst: '0.0.0.0/0' }] },
    },
  ],
};

const NO_PLUGINS = [
  ...['snapshotter.v1.aufs', 'snapshotter.v1.btrfs', 'snapshotter.v1.zfs', 'snapshotter.v1.devmapper'],
  ...['internal.v1.opt', 'tracing.processor.v1.otlp', 'internal.v1.tracing'],
].map((name) => `io.containerd.${name}`);

const containerd = (state, debian, pause) => `version = 2
root = "/var/lib/containerd"
state = "/run/containerd"
disabled_plugins = ${JSON.stringify(NO_PLUGINS)}
[grpc]
  address = "/run/containerd/containerd.sock"
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "${pause}"
  disable_apparmor = true
  restrict_oom_score_adj = true
  disable_tcp_service = true
  [plugins."io.containerd.grpc.v1.cri".containerd]
    snapshotter = "overlayfs"
    default_runtime_name = "runc"
    [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
      runtime_type = "io.containerd.runc.v2"
      [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
        BinaryName = "${debian}/usr/sbin/runc"
        SystemdCgroup = false
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "${debian}/usr/lib/cni"
    conf_dir = "${state}/conf/cni"
`;

const search = ['svc', ''].map((part) => [part, DNS.domain].filter((one) => one !== '').join('.'));

/** The configuration files of a node: path below `conf/` → text. */
export const configFiles = ({ state, debian, pause }) => ({
  'kubelet.json': JSON.stringify(kubelet(state)),
  'proxy.json': JSON.stringify(proxy(state)),
  'cni/10-bridge.conflist': JSON.stringify(network),
  'containerd.toml': containerd(state, debian, pause),
  'resolv.conf': '',
  // For what is started beside the pods, such as the way in for tests.
  'node-resolv.conf': `nameserver ${DNS.ip}\nsearch ${search.join(' ')}\noptions ndots:5 timeout:1 attempts:3\n`,
});
