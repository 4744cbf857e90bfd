import type { JsonObject } from '@quotebridge/platform/core';
import type { KubeObject } from '@quotebridge/kubernetes/client';
import type { Connector, EgressRule } from '../connector';
import { CONNECTOR_PORT, type OperatorSettings } from '../settings';
import { childOf, selectorOf } from './common';

const inNamespace = (name: string): JsonObject => ({
  namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': name } },
});

const tcp = (...ports: readonly number[]): JsonObject[] => ports.map((port) => ({ protocol: 'TCP', port }));

const portOf = ({ port, protocol }: URL): number =>
  port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port);

const IN_CLUSTER: JsonObject = { namespaceSelector: {} };
// Names may be answered by what each node has for its own pods (NodeLocal DNSCache).
const ON_NODE: JsonObject = { ipBlock: { cidr: '169.254.0.0/16' } };

// Link-local addresses are where clouds keep the credentials of the machine.
const ANYWHERE: JsonObject = { ipBlock: { cidr: '0.0.0.0/0', except: ['169.254.0.0/16'] } };
const ANYWHERE_6: JsonObject = { ipBlock: { cidr: '::/0', except: ['fe80::/10'] } };

const outside = (rules: readonly EgressRule[] | undefined): JsonObject[] =>
  rules === undefined
    ? [{ to: [ANYWHERE, ANYWHERE_6], ports: tcp(443) }]
    : rules.map(({ cidr, ports = [] }) => ({
        to: [{ ipBlock: { cidr } }],
        // An empty list would be every port of every protocol.
        ports: tcp(...(ports.length === 0 ? [443] : ports)),
      }));

/** Lets in who asks for state and metrics and, where it has an API of its own, requests to that; and out to DNS, to MongoDB and NATS at `platformPorts`, traces and the outside system; nothing else. */
export const networkPolicyOf = (
  connector: Connector,
  settings: OperatorSettings,
  platformPorts: readonly number[],
): KubeObject => {
  const { operatorNamespace, monitoringNamespace, ingressNamespaces = [], otlpEndpoint } = settings;
  const callers = new Set([
    operatorNamespace,
    ...(monitoringNamespace === undefined ? [] : [monitoringNamespace]),
    ...(connector.spec.exposedApi === undefined ? [] : ingressNamespaces),
  ]);
  const collector = otlpEndpoint === undefined ? [] : [portOf(new URL(otlpEndpoint))];
  const servers = [...new Set([...platformPorts, ...collector])];
  return childOf(connector, 'networkPolicy', {
    spec: {
      podSelector: { matchLabels: selectorOf(connector) },
      policyTypes: ['Ingress', 'Egress'],
      ingress: [{ from: [...callers].map(inNamespace), ports: tcp(CONNECTOR_PORT) }],
      egress: [
        { to: [IN_CLUSTER, ON_NODE], ports: [{ protocol: 'UDP', port: 53 }, ...tcp(53)] },
        { to: [IN_CLUSTER], ports: tcp(...servers) },
        // Managed databases and brokers are outside of the cluster, and so may the receiver of traces be.
        { to: [ANYWHERE, ANYWHERE_6], ports: tcp(...servers) },
        ...outside(connector.spec.network?.egress),
      ],
    },
  });
};
