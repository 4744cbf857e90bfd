import type { JsonObject } from '@quotebridge/platform/core';
import { eventually as waitFor } from '../support/eventually';

const send = async (url: string, method: string, body?: object): Promise<unknown> => {
  const reply = await fetch(url, { method, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
  if (!reply.ok) throw new Error(`${method} ${url}: ${reply.status} ${await reply.text()}`);
  const text = await reply.text();
  return text === '' ? undefined : JSON.parse(text);
};

/** One request as a sandbox noted it. */
export interface NotedRequest {
  readonly method: string;
  readonly url: string;
  readonly status: number;
  readonly faults: readonly string[];
}

/** Shows only to who names a version vaguely (`If-Match: *`), which nobody here does. */
const NEVER_MET = 'wantsExactEtag';

/** The names of faults that must have been played when they were got over. */
export const toBePlayed = (faults: readonly JsonObject[]): readonly string[] =>
  faults.map(({ name }) => String(name)).filter((name) => name !== NEVER_MET);

/** The switches of a running sandbox. */
export const control = (base: string) => ({
  fault: (fault: object) => send(`${base}/__sandbox/faults`, 'POST', fault),
  clear: () => send(`${base}/__sandbox/faults`, 'DELETE'),
  /** Whether every armed fault of this name was played at least once; one that is used up is no longer armed. */
  played: async (name: string): Promise<boolean> => {
    const { armed } = (await send(`${base}/__sandbox/faults`, 'GET')) as {
      armed: { name: string; shots: number }[];
    };
    return armed.every((one) => one.name !== name || one.shots > 0);
  },
  forget: () => send(`${base}/__sandbox/requests`, 'DELETE'),
  table: async (name: string) => (await send(`${base}/__sandbox/tables/${name}`, 'GET')) as JsonObject[],
  requests: async () => (await send(`${base}/__sandbox/requests`, 'GET')) as NotedRequest[],
  post: (path: string, body: object) => send(`${base}${path}`, 'POST', body),
});

/** Waits until the probe gives something, or fails after `ms`. */
export const eventually = <T>(probe: () => Promise<T | undefined> | T | undefined, ms?: number): Promise<T> =>
  waitFor(probe.toString(), probe, ms);
