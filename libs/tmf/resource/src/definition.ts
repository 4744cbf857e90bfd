import type { Clock, Ids, JsonObject } from '@quotebridge/platform/core';
import type { ClientSession, IndexSpec } from '@quotebridge/platform/store';
import type { Context } from '@quotebridge/platform/telemetry';
import type { Principal } from '@quotebridge/platform/security';
import type { StateMachine } from '@quotebridge/tmf/state-machine';
import type { VersionMapper } from '@quotebridge/tmf/versions';
import type { Api, ApiVersion } from '@quotebridge/tmf-specs';
import type { GuardedItems } from './guarded-items';

/** What can be done with a resource over HTTP. */
export type Operation = 'list' | 'get' | 'create' | 'patch' | 'delete';

/** How one version of an API shows a resource. */
export interface VersionBinding {
  /** Name in paths and event payloads, for example `catalog` in v4 and `productCatalog` in v5. */
  readonly name: string;
  /** Path of the API, for example `/tmf-api/productCatalogManagement/v5`. */
  readonly basePath: string;
  /** Schema names in the API's OpenAPI document. */
  readonly schemas: { readonly create: string; readonly response: string };
  /** Attributes that the server sets: refused in a POST. */
  readonly serverSet: readonly string[];
  /** Attributes that a PATCH may not change. */
  readonly nonPatchable: readonly string[];
  /**
   * Lists that every answer has, empty where there is nothing, because the conformance kit of this version looks for
   * them. Only shown, never stored.
   */
  readonly shownLists?: readonly string[];
  /** From and to the stored (v5) shape; absent where the version is the stored shape. */
  readonly mapper?: VersionMapper;
}

/** Who writes and how: goes with every write down to the hooks. */
export interface WriteContext {
  /** Id of the principal, for the audit fields. */
  readonly actor: string;
  readonly origin: 'http' | 'ingest' | 'event';
  /** Who makes the request; absent where connectors and consumers write. */
  readonly principal?: Principal;
  /** Set on a request that asked for its references to be checked. */
  readonly checkReferences?: boolean;
  /** The transaction that the write belongs to. */
  readonly session?: ClientSession;
  readonly trace?: Context;
  /** Checks everything as for the write, and writes nothing. */
  readonly dryRun?: boolean;
  /** Further system fields of the document; their names begin with `_`. */
  readonly system?: Readonly<Record<string, unknown>>;
}

/** What a hook gets to know. */
export interface HookContext extends WriteContext {
  readonly id: string;
  readonly clock: Clock;
  readonly ids: Ids;
}

/** A further event of a write, beside create, change and delete. */
export interface ExtraEvent {
  /** For example `QuoteInformationRequiredEvent`. */
  readonly type: string;
}

/**
 * Behaviour of a resource beyond storing it. Hooks see and return v5 attributes without `id` and `href`, refuse by
 * throwing a `Refusal`, and change nothing else: what they return is written together with its events.
 */
export interface ResourceHooks {
  prepareCreate?(draft: JsonObject, context: HookContext): Promise<JsonObject> | JsonObject;
  prepareChange?(
    before: JsonObject,
    after: JsonObject,
    context: HookContext,
  ): Promise<JsonObject> | JsonObject;
  beforeRemove?(before: JsonObject, context: HookContext): Promise<void> | void;
  extraEvents?(
    before: JsonObject | undefined,
    after: JsonObject,
    context: HookContext,
  ): readonly ExtraEvent[];
}

/** What the guards of a state machine look at. */
export interface StateChange {
  readonly before: JsonObject;
  readonly after: JsonObject;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** The life cycle of a resource. */
export interface StateDefinition {
  readonly attribute: string;
  readonly machine: StateMachine<string, StateChange>;
  /** States that a POST may ask for; the machine's initial ones unless given. */
  readonly creatable?: readonly string[];
  /**
   * True when a record of an outside system may take several steps at once: it says where the resource is, not how
   * it got there. Every step in between must exist; their guards are not asked.
   */
  readonly skipsOnIngest?: boolean;
}

/** A field whose value is kept encrypted. */
export interface EncryptedField {
  readonly path: string;
  /** True when equal values must be found: a keyed hash of each is kept beside it. */
  readonly searchable?: true;
}

/** A TMF resource, declared once: routes, validators, store, events and docs for both versions come from it. */
export interface ResourceDefinition {
  readonly api: Api;
  /** v5 name; also the collection. */
  readonly name: string;
  readonly versions: Readonly<Partial<Record<ApiVersion, VersionBinding>>>;
  readonly operations: readonly Operation[];
  /** Event title without the suffix, for example `ProductOffering`. */
  readonly eventName: string;
  readonly domain: string;
  /** Date-time attribute that each change renews. */
  readonly touched?: string;
  /** True when several versions of one id live side by side (TMF620). */
  readonly versioned?: boolean;
  /**
   * True for a change that begins a version of its own, as another POST of the id would: what was there before stays
   * readable under `{id}:(version=…)`. For resources that are `versioned`.
   */
  readonly beginsVersion?: (before: JsonObject, after: JsonObject) => boolean;
  readonly state?: StateDefinition;
  readonly indexes: readonly IndexSpec[];
  /**
   * Attributes that are hidden from everybody without a scope that names them: attribute → resource of that scope.
   * They are left out of answers, filters and selections, and never part of an event.
   */
  readonly confidential?: Readonly<Record<string, string>>;
  /** Parts of its items that are seen only by who may read another resource; events and orders made of it hold them. */
  readonly guardedItems?: GuardedItems;
  /**
   * What is kept encrypted when the component has keys (docs/adr/0013): paths in the stored shape, through lists. Filters
   * can ask for equality of a searchable one; for any other only whether it exists.
   */
  readonly encrypted?: readonly EncryptedField[];
  /** Attribute with what other systems call the resource; `externalIdentifier` unless given. */
  readonly identifiers?: string;
  /**
   * The lock that a write needs, if any: writes of one lock run one after another, so that the hooks can keep a rule
   * over several documents, such as a tree without cycles. The lock is made with `ensureLock`.
   */
  readonly lockFor?: (before: JsonObject | undefined, after: JsonObject) => string | undefined;
  /** The lock that every removal needs, if any; one of those of `lockFor`. */
  readonly removalLock?: string;
  /**
   * Set when the rule is one over documents of this kind: of many that come at once and need the lock, each is then
   * stored before the next one is looked at, since two of them may break together what neither breaks alone.
   */
  readonly seesOwnKind?: boolean;
  /**
   * Set where the hooks hold what a write refers to when they are asked whether it is there (`checkReferences`), so that
   * it is not removed at the same moment: such a write is a transaction.
   */
  readonly holdsReferences?: boolean;
  readonly hooks?: ResourceHooks;
  /** Status of a successful POST; some quote requests are answered with 200. */
  readonly createStatus?: (document: JsonObject, version: ApiVersion) => 200 | 201;
}

/** The binding of a version, or an error for a resource that the version does not have. */
export const bindingOf = (definition: ResourceDefinition, version: ApiVersion): VersionBinding => {
  const binding = definition.versions[version];
  if (!binding) throw new Error(`${definition.api} ${version} has no ${definition.name}`);
  return binding;
};
