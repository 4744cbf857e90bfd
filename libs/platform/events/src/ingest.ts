import type { Fault, JsonObject } from '@quotebridge/platform/core';

/** What happens with a record: make or renew it, change some attributes of it, or remove it. */
export type IngestOperation = 'upsert' | 'patch' | 'delete';

/** One record of an outside system, already in the TMF v5 shape. */
export interface IngestRecord {
  /** Its identifier in the outside system. */
  readonly externalId: string;
  readonly op: IngestOperation;
  /** The TMF id it has or gets; see `stableId`. */
  readonly id: string;
  /** When the outside system last changed it (date-time). An older record never replaces a newer one. */
  readonly modifiedAt?: string;
  readonly resource: JsonObject;
}

/**
 * What makes two records of different identifiers the same thing: all these attributes are equal (dotted paths into
 * the resource), or both carry the same external identifier of this type, of this owner, or whoever its owner is.
 */
export type NaturalKey =
  | { readonly attributes: readonly string[] }
  | { readonly externalIdentifierType: string; readonly owner?: string };

/**
 * Who wins when a record meets a resource that somebody else changed last. `newest`: the later source time;
 * `priority`: the one further up in `order` (sources by name, `local` for changes over the API); `manual`: the record
 * is rejected with what differs, so that a person decides; `incoming`: the record, because a person has decided so.
 */
export type ConflictRule =
  | { readonly rule: 'newest' }
  | { readonly rule: 'priority'; readonly order: readonly string[] }
  | { readonly rule: 'manual' }
  | { readonly rule: 'incoming' };

/** A batch of records on `ingest.<resource>`. */
export interface IngestBatch {
  readonly run: string;
  readonly batch: number;
  /** The connector instance that read them; owner of the external identifiers. */
  readonly source: string;
  readonly resource: string;
  readonly records: readonly IngestRecord[];
  /** Any of these finds the resource of a record whose id is not known. */
  readonly naturalKeys?: readonly NaturalKey[];
  /** Without a rule the last record wins. */
  readonly conflict?: ConflictRule;
  /**
   * Attributes that stay as they are here once the resource exists, whatever the record says: `description`, in every
   * entry of a list known by its `id` (`quoteItem.quantity`), or which entries a list has (`quoteItem[]`).
   */
  readonly ownedHere?: readonly string[];
  /**
   * Attributes that the source rules: one that a record does not have is removed from the resource that it renews. Without
   * this, what a record does not have stays.
   */
  readonly ownedThere?: readonly string[];
  /** Answer what would happen, and change nothing. */
  readonly dryRun?: boolean;
}

/** What became of one record. */
export interface RecordOutcome {
  readonly externalId: string;
  readonly status: 'created' | 'updated' | 'unchanged' | 'deleted' | 'rejected';
  /** The resource's id; another one than the record's when a natural key found it. */
  readonly id?: string;
  readonly faults?: readonly Fault[];
}

/** The owner's answer to a batch, on `ingest.outcome.<run>`. */
export interface IngestOutcome {
  readonly run: string;
  readonly batch: number;
  readonly resource: string;
  readonly outcomes: readonly RecordOutcome[];
}

/** Subject on which the owner of a resource takes batches. */
export const ingestSubject = (resource: string): string => `ingest.${resource}`;

/** Subject on which the outcomes of a run arrive. */
export const outcomeSubject = (run: string): string => `ingest.outcome.${run}`;
