import {
  valueAt,
  type Action,
  type ActionEvent,
  type ActionResult,
  type ConnectorContext,
} from '@quotebridge/connectors/sdk';
import { isJsonObject, type Json, type JsonObject } from '@quotebridge/platform/core';
import { isCallFailed, replyJson, type HttpReply } from '@quotebridge/platform/resilience';
import type { RestClient } from './rest-client';
import type { RestAction, RestCall, RestResult } from './settings';
import { fillJson, fillText, type ExternalIdOf } from './template';

const scopeOf = ({ resource, eventId, eventType, eventTime }: ActionEvent): JsonObject => ({
  resource,
  eventId,
  eventType,
  eventTime,
});

const firstObject = (reply: HttpReply, path: string | undefined): JsonObject | undefined => {
  const body = replyJson(reply);
  const found = path === undefined ? body : isJsonObject(body) ? valueAt(body, path) : undefined;
  const first: Json | undefined = Array.isArray(found) ? found[0] : found;
  return isJsonObject(first) ? first : undefined;
};

const NO_EXTERNAL_IDS: ExternalIdOf = async () => undefined;

/** A template without look-ups outside is filled at once; what the engine wants from here is pure. */
const filledNow = (template: Json, scope: JsonObject): Json | undefined => {
  if (typeof template === 'string') {
    const whole = /^\{([^{}]+)\}$/.exec(template)?.[1];
    if (whole !== undefined) return valueAt(scope, whole);
    return template.replace(/\{([^{}]+)\}/g, (_hole, path: string) => String(valueAt(scope, path) ?? ''));
  }
  if (Array.isArray(template))
    return template.flatMap((part): Json[] => {
      const value = filledNow(part, scope);
      return value === undefined ? [] : [value];
    });
  if (!isJsonObject(template)) return template;
  const entries = Object.entries(template).flatMap(([name, part]): [string, Json][] => {
    const value = filledNow(part ?? null, scope);
    return value === undefined ? [] : [[name, value]];
  });
  return Object.fromEntries(entries);
};

const resultsOf = (results: readonly RestResult[], scope: JsonObject): readonly ActionResult[] =>
  results.flatMap(({ resource, id, patch }) => {
    const key = filledNow(id, scope);
    const filled = filledNow(patch, scope);
    if (typeof key !== 'string' || key === '' || !isJsonObject(filled)) return [];
    return [{ resource, record: { externalId: key, op: 'patch', id: key, resource: filled } }];
  });

/** A call that the settings describe, made when an event comes. */
export const restAction = (
  action: RestAction,
  client: Pick<RestClient, 'call'>,
  { externalIdOf }: Pick<ConnectorContext, 'externalIdOf'>,
): Action => {
  /** The call for what the resource says, whichever event told it. */
  const callFor = async ({ resource }: ActionEvent): Promise<string> => {
    const { path, body = null } = action.send;
    const scope = { resource };
    return JSON.stringify([
      await fillText(path, scope, externalIdOf),
      await fillJson(body, scope, externalIdOf),
    ]);
  };
  const perform = async (call: RestCall, event: ActionEvent): Promise<HttpReply> => {
    const scope = scopeOf(event);
    const body = call.body === undefined ? undefined : await fillJson(call.body, scope, externalIdOf);
    const headers: Record<string, string> = {};
    for (const [name, template] of Object.entries(call.headers ?? {}))
      headers[name.toLowerCase()] = (await fillText(template, scope, externalIdOf)).replace(
        /[^\x20-\x7e]/g,
        '',
      );
    return client.call({
      method: call.method,
      path: await fillText(call.path, scope, externalIdOf, encodeURIComponent),
      headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      // An effect that happens once is looked for after a lost answer, whatever the method; never simply sent again.
      idempotent: call.method === 'GET' || action.effect === 'latest',
    });
  };
  return {
    name: action.name,
    title: action.title ?? action.name,
    subjects: action.events.map((event) => `tmf.${event}`),
    effect: action.effect,
    key: async (event) => {
      const { when } = action;
      const value = when === undefined ? undefined : valueAt(event.resource, when.path);
      if (when !== undefined && !when.values.some((wanted) => wanted === value)) return undefined;
      const key = await fillText(action.key, scopeOf(event), NO_EXTERNAL_IDS);
      return key === '' ? undefined : key;
    },
    lookup: async (event) => {
      if (action.lookup === undefined) return undefined;
      try {
        return firstObject(await perform(action.lookup, event), action.lookup.answer);
      } catch (thrown) {
        const isAbsent = isCallFailed(thrown, 'reject') && thrown.exchange.reply?.status === 404;
        if (isAbsent) return undefined;
        throw thrown;
      }
    },
    send: async (event) => firstObject(await perform(action.send, event), action.send.answer) ?? {},
    results: (event, effect) => resultsOf(action.results, { ...scopeOf(event), effect }),
    refused: (event, reason, at) => resultsOf(action.refused, { ...scopeOf(event), reason, at }),
    // What is told of a refusal, with its time perhaps, is an event again: the same call would be refused without end.
    ...(action.refused.length === 0 ? {} : { asks: callFor }),
  };
};
