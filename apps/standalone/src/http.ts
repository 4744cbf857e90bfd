import { isJsonObject, type Json, type JsonObject } from '@quotebridge/platform/core';

/** One call of the demonstration, as an outside client would make it. */
export interface Call {
  readonly method?: 'GET' | 'POST' | 'PATCH';
  readonly body?: JsonObject | string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Calls an address and gives its JSON answer. Throws a sentence with the status and the body of a refusal. */
export const call = async (
  address: string,
  { method = 'GET', body, headers = {} }: Call = {},
): Promise<Json> => {
  const form = typeof body === 'string';
  const answer = await fetch(address, {
    method,
    headers: {
      ...(body === undefined
        ? {}
        : { 'content-type': form ? 'application/x-www-form-urlencoded' : 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: form ? body : JSON.stringify(body) }),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${address} answered ${answer.status}: ${text.slice(0, 500)}`);
  return text === '' ? null : (JSON.parse(text) as Json);
};

/** An answer that must be an object. */
export const callObject = async (address: string, options?: Call): Promise<JsonObject> => {
  const answer = await call(address, options);
  if (!isJsonObject(answer)) throw new Error(`${address} did not answer with an object`);
  return answer;
};

/** An answer that must be a list of objects. */
export const callList = async (address: string): Promise<JsonObject[]> => {
  const answer = await call(address);
  if (!Array.isArray(answer)) throw new Error(`${address} did not answer with a list`);
  return answer.filter(isJsonObject);
};

/** Asks again until there is an answer. Throws a sentence when that takes longer than `timeoutMs`. */
export const until = async <T>(
  what: string,
  ask: () => Promise<T | undefined>,
  timeoutMs = 60_000,
): Promise<T> => {
  const end = Date.now() + timeoutMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (Date.now() > end) throw new Error(`${what} did not happen within ${timeoutMs / 1_000} seconds`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
};
