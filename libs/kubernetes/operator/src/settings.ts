/** What the operator puts into everything it makes. */
export interface OperatorSettings {
  /** Image of the connector process. */
  readonly image: string;
  readonly imagePullSecrets: readonly string[];
  /** Secret in the namespace of each Connector with MONGODB_URI and NATS_URL, and whatever else connectors share. */
  readonly platformSecret: string;
  /** Namespace of the operator itself: from there connectors may be asked. */
  readonly operatorNamespace: string;
  /** Namespace that may read metrics; none when absent. */
  readonly monitoringNamespace?: string;
  /** Namespaces from which requests to APIs of connectors come, such as that of a gateway. */
  readonly ingressNamespaces?: readonly string[];
  /** Certificates to trust besides the usual ones: a ConfigMap in the namespace of each Connector. */
  readonly trust?: { readonly configMap: string; readonly key: string };
  readonly otlpEndpoint?: string;
  readonly traceRatio: string;
}

/** Port of probes, metrics and operations of a connector process. */
export const CONNECTOR_PORT = 8090;
