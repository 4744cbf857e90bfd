import type { JsonObject } from '@quotebridge/platform/core';
import type { KubeObject } from '@quotebridge/kubernetes/client';
import { ANNOTATIONS, GROUP, instanceOf, stateOf, type Connector } from '../connector';
import { CONNECTOR_PORT, type OperatorSettings } from '../settings';
import { childName, childOf, MANAGED_BY, selectorOf } from './common';

/** What changes a pod besides the spec; each of them in an annotation of the pods, so that a change restarts them. */
export interface PodInputs {
  readonly configHash: string;
  readonly credentialsHash: string | undefined;
  /** Of what all connectors of the namespace share; undefined: it was never there. */
  readonly platformHash: string | undefined;
  /** When the operator last restarted it; stays until the next time, so that forgetting it restarts nothing. */
  readonly restartedAt: string | undefined;
}

/** Annotation of the pods that a restart by the operator changes. */
export const RESTARTED = `${GROUP}/restarted-at`;
/** Annotation of the pods that another platform Secret changes: its values are variables, which a process reads once. */
export const PLATFORM = `${GROUP}/platform`;

const CONFIG_DIR = '/etc/quotebridge/connector';
const SECRETS_DIR = '/etc/quotebridge/secrets';
const TRUST_DIR = '/etc/quotebridge/trust';
/** A MongoDB or NATS that comes up beside the connector is waited for; the startup probe gives longer than this. */
const STARTUP_WAIT = '5m';

const variable = (name: string, value: string | undefined): JsonObject[] =>
  value === undefined ? [] : [{ name, value }];

const field = (name: string, fieldPath: string): JsonObject => ({
  name,
  valueFrom: { fieldRef: { fieldPath } },
});

/** Where the process runs, for its traces. */
const place = (connector: Connector): JsonObject[] => {
  const attributes = {
    'k8s.namespace.name': connector.metadata.namespace ?? '',
    'k8s.deployment.name': childName(connector),
    'k8s.pod.name': '$(POD_NAME)',
    'k8s.node.name': '$(NODE_NAME)',
  };
  const value = Object.entries(attributes)
    .map(([name, text]) => `${name}=${text}`)
    .join(',');
  return [
    field('POD_NAME', 'metadata.name'),
    field('NODE_NAME', 'spec.nodeName'),
    { name: 'OTEL_RESOURCE_ATTRIBUTES', value },
  ];
};

const environment = (connector: Connector, settings: OperatorSettings): JsonObject[] => {
  const { spec } = connector;
  return [
    ...variable('CONNECTOR_TYPE', spec.type),
    ...variable('CONNECTOR_INSTANCE', instanceOf(connector)),
    ...variable('CONNECTOR_STATE', stateOf(connector) === 'Paused' ? 'paused' : 'running'),
    ...variable('CONNECTOR_SETTINGS_FILE', `${CONFIG_DIR}/settings.json`),
    ...variable('CONNECTOR_STREAMS_FILE', `${CONFIG_DIR}/streams.json`),
    ...variable('CONNECTOR_SECRETS_DIR', spec.credentialsSecretRef === undefined ? undefined : SECRETS_DIR),
    ...variable('NODE_EXTRA_CA_CERTS', settings.trust === undefined ? undefined : `${TRUST_DIR}/ca.crt`),
    ...variable('STARTUP_WAIT', STARTUP_WAIT),
    ...variable('HOST', '0.0.0.0'),
    ...variable('PORT', String(CONNECTOR_PORT)),
    ...variable('LOG_LEVEL', spec.logLevel),
    ...variable('OTEL_EXPORTER_OTLP_ENDPOINT', settings.otlpEndpoint),
    ...variable('TRACE_RATIO', settings.traceRatio),
    ...(settings.otlpEndpoint === undefined ? [] : place(connector)),
  ];
};

const probe = (path: string, rest: JsonObject): JsonObject => ({
  httpGet: { path, port: 'http' },
  timeoutSeconds: 5,
  ...rest,
});

const volumes = ({ spec, ...connector }: Connector, { trust }: OperatorSettings): JsonObject[] => [
  { name: 'config', configMap: { name: childName(connector) } },
  { name: 'tmp', emptyDir: {} },
  ...(trust === undefined
    ? []
    : [
        {
          name: 'trust',
          configMap: { name: trust.configMap, items: [{ key: trust.key, path: 'ca.crt' }] },
        },
      ]),
  ...(spec.credentialsSecretRef === undefined
    ? []
    : [{ name: 'secrets', secret: { secretName: spec.credentialsSecretRef.name } }]),
];

