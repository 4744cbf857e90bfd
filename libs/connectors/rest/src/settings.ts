import type { CallSettings, RecordMapping, WebhookSigning } from '@quotebridge/connectors/sdk';
import type { Json, JsonObject } from '@quotebridge/platform/core';

/** How the connector signs in. */
export type RestAuth =
  | { readonly kind: 'none' }
  | { readonly kind: 'basic'; readonly user: string }
  | { readonly kind: 'bearer' }
  | { readonly kind: 'apiKey'; readonly in: 'header' | 'query'; readonly name: string }
  | {
      readonly kind: 'clientCredentials' | 'refreshToken';
      readonly tokenUrl: string;
      readonly clientId: string;
      readonly scope?: string;
      readonly send: 'basic' | 'form';
    };

/** How the pages of a list follow one another. */
export type Paging =
  | { readonly kind: 'none' }
  | { readonly kind: 'page'; readonly parameter: string; readonly first: number; readonly ragged: boolean }
  | { readonly kind: 'offset'; readonly parameter: string; readonly total?: string }
  | { readonly kind: 'cursor'; readonly parameter: string; readonly path: string }
  | { readonly kind: 'nextLink'; readonly path: string }
  | { readonly kind: 'linkHeader' };

/** How only what has changed is asked for. */
export interface Delta {
  readonly parameter: string;
  readonly format: 'iso' | 'epochSeconds' | 'epochMillis' | 'date';
  /** `{from}` stands for the time. */
  readonly template: string;
  /** The list is ordered by the time of change. */
  readonly sorted: boolean;
}

/** A list of the API that is read. */
export interface RestStream extends RecordMapping {
  readonly name: string;
  readonly title?: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  /** Path of the list in an answer; the answer itself is the list when absent. */
  readonly records?: string;
  readonly paging: Paging;
  readonly delta?: Delta;
  readonly missing?: 'delete' | 'report';
}

/** What an answer means beyond plain HTTP. All that is given must fit. */
export interface AnswerRule {
  readonly status?: readonly number[];
  /** Path of a value in the answer. */
  readonly path?: string;
  readonly values?: readonly Json[];
  readonly means: 'retry' | 'reject' | 'refresh' | 'pause' | 'fail';
  /** Header with the seconds to wait. */
  readonly waitHeader?: string;
}

/** A call that is made for an event. Texts are templates. */
export interface RestCall {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Json;
  /** Path of what the call gives; the whole answer when absent. Of a list the first entry counts. */
  readonly answer?: string;
}

/** What a component is told after a call: a patch of a resource. */
export interface RestResult {
  readonly resource: string;
  readonly id: string;
  readonly patch: JsonObject;
}

/** Something that is done when an event comes. */
export interface RestAction {
  readonly name: string;
  readonly title?: string;
  readonly events: readonly string[];
  readonly effect: 'once' | 'latest';
  /** Template of what the effect belongs to; an empty text leaves the event to others. */
  readonly key: string;
  readonly when?: { readonly path: string; readonly values: readonly Json[] };
  readonly lookup?: RestCall;
  readonly send: RestCall;
  readonly results: readonly RestResult[];
  readonly refused: readonly RestResult[];
}

/** A door for signed messages. */
export interface RestWebhook extends WebhookSigning {
  readonly name: string;
  readonly title?: string;
  readonly stream: string;
  /** Path of the record or records in a message; without it a message begins a delta run. */
  readonly records?: string;
  readonly maxBytes: number;
}

/** Settings of an instance, as the schema leaves them. */
export interface RestSettings extends CallSettings {
  readonly baseUrl: string;
  readonly auth: RestAuth;
  readonly headers: Readonly<Record<string, string>>;
  readonly check: string;
  readonly answers: readonly AnswerRule[];
  readonly streams: readonly RestStream[];
  readonly actions: readonly RestAction[];
  readonly webhooks: readonly RestWebhook[];
}

/** The settings after they were checked against the schema; the one place that trusts it. */
export const asSettings = (checked: JsonObject): RestSettings => checked as unknown as RestSettings;

const SECRETS: Readonly<Record<RestAuth['kind'], readonly string[]>> = {
  none: [],
  basic: ['password'],
  bearer: ['token'],
  apiKey: ['apiKey'],
  clientCredentials: ['clientSecret'],
  refreshToken: ['clientSecret', 'refreshToken'],
};

/** Name of the secret that signs the messages of a webhook. */
export const webhookSecret = (name: string): string => `webhook-${name}`;

/** The secrets that the chosen way to sign in and the webhooks need. */
export const requiredSecrets = (settings: JsonObject): readonly string[] => {
  const { auth, webhooks } = asSettings(settings) as Partial<RestSettings>;
  return [
    ...(SECRETS[auth?.kind ?? 'none'] ?? []),
    ...(Array.isArray(webhooks) ? webhooks : []).map(({ name }: RestWebhook) => webhookSecret(String(name))),
  ];
};
