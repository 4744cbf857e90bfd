import { defineSettings, logSettings, traceSettings } from '@quotebridge/platform/config';

/** Settings of the operator, from the environment. */
export const operatorSettings = defineSettings({
  kubeApiUrl: {
    type: 'url',
    optional: true,
    doc: 'API server; that of the pod unless given. Over http, as `kubectl proxy` gives it, no token is sent.',
  },
  kubeTokenFile: {
    type: 'string',
    optional: true,
    doc: 'File with the bearer token; that of the pod unless given.',
  },
  kubeCaFile: {
    type: 'string',
    optional: true,
    doc: 'File with the certificates to trust; that of the pod unless given.',
  },
  kubernetesServiceHost: { type: 'string', optional: true, doc: 'Given to every pod by Kubernetes.' },
  kubernetesServicePort: { type: 'string', default: '443', doc: 'Given to every pod by Kubernetes.' },
  operatorNamespace: {
    type: 'string',
    doc: 'Namespace of the operator: its lease is there, and connectors let it in.',
  },
  watchNamespace: {
    type: 'string',
    optional: true,
    doc: 'The one namespace whose Connectors it looks after; all of the cluster unless given.',
  },
  podName: {
    type: 'string',
    optional: true,
    doc: 'Name of the pod, for the lease; the host name unless given.',
  },
  connectorImage: { type: 'string', doc: 'Image of the connector process.' },
  connectorPullSecrets: { type: 'list', default: [], doc: 'Secrets to fetch that image with.' },
  platformSecret: {
    type: 'string',
    default: 'quotebridge-platform',
    doc: 'Secret in the namespace of each Connector with MONGODB_URI, NATS_URL and ADMIN_TOKEN.',
  },
  trustConfigMap: {
    type: 'string',
    optional: true,
    doc: 'ConfigMap in the namespace of each Connector with certificates to trust besides the usual ones.',
  },
  trustKey: { type: 'string', default: 'ca.crt', doc: 'Its key with these certificates, PEM.' },
  connectorUrl: {
    type: 'string',
    default: 'http://{name}.{namespace}.svc:8090',
    doc: 'Where a connector process is reached.',
  },
  monitoringNamespace: {
    type: 'string',
    optional: true,
    doc: 'Namespace that may read metrics of connectors.',
  },
  ingressNamespaces: {
    type: 'list',
    default: [],
    doc: 'Namespaces that may call connectors with an API of their own (`exposedApi`), such as that of the gateway.',
  },
  workers: { type: 'int', default: 8, min: 1, max: 64, doc: 'Connectors reconciled at a time.' },
  pollInterval: {
    type: 'duration',
    default: '30s',
    min: '1s',
    doc: 'Time between two looks at a connector process.',
  },
  relistInterval: {
    type: 'duration',
    default: '10m',
    min: '10s',
    doc: 'Time after which everything is read anew.',
  },
  watchSilence: {
    type: 'duration',
    default: '100s',
    min: '1s',
    doc: 'A watch that says nothing for this long is dead; the API server speaks about every minute.',
  },
  canvasInterval: {
    type: 'duration',
    default: '30s',
    min: '1s',
    doc: 'Time between two looks for an ODA Canvas where none is; ExposedAPIs are published when there is one.',
  },
  leaseDuration: {
    type: 'duration',
    default: '12s',
    min: '3s',
    doc: 'Time after which a silent leader is followed.',
  },
  host: { type: 'string', default: '127.0.0.1', doc: 'Address to listen on.' },
  port: { type: 'port', default: 8080, doc: 'Port of probes and metrics.' },
  admissionCertDir: {
    type: 'string',
    optional: true,
    doc: 'Folder with tls.crt and tls.key: Connectors are checked when they are applied, at /validate over TLS.',
  },
  admissionPort: { type: 'port', default: 9443, doc: 'Port of that webhook.' },
  ...logSettings,
  ...traceSettings,
  otlpEndpoint: {
    ...traceSettings.otlpEndpoint,
    doc: 'OTLP/HTTP receiver of traces; connectors get it, too.',
  },
});