const mounts = ({ spec }: Connector, { trust }: OperatorSettings): JsonObject[] => [
  { name: 'config', mountPath: CONFIG_DIR, readOnly: true },
  { name: 'tmp', mountPath: '/tmp' },
  ...(trust === undefined ? [] : [{ name: 'trust', mountPath: TRUST_DIR, readOnly: true }]),
  ...(spec.credentialsSecretRef === undefined
    ? []
    : [{ name: 'secrets', mountPath: SECRETS_DIR, readOnly: true }]),
];

const DEFAULT_RESOURCES: JsonObject = {
  requests: { cpu: '50m', memory: '128Mi' },
  limits: { memory: '512Mi' },
};

const container = (connector: Connector, settings: OperatorSettings): JsonObject => ({
  name: 'connector',
  image: settings.image,
  env: environment(connector, settings),
  envFrom: [{ secretRef: { name: settings.platformSecret } }],
  ports: [{ name: 'http', containerPort: CONNECTOR_PORT, protocol: 'TCP' }],
  volumeMounts: mounts(connector, settings),
  resources: connector.spec.resources ?? DEFAULT_RESOURCES,
  startupProbe: probe('/health/live', { periodSeconds: 2, failureThreshold: 165 }),
  livenessProbe: probe('/health/live', { periodSeconds: 10, failureThreshold: 3 }),
  readinessProbe: probe('/health/ready', { periodSeconds: 5, failureThreshold: 2 }),
  securityContext: {
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    capabilities: { drop: ['ALL'] },
  },
});

const spread = (connector: Connector): JsonObject[] =>
  ['topology.kubernetes.io/zone', 'kubernetes.io/hostname'].map((topologyKey) => ({
    maxSkew: 1,
    topologyKey,
    whenUnsatisfiable: 'ScheduleAnyway',
    labelSelector: { matchLabels: selectorOf(connector) },
  }));

/** How many processes there are to be. */
export const replicasOf = (connector: Connector): number =>
  stateOf(connector) === 'Stopped' || connector.metadata.deletionTimestamp !== undefined
    ? 0
    : (connector.spec.replicas ?? 1);

/** The Deployment that runs the connector. */
export const deploymentOf = (
  connector: Connector,
  settings: OperatorSettings,
  inputs: PodInputs,
): KubeObject => {
  const restart = connector.metadata.annotations?.[ANNOTATIONS.restart];
  return childOf(connector, 'deployment', {
    spec: {
      replicas: replicasOf(connector),
      revisionHistoryLimit: 3,
      // Longer than a start may wait: one that waits for its servers has not given up.
      progressDeadlineSeconds: 360,
      selector: { matchLabels: selectorOf(connector) },
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
      template: {
        metadata: {
          labels: {
            ...selectorOf(connector),
            ...MANAGED_BY,
            'app.kubernetes.io/component': connector.spec.type,
          },
          annotations: {
            [`${GROUP}/config`]: inputs.configHash,
            ...(inputs.credentialsHash === undefined
              ? {}
              : { [`${GROUP}/credentials`]: inputs.credentialsHash }),
            ...(inputs.platformHash === undefined ? {} : { [PLATFORM]: inputs.platformHash }),
            ...(restart === undefined ? {} : { [ANNOTATIONS.restart]: restart }),
            ...(inputs.restartedAt === undefined ? {} : { [RESTARTED]: inputs.restartedAt }),
          },
        },
        spec: {
          serviceAccountName: childName(connector),
          automountServiceAccountToken: false,
          enableServiceLinks: false,
          terminationGracePeriodSeconds: 60,
          ...(settings.imagePullSecrets.length === 0
            ? {}
            : { imagePullSecrets: settings.imagePullSecrets.map((name) => ({ name })) }),
          securityContext: {
            runAsNonRoot: true,
            runAsUser: 65_532,
            runAsGroup: 65_532,
            fsGroup: 65_532,
            seccompProfile: { type: 'RuntimeDefault' },
          },
          topologySpreadConstraints: spread(connector),
          containers: [container(connector, settings)],
          volumes: volumes(connector, settings),
        },
      },
    },
  });
};
