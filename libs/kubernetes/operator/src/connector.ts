import type { JsonObject } from '@quotebridge/platform/core';
import type { KubeObject, ResourceType } from '@quotebridge/kubernetes/client';

/** The group of our own resources, and prefix of annotations. */
export const GROUP = 'connectors.quotebridge.io';

/** The custom resource. */
export const CONNECTORS: ResourceType = {
  group: GROUP,
  version: 'v1alpha1',
  kind: 'Connector',
  plural: 'connectors',
};

/** Annotations that ask for something once: a new token asks again. */
export const ANNOTATIONS = {
  restart: `${GROUP}/restart`,
  runNow: `${GROUP}/run-now`,
} as const;

/** Keeps a Connector until its process has ended what it had in work. */
export const FINALIZER = `${GROUP}/drain`;

/** What a Connector should do. `Paused`: the process is there and takes commands, but begins nothing by itself. */
export type DesiredState = 'Running' | 'Paused' | 'Stopped';

/** How one stream is to run; what is left out is as the connector declares it. */
export interface StreamSpec {
  readonly name: string;
  readonly enabled?: boolean;
  /** As `readSchedule` of the SDK takes it. */
  readonly schedule?: string;
  /** IANA name, for example `Europe/Berlin`. */
  readonly timeZone?: string;
  readonly mode?: 'delta' | 'compare' | 'full';
  /** Attribute of the TMF resource → JSONata expression over the vendor's record. */
  readonly mapping?: Readonly<Record<string, string>>;
}

/** Who may be called: a network and its TCP ports. */
export interface EgressRule {
  readonly cidr: string;
  readonly ports?: readonly number[];
}

/** An API of the connector's own that the ODA Canvas is to publish. */
export interface ExposedApiSpec {
  readonly path: string;
  readonly specification: { readonly url: string; readonly version?: string };
  /** The ODA component that the API belongs to. */
  readonly componentName: string;
}

/** What the CRD lets through; the settings of the type stand under the type's own name. */
export interface ConnectorSpec {
  readonly type: string;
  readonly instance?: string;
  readonly state?: DesiredState;
  readonly credentialsSecretRef?: { readonly name: string };
  readonly streams?: readonly StreamSpec[];
  readonly actions?: readonly { readonly name: string; readonly enabled?: boolean }[];
  readonly rateBudget?: { readonly perSecond?: number; readonly perDay?: number };
  readonly replicas?: number;
  readonly resources?: JsonObject;
  readonly logLevel?: string;
  readonly network?: { readonly egress?: readonly EgressRule[] };
  readonly exposedApi?: ExposedApiSpec;
}

/** The conditions of a Connector, in the order in which they are shown. */
export const CONDITION_TYPES = [
  'Ready',
  'ConfigurationValid',
  'CredentialsValid',
  'Connected',
  'Synced',
  'Progressing',
  'Degraded',
] as const;

export type ConditionType = (typeof CONDITION_TYPES)[number];

/** A condition as Kubernetes wants it (metav1.Condition). */
export interface Condition {
  readonly type: ConditionType;
  readonly status: 'True' | 'False' | 'Unknown';
  /** One word in PascalCase, for programs. */
  readonly reason: string;
  /** A sentence a person can act on. */
  readonly message: string;
  readonly observedGeneration: number;
  readonly lastTransitionTime: string;
}

/** What is known of one stream. */
export interface StreamStatus {
  readonly name: string;
  readonly state?: string;
  readonly lastRunTime?: string;
  readonly lastSuccessTime?: string;
  readonly nextRunTime?: string;
  readonly counts?: Readonly<Record<string, number>>;
  readonly checkpoint?: string;
  /** Coarse on purpose (`30s`, `5m`, `2h`): a status that changes every second would be written every second. */
  readonly lag?: string;
  readonly quarantined?: number;
  readonly error?: string;
}

/** Restarts that the operator itself ordered because the connector kept failing. */
export interface AutoRestart {
  readonly count: number;
  readonly failingSince?: string;
  readonly healthySince?: string;
  readonly lastTime?: string;
}

/** The status subresource. */
export interface ConnectorStatus {
  readonly observedGeneration?: number;
  /** One word for the printer column. */
  readonly phase?: string;
  /** Ready and wanted replicas: `1/1`. */
  readonly replicas?: string;
  readonly lastSyncTime?: string;
  readonly lag?: string;
  readonly conditions?: readonly Condition[];
  readonly streams?: readonly StreamStatus[];
  readonly autoRestart?: AutoRestart;
  /** The token of the last `run-now` that was carried out. */
  readonly handledRunNow?: string;
}

/** A Connector as the API server gives it. */
export interface Connector extends Omit<KubeObject, 'spec' | 'status'> {
  readonly spec: ConnectorSpec;
  readonly status?: ConnectorStatus;
}

/** The API server has checked it against the CRD; this is the one place that trusts it. */
export const asConnector = (object: KubeObject): Connector => object as unknown as Connector;

/** Where the settings of a type stand in the spec: `open-rest` under `openRest`. */
export const memberOf = (type: string): string =>
  type.replace(/[-_]+([a-z0-9])/gi, (_, letter: string) => letter.toUpperCase());

/** The settings of the connector's own schema: the member of its type, with the rate budget in it. */
export const settingsOf = ({ spec }: Pick<Connector, 'spec'>): JsonObject => {
  const member: unknown = (spec as unknown as JsonObject)[memberOf(spec.type)];
  const settings = typeof member === 'object' && member !== null ? (member as JsonObject) : {};
  return { ...settings, ...spec.rateBudget };
};

/** Name of the instance: owner of external identifiers, key of checkpoints. */
export const instanceOf = ({ spec, metadata }: Connector): string => spec.instance ?? metadata.name;

/** What it is to do. */
export const stateOf = ({ spec }: Connector): DesiredState => spec.state ?? 'Running';
