import type { Json, JsonObject } from '@quotebridge/platform/core';
import type { FieldType, Notation } from './convert';
import type { SharingSettings } from './sharing';

/** Where one attribute comes from. Exactly one of `from` and `constant` is given. */
export interface FieldRule extends Notation {
  /** Name or path of the source's field. */
  readonly from?: string;
  readonly constant?: Json;
  /** Used when the source has no value. */
  readonly default?: Json;
  readonly required?: boolean;
  readonly type?: FieldType;
  /** Translates the source's words; a word that is not listed is refused. */
  readonly values?: Readonly<Record<string, Json>>;
  /** The value names another record: it becomes the id of its resource of this kind. */
  readonly reference?: string;
  /** Instance that publishes the resource referred to; this one when absent. */
  readonly referenceSource?: string;
  /** The rule holds only for records that have a value here. */
  readonly when?: string;
}

/** How a record of a configured source becomes a TMF resource (v5 shape). */
export interface RecordMapping extends SharingSettings {
  /** The TMF resource, for example `productSpecification`. */
  readonly resource: string;
  /** Fields that identify a record; several are joined by a slash. */
  readonly id: string | readonly string[];
  /** Kind of the external identifier, for example `part`. */
  readonly idType: string;
  /** The record's own time of change. */
  readonly changed?: FieldRule;
  /** How a record says that it has ended, and what then happens. */
  readonly deleted?: {
    readonly from: string;
    readonly values: readonly Json[];
    readonly as: 'delete' | 'retire';
  };
  /** Attribute path of the resource → a source field, or a rule. */
  readonly fields: Readonly<Record<string, string | FieldRule>>;
  /** Records as the source gives them, made up; see `Stream.samples`. */
  readonly samples?: readonly JsonObject[];
}
