// NetworkPolicies as rules of nftables; what they mean stands in the documentation of Kubernetes (networking.k8s.io/v1).

const matchesExpression = (labels, { key, operator, values = [] }) => {
  if (operator === 'Exists') return key in labels;
  if (operator === 'DoesNotExist') return !(key in labels);
  const isIn = values.includes(labels[key]);
  return operator === 'In' ? isIn : !isIn;
};

/** Whether a label selector takes these labels; an empty one takes all. */
export const selects = ({ matchLabels = {}, matchExpressions = [] }, labels = {}) =>
  Object.entries(matchLabels).every(([key, value]) => labels[key] === value) &&
  matchExpressions.every((one) => matchesExpression(labels, one));

// One that has ended has given its address back.
const hasAddress = ({ spec = {}, status = {} }) =>
  status.podIP !== undefined && !['Succeeded', 'Failed'].includes(status.phase) && spec.hostNetwork !== true;

const setOf = (members) => `{ ${[...new Set(members)].sort().join(', ')} }`;

/** How a packet is matched that goes to or comes from a peer, `side` says which; undefined when none can be. */
const peerMatch = (side, peer, policy, { pods, namespaces }) => {
  const { ipBlock, podSelector = {}, namespaceSelector } = peer;
  if (ipBlock !== undefined) {
    // The network of such a node has addresses of version 4 only.
    if (ipBlock.cidr.includes(':')) return undefined;
    const except = ipBlock.except?.length > 0 ? ` ip ${side} != ${setOf(ipBlock.except)}` : '';
    return `ip ${side} ${ipBlock.cidr}${except}`;
  }
  const inNamespace = ({ metadata: { namespace } }) =>
    namespaceSelector === undefined
      ? namespace === policy.metadata.namespace
      : selects(
          namespaceSelector,
          namespaces.find(({ metadata }) => metadata.name === namespace)?.metadata.labels,
        );
  const found = pods.filter((pod) => inNamespace(pod) && selects(podSelector, pod.metadata.labels));
  return found.length === 0 ? undefined : `ip ${side} ${setOf(found.map(({ status }) => status.podIP))}`;
};

const portMatches = (ports) => {
  if (ports.length === 0) return [''];
  const open = ports.filter(({ port }) => port === undefined).map(({ protocol = 'TCP' }) => protocol);
  const numbered = ports.filter(({ port }) => typeof port === 'number');
  return [
    ...new Set(open.map((protocol) => ` meta l4proto ${protocol.toLowerCase()}`)),
    ...[...new Set(numbered.map(({ protocol = 'TCP' }) => protocol))].map((protocol) => {
      const own = numbered.filter((one) => (one.protocol ?? 'TCP') === protocol);
      const ranges = own.map(({ port, endPort }) => (endPort === undefined ? port : `${port}-${endPort}`));
      return ` ${protocol.toLowerCase()} dport ${setOf(ranges.map(String))}`;
    }),
  ];
};

const DIRECTIONS = {
  ingress: { type: 'Ingress', chain: 'in', side: 'saddr', peersOf: ({ from = [] }) => from },
  egress: { type: 'Egress', chain: 'out', side: 'daddr', peersOf: ({ to = [] }) => to },
};

const typesOf = ({ spec }) =>
  spec.policyTypes ?? ['Ingress', ...(spec.egress === undefined ? [] : ['Egress'])];

const linesOf = (policy, direction, state) => {
  const { side, peersOf } = DIRECTIONS[direction];
  return (policy.spec[direction] ?? []).flatMap((rule) => {
    const peers = peersOf(rule);
    const from =
      peers.length === 0 ? [''] : peers.map((peer) => peerMatch(side, peer, policy, state)).filter(Boolean);
    return from.flatMap((peer) =>
      portMatches(rule.ports ?? []).map((port) => `${peer}${port} return`.trim()),
    );
  });
};

const isolate = (direction, state) => {
  const { type, chain } = DIRECTIONS[direction];
  const elements = [];
  const chains = [];
  for (const pod of state.pods) {
    const own = state.policies.filter(
      (policy) =>
        policy.metadata.namespace === pod.metadata.namespace &&
        typesOf(policy).includes(type) &&
        selects(policy.spec.podSelector, pod.metadata.labels),
    );
    if (own.length === 0) continue;
    const name = `${chain}-${pod.status.podIP.replaceAll('.', '-')}`;
    elements.push(`${pod.status.podIP} : jump ${name}`);
    const lines = new Set(own.flatMap((policy) => linesOf(policy, direction, state)));
    chains.push(`chain ${name} {`, ...lines, 'reject with icmpx admin-prohibited', '}');
  }
  const listed = elements.length === 0 ? '' : `elements = { ${elements.join(', ')} };`;
  return [`map ${direction} { type ipv4_addr : verdict; ${listed} }`, ...chains];
};

/**
 * The rules of nftables, whole, for what is in a cluster of one node: `{ pods, namespaces, policies }`, objects of its API.
 * A connection that no policy allows is answered with "prohibited", which nobody takes for a port where nobody listens. The
 * node itself reaches every pod, as probes must.
 */
export const rulesOf = ({ pods, namespaces, policies }) => {
  // One that goes may still be there when its address has been given to another.
  const byAddress = new Map(pods.filter(hasAddress).map((pod) => [pod.status.podIP, pod]));
  const state = { namespaces, policies, pods: [...byAddress.values()] };
  const hook = (name, ...maps) => [
    `chain ${name} {`,
    `type filter hook ${name} priority 10; policy accept;`,
    'ct state established,related accept',
    ...maps,
    '}',
  ];
  return [
    // In one transaction: no packet meets half of them.
    ...['table inet policies', 'delete table inet policies', 'table inet policies {'],
    ...isolate('ingress', state),
    ...isolate('egress', state),
    ...hook('forward', 'ip saddr vmap @egress', 'ip daddr vmap @ingress'),
    ...hook('input', 'ip saddr vmap @egress'),
    '}',
    '',
  ].join('\n');
};

/** What of a policy is not understood here, a sentence each: nothing is let through by it. */
export const strangeIn = ({ metadata, spec }) =>
  [...(spec.ingress ?? []), ...(spec.egress ?? [])]
    .flatMap(({ ports = [] }) => ports)
    .filter(({ port }) => typeof port === 'string')
    .map(
      ({ port }) =>
        `The NetworkPolicy ${metadata.namespace}/${metadata.name} names the port ${port}: only numbers are understood here.`,
    );
