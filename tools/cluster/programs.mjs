import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The Go modules of what is built or fetched. */
export const modules = join(dirname(fileURLToPath(import.meta.url)), 'modules');

// One place says which versions are built: the go.mod of the module, whose go.sum holds the checksums.
export const versionOf = (module, requirement) => {
  const text = readFileSync(join(modules, module, 'go.mod'), 'utf8');
  const found = new RegExp(`^\\s*(?:require )?${requirement.replaceAll('.', '\\.')} v(\\S+)`, 'm').exec(text);
  if (found === null) throw new Error(`modules/${module}/go.mod does not require ${requirement}`);
  return found[1];
};

const kubernetes = (name, minutes) => {
  const version = versionOf('kubernetes', 'k8s.io/kubernetes');
  const [major, minor] = version.split('.');
  const set = (key, value) => `-X k8s.io/component-base/version.${key}=${value}`;
  return {
    name,
    version,
    minutes,
    module: join(modules, 'kubernetes'),
    package: `k8s.io/kubernetes/cmd/${name}`,
    ldflags: [set('gitVersion', `v${version}`), set('gitMajor', major), set('gitMinor', minor)],
  };
};

// helm renders charts as for the Kubernetes that it was built for, when no cluster tells.
const helmFlags = () => {
  const [major, minor] = versionOf('kubernetes', 'k8s.io/kubernetes').split('.');
  const set = (key, value) => `-X helm.sh/helm/v3/${key}=${value}`;
  return [
    set('internal/version.version', `v${versionOf('helm', 'helm.sh/helm/v3')}`),
    set('pkg/chartutil.k8sVersionMajor', major),
    set('pkg/chartutil.k8sVersionMinor', minor),
    set('pkg/lint/rules.k8sVersionMajor', major),
    set('pkg/lint/rules.k8sVersionMinor', minor),
  ];
};

// A program of ours around a library: another one as soon as its source is.
const ownTool = (name, library) => {
  const folder = join(modules, name);
  const source = createHash('sha256');
  for (const file of readdirSync(folder).sort()) source.update(readFileSync(join(folder, file)));
  return {
    name,
    version: `${versionOf(name, library)}-${source.digest('hex').slice(0, 8)}`,
    minutes: 1,
    module: folder,
    package: '.',
    ldflags: [],
    env: { CGO_ENABLED: '0' },
  };
};

/** What a control plane is made of, and what installs charts on it; `minutes` is what a first build takes on two cores. */
export const programs = {
  etcd: {
    name: 'etcd',
    version: versionOf('etcd', 'go.etcd.io/etcd/server/v3'),
    minutes: 2,
    module: join(modules, 'etcd'),
    package: 'go.etcd.io/etcd/server/v3',
    ldflags: [],
  },
  'kube-apiserver': kubernetes('kube-apiserver', 5),
  'kube-controller-manager': kubernetes('kube-controller-manager', 2),
  'kube-scheduler': kubernetes('kube-scheduler', 1),
  kubelet: kubernetes('kubelet', 1),
  'kube-proxy': kubernetes('kube-proxy', 1),
  coredns: {
    name: 'coredns',
    version: versionOf('coredns', 'github.com/coredns/coredns'),
    minutes: 2,
    module: join(modules, 'coredns'),
    package: '.',
    ldflags: [],
    env: { CGO_ENABLED: '0' },
  },
  // In the module of Kubernetes and built like it: what they share is compiled once.
  'metrics-server': {
    ...kubernetes('metrics-server', 1),
    version: versionOf('kubernetes', 'sigs.k8s.io/metrics-server'),
    package: './metrics-server',
  },
  pause: {
    name: 'pause',
    version: '1.0.0',
    minutes: 1,
    module: join(modules, 'pause'),
    package: '.',
    ldflags: [],
    env: { CGO_ENABLED: '0' },
  },
  helm: {
    name: 'helm',
    version: versionOf('helm', 'helm.sh/helm/v3'),
    minutes: 3,
    module: join(modules, 'helm'),
    package: 'helm.sh/helm/v3/cmd/helm',
    ldflags: helmFlags(),
  },
  prometheus: ownTool('prometheus', 'github.com/prometheus/prometheus'),
};

/** What `cluster:up` needs. */
export const controlPlane = ['etcd', 'kube-apiserver', 'kube-controller-manager'];

/** What installs charts on a cluster and reads their rules: all that tests on one that is given need. */
export const onGiven = ['helm', 'prometheus'];

/** With this the tests of the operator run where no cluster is given. */
export const forTests = [...controlPlane, ...onGiven];

/** What makes pods run besides. */
export const node = [
  ...controlPlane,
  ...['kube-scheduler', 'kubelet', 'kube-proxy', 'coredns', 'metrics-server', 'pause'],
];
