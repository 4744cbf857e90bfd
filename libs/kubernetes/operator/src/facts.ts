import type { Fault } from '@quotebridge/platform/core';
import type { KubeObject } from '@quotebridge/kubernetes/client';
import type { ChildKind } from './children/common';
import type { Connector } from './connector';
import type { Rival } from './rivals';
import type { ReportFact } from './report';

/** What was found of the credentials that a Connector names. */
export type CredentialsFact =
  | { readonly kind: 'usable'; readonly hash: string | undefined }
  | { readonly kind: 'unnamed'; readonly needed: readonly string[] }
  | { readonly kind: 'absent'; readonly secret: string; readonly needed: readonly string[] }
  | { readonly kind: 'incomplete'; readonly secret: string; readonly missing: readonly string[] };

/** What keeps a child from being made; found when it was to be applied. */
export type Obstacle =
  | { readonly kind: 'NameTaken'; readonly message: string }
  /** `what` is the same for as long as the API server refuses the same child in the same way; `why` may count and differ each time. */
  | { readonly kind: 'Refused'; readonly what: string; readonly why: string };

/** Everything that is to be known of a Connector before it is decided what to do. */
export interface Facts {
  readonly connector: Connector;
  readonly children: ReadonlyMap<ChildKind, KubeObject>;
  /** What is wrong with its settings; the paths are those of the spec. */
  readonly faults: readonly Fault[];
  /** An older Connector that has what this one would take. */
  readonly rival: Rival | undefined;
  readonly obstacle?: Obstacle;
  readonly credentials: CredentialsFact;
  /** Tells one version of what connectors share from another; undefined: it is not there. */
  readonly platformHash: string | undefined;
  /** Where the MongoDB and the NATS of the platform Secret listen; undefined where there is none. */
  readonly platformPorts: readonly number[] | undefined;
  readonly report: ReportFact | undefined;
  /** Pods that have not ended yet; looked up only while it is being deleted. */
  readonly pods: number;
  /** Whether ExposedAPIs can be stored. */
  readonly canvas: boolean;
  readonly now: number;
}
