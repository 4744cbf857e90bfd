import type { Fault, JsonObject } from '@quotebridge/platform/core';
import type { Action, Principal } from '@quotebridge/platform/security';
import type { Context } from '@quotebridge/platform/telemetry';
import type { TransactionFacts } from '../transactions/transaction';
import type { JsonText } from './json-text';
import type { ApiSchema } from './schema';

/** The versions of the business API that are served side by side. */
export type BusinessVersion = 'v1' | 'v2';

/** A parameter of a query. Its text is checked by the kind before the operation is asked. */
export interface QueryParameter {
  readonly kind: 'text' | 'integer' | 'decimal' | 'date-time' | 'currency';
  readonly doc: string;
  readonly example?: string;
  readonly required?: true;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly values?: readonly string[];
  /** Words that may stand in the place of such a value. */
  readonly words?: readonly string[];
}

/** What an operation is asked with. */
export interface ApiCall {
  readonly version: BusinessVersion;
  /** The body, valid by its schema; an empty object where none is declared. */
  readonly body: JsonObject;
  readonly id: string;
  readonly query: Readonly<Record<string, string | undefined>>;
  readonly principal: Principal;
  readonly idempotencyKey?: string;
  readonly trace?: Context;
  /** Tells the transaction log what the call is about. */
  note(facts: TransactionFacts): void;
}

/** What an operation answers. */
export interface ApiAnswer {
  readonly status: number;
  readonly body: JsonObject | JsonText;
  readonly headers?: Readonly<Record<string, string>>;
}

/** One operation of the business API: its route, its checks, its documentation and what it does. */
export interface ApiOperation {
  readonly id: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH';
  /** Below the base path, with one variable at most: what an {@link ApiCall} has as `id`. */
  readonly path: string;
  /** What the variable of the path stands for. */
  readonly named?: { readonly doc: string; readonly example: string };
  readonly summary: string;
  readonly scope: readonly [resource: string, action: Action];
  readonly query?: Readonly<Record<string, QueryParameter>>;
  readonly body?: ApiSchema;
  /** Bodies that are right, by their name; shown in the document, and each is sent by a test. */
  readonly examples?: Readonly<Record<string, JsonObject>>;
  /** What a body that may be wrong says of itself, for the transaction log. */
  readonly claims?: (body: JsonObject) => TransactionFacts;
  /** What is wrong with a body, where its schema has alternatives that are better told apart; else the schema says it. */
  readonly check?: (body: JsonObject) => Fault[];
  /** Answers that are no faults, by status. */
  readonly answers: Readonly<Record<number, readonly [doc: string, schema: ApiSchema]>>;
  handle(call: ApiCall): Promise<ApiAnswer>;
}
