import type { Connector } from '../connector';
import type { OperatorSettings } from '../settings';
import { USUAL_PORTS } from '../platform';
import { networkPolicyOf } from './network-policy';

const SETTINGS: OperatorSettings = {
  image: 'i',
  imagePullSecrets: [],
  platformSecret: 'p',
  operatorNamespace: 'system',
  monitoringNamespace: 'monitoring',
  ingressNamespaces: ['gateway', 'system'],
  traceRatio: '0.1',
};
const API = {
  path: '/c/hooks',
  specification: { url: 'https://docs.example.com/h.json' },
  componentName: 'c',
};

const connectorOf = (spec: object): Connector => ({
  apiVersion: 'connectors.quotebridge.io/v1alpha1',
  kind: 'Connector',
  metadata: { name: 'c', namespace: 'qb', uid: 'u' },
  spec: { type: 's4hana', ...spec },
});

const callersOf = (spec: object): readonly string[] => {
  const text = JSON.stringify(networkPolicyOf(connectorOf(spec), SETTINGS, USUAL_PORTS).spec?.['ingress']);
  return [...text.matchAll(/"kubernetes.io\/metadata.name":"(\w+)"/g)].map(([, name = '']) => name);
};

describe('who may call a connector', () => {
  it('operator and monitoring', () => {
    expect(callersOf({})).toEqual(['system', 'monitoring']);
  });

  it('where it has an API of its own also the namespaces that requests come from, each once', () => {
    expect(callersOf({ exposedApi: API })).toEqual(['system', 'monitoring', 'gateway']);
  });
});

it.each([
  ['http://collector:4318', 4318],
  ['http://collector', 80],
  ['http://collector:80', 80],
  ['https://collector/otlp', 443],
])(
  'a connector may send its traces to the port of %s, in the cluster and outside of it',
  (otlpEndpoint, port) => {
    const { spec } = networkPolicyOf(connectorOf({}), { ...SETTINGS, otlpEndpoint }, USUAL_PORTS);
    const rules = spec?.['egress'] as unknown as readonly { readonly ports: readonly { port: number }[] }[];
    const [, inside, outside] = rules.map(({ ports }) => ports.map((one) => one.port));
    expect(inside).toEqual([27_017, 4_222, port]);
    expect(outside).toEqual([27_017, 4_222, port]);
  },
);

it('a connector asks for names in the cluster and at the cache of its node, and that for nothing else', () => {
  const { spec } = networkPolicyOf(connectorOf({}), SETTINGS, USUAL_PORTS);
  const rules = spec?.['egress'] as unknown as readonly { to: readonly object[]; ports: readonly object[] }[];
  const toNode = rules.filter(({ to }) => JSON.stringify(to).includes('"cidr":"169.254.0.0/16"'));
  expect(toNode).toEqual([
    {
      to: [{ namespaceSelector: {} }, { ipBlock: { cidr: '169.254.0.0/16' } }],
      ports: [
        { protocol: 'UDP', port: 53 },
        { protocol: 'TCP', port: 53 },
      ],
    },
  ]);
});

it('a connector may reach databases and brokers where they listen, at each port once', () => {
  const settings = { ...SETTINGS, otlpEndpoint: 'https://collector:27018' };
  const { spec } = networkPolicyOf(connectorOf({}), settings, [27_018, 4_333]);
  const rules = spec?.['egress'] as unknown as readonly { readonly ports: readonly { port: number }[] }[];
  const [, inside, outside] = rules.map(({ ports }) => ports.map((one) => one.port));
  expect(inside).toEqual([27_018, 4_333]);
  expect(outside).toEqual([27_018, 4_333]);
});

it.each<[string, object, number[]]>([
  ['those that are named', { ports: [8443, 22] }, [8_443, 22]],
  ['443 when none are', {}, [443]],
  ['443 when the list is empty', { ports: [] }, [443]],
])('a network may be called at %s', (_what, rest, ports) => {
  const egress = [{ cidr: '203.0.113.0/24', ...rest }];
  const { spec } = networkPolicyOf(connectorOf({ network: { egress } }), SETTINGS, USUAL_PORTS);
  const rules = spec?.['egress'] as unknown as readonly object[];
  expect(rules.at(-1)).toEqual({
    to: [{ ipBlock: { cidr: '203.0.113.0/24' } }],
    ports: ports.map((port) => ({ protocol: 'TCP', port })),
  });
});
