import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf, type JsonObject } from '@quotebridge/platform/core';
import { retryAfterMs } from '@quotebridge/platform/resilience';
import { Agent, request, type Dispatcher } from 'undici';
import type { ClusterAddress } from './address';
import { errorOf, KubeError } from './kube-error';
import { apiVersionOf, pathOf, type KubeObject, type ResourceType } from './resource';
import { objectLines } from './object-lines';

/** What a list gave: the objects and the version from which a watch goes on. */
export interface KubeList {
  readonly items: readonly KubeObject[];
  readonly resourceVersion: string;
}

/** One line of a watch. */
export interface WatchEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR';
  readonly object: KubeObject;
}

/** Which objects of a kind. */
export interface Selection {
  readonly namespace?: string;
  readonly labelSelector?: string;
  /** At most the one of that name. */
  readonly name?: string;
  /** For what lists can be narrowed down to besides, such as `status.phase!=Failed`. */
  readonly fieldSelector?: string;
  /** Only metadata is sent: for Secrets, whose values are nobody's business. */
  readonly metadataOnly?: boolean;
}

interface Call {
  readonly method: Dispatcher.HttpMethod;
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: object;
  readonly contentType?: string;
  readonly accept?: string;
}

interface ClientOptions {
  readonly address: ClusterAddress;
  /** Owner of the fields that {@link KubeClient.apply} sets, and user agent. */
  readonly manager: string;
  /** Most requests at a time; more wait. A thousand objects at start must not become a thousand requests. */
  readonly concurrency?: number;
  readonly timeoutMs?: number;
}

const PAGE = '500';
const TRIES_WHEN_BUSY = 4;
const LONGEST_WAIT_MS = 10_000;
const JSON_TYPE = 'application/json';
const METADATA = 'as=PartialObjectMetadata;g=meta.k8s.io;v=v1';
const METADATA_LIST = 'as=PartialObjectMetadataList;g=meta.k8s.io;v=v1';

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return { message: text.slice(0, 300) };
  }
};

/**
 * A client of the Kubernetes API: get, list, watch, server-side apply, and nothing that an operator does not need.
 * Answers that are no success are thrown as {@link KubeError}; "too many requests" is waited out a few times first.
 */
export class KubeClient {
  private readonly agent: Agent;
  private free: number;
  private readonly waiting: (() => void)[] = [];

  constructor(private readonly options: ClientOptions) {
    const { ca, cert, key } = options.address;
    this.agent = new Agent({
      connect: {
        timeout: 5_000,
        ...(ca === undefined ? {} : { ca }),
        ...(cert === undefined ? {} : { cert }),
        ...(key === undefined ? {} : { key }),
      },
      keepAliveTimeout: 30_000,
    });
    this.free = options.concurrency ?? 16;
  }

  async get(type: ResourceType, namespace: string, name: string): Promise<KubeObject | undefined> {
    try {
      return await this.call({ method: 'GET', path: pathOf(type, namespace, name) });
    } catch (thrown) {
      if (thrown instanceof KubeError && thrown.code === 404) return undefined;
      throw thrown;
    }
  }

  /** Everything of a selection, read in pages. */
  async list(
    type: ResourceType,
    { namespace, labelSelector, name, fieldSelector, metadataOnly }: Selection,
  ): Promise<KubeList> {
    const fields = name === undefined ? fieldSelector : `metadata.name=${name}`;
    const items: KubeObject[] = [];
    let next = '';
    for (;;) {
      const page: JsonObject = await this.call({
        method: 'GET',
        path: pathOf(type, namespace),
        query: {
          limit: PAGE,
          ...(labelSelector === undefined ? {} : { labelSelector }),
          ...(fields === undefined ? {} : { fieldSelector: fields }),
          ...(next === '' ? {} : { continue: next }),
        },
        ...(metadataOnly ? { accept: `${JSON_TYPE};${METADATA_LIST}` } : {}),
      });
      const { resourceVersion = '', continue: more = '' } = page['metadata'] as Record<string, string>;
      // Items leave out what all have in common, and a list of metadata without items has null there.
      for (const item of (page['items'] ?? []) as unknown as KubeObject[])
        items.push({ ...item, apiVersion: apiVersionOf(type), kind: type.kind });
      if (more === '') return { items, resourceVersion };
      next = more;
    }
  }

  /**
   * Changes after a resource version, until the server ends the watch after `seconds`. Throws when nothing at all,
   * not even a bookmark, has come for `silenceMs`: such a watch is dead, whatever its connection says.
   */
  async *watch(
    type: ResourceType,
    { namespace, labelSelector, metadataOnly }: Selection,
    from: { readonly resourceVersion: string; readonly seconds: number; readonly silenceMs: number },
    signal: AbortSignal,
  ): AsyncGenerator<WatchEvent> {
    const response = await this.send(
      {
        method: 'GET',
        path: pathOf(type, namespace),
        query: {
          watch: '1',
          allowWatchBookmarks: 'true',
          resourceVersion: from.resourceVersion,
          timeoutSeconds: String(from.seconds),
          ...(labelSelector === undefined ? {} : { labelSelector }),
        },
        ...(metadataOnly ? { accept: `${JSON_TYPE};${METADATA}` } : {}),
      },
      { signal, bodyTimeout: from.silenceMs },
    );
    if (response.statusCode !== 200) {
      const text = await response.body.text();
      throw errorOf(`Watching ${type.plural}`, response.statusCode, parse(text));
    }
    for await (const value of objectLines(response.body)) {
      const event = value as unknown as WatchEvent;
      if (event.type === 'ERROR') {
        const status: unknown = event.object;
        throw errorOf(`Watching ${type.plural}`, Number((status as JsonObject)['code'] ?? 500), status);
      }
      yield event;
    }
  }

  /**
   * Server-side apply: the object becomes as given in every field given, fields applied before and now absent are
   * removed, and fields of others stay. Unknown fields are refused. Without `force` a field that another manager owns
   * with another value is a 409.
   */
  apply(
    type: ResourceType,
    object: KubeObject,
    { subresource, force = true }: { readonly subresource?: 'status'; readonly force?: boolean } = {},
  ): Promise<KubeObject> {
    const { namespace, name } = object.metadata;
    const path = pathOf(type, namespace, name);
    return this.call({
      method: 'PATCH',
      path: subresource === undefined ? path : `${path}/${subresource}`,
      query: { fieldManager: this.options.manager, force: String(force), fieldValidation: 'Strict' },
      contentType: 'application/apply-patch+yaml',
      body: object,
    });
  }

  /** Merge patch (RFC 7396). With `metadata.resourceVersion` in it, only on that version (409 otherwise). */
  patch(type: ResourceType, namespace: string, name: string, patch: JsonObject): Promise<KubeObject> {
    return this.call({
      method: 'PATCH',
      path: pathOf(type, namespace, name),
      query: { fieldManager: this.options.manager },
      contentType: 'application/merge-patch+json',
      body: patch,
    });
  }

  create(type: ResourceType, namespace: string | undefined, object: object): Promise<KubeObject> {
    return this.call({
      method: 'POST',
      path: pathOf(type, namespace),
      query: { fieldManager: this.options.manager },
      body: object,
    });
  }

  /** Replaces an object; refused with 409 when its `resourceVersion` is no longer the stored one. */
  replace(type: ResourceType, object: KubeObject): Promise<KubeObject> {
    return this.call({
      method: 'PUT',
      path: pathOf(type, object.metadata.namespace, object.metadata.name),
      query: { fieldManager: this.options.manager },
      body: object,
    });
  }

  /** Deletes an object; one that is not there any more is fine. */
  async remove(type: ResourceType, namespace: string | undefined, name: string): Promise<void> {
    try {
      await this.call({ method: 'DELETE', path: pathOf(type, namespace, name) });
    } catch (thrown) {
      if (!(thrown instanceof KubeError && thrown.code === 404)) throw thrown;
    }
  }

  /** Any request on a path, for what has no method of its own. */
  async call<T>(call: Call): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      await this.turn();
      let answer: Dispatcher.ResponseData;
      let text: string;
      try {
        answer = await this.send(call, { bodyTimeout: this.options.timeoutMs ?? 30_000 });
        text = await answer.body.text();
      } catch (thrown) {
        if (thrown instanceof KubeError) throw thrown;
        throw this.unreachable(call, thrown);
      } finally {
        this.done();
      }
      if (answer.statusCode < 300) return JSON.parse(text) as T;
      const header = answer.headers['retry-after'];
      const wait = retryAfterMs(typeof header === 'string' ? header : undefined, Date.now());
      const what = `${call.method} ${call.path}`;
      if (answer.statusCode !== 429 || attempt >= TRIES_WHEN_BUSY) {
        throw errorOf(what, answer.statusCode, parse(text), wait);
      }
      await sleep(Math.min(LONGEST_WAIT_MS, (wait ?? 1_000) * attempt));
    }
  }

  /** Closes every connection, watches included. */
  async close(): Promise<void> {
    await this.agent.destroy();
  }

  private async send(
    { method, path, query = {}, body, contentType = JSON_TYPE, accept = JSON_TYPE }: Call,
    limits: { readonly signal?: AbortSignal; readonly bodyTimeout: number },
  ): Promise<Dispatcher.ResponseData> {
    const { address, manager, timeoutMs = 30_000 } = this.options;
    const token = address.token?.();
    try {
      return await request(`${address.url}${path}`, {
        dispatcher: this.agent,
        method,
        query,
        headersTimeout: timeoutMs,
        bodyTimeout: limits.bodyTimeout,
        signal: limits.signal ?? null,
        headers: {
          accept,
          'user-agent': manager,
          ...(body === undefined ? {} : { 'content-type': contentType }),
          ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
    } catch (thrown) {
      throw this.unreachable({ method, path }, thrown);
    }
  }

  private unreachable({ method, path }: Call, thrown: unknown): KubeError {
    return new KubeError(0, 'Unreachable', `${method} ${path}: ${messageOf(thrown)}`, undefined, {
      cause: thrown,
    });
  }

  private async turn(): Promise<void> {
    if (this.free > 0) this.free -= 1;
    else await new Promise<void>((resolve) => this.waiting.push(resolve));
  }

  private done(): void {
    const next = this.waiting.shift();
    if (next === undefined) this.free += 1;
    else next();
  }
}
