import { isJsonObject, type Json, type JsonObject } from '@quotebridge/platform/core';
import { SALESFORCE_SANDBOX_CREDENTIALS as CREDENTIALS } from './auth';

/** An answer as the tests look at it. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Json;
}

export const API = '/services/data/v62.0';

/** A signed-in caller of the sandbox. */
export class TestCaller {
  private token = '';

  constructor(readonly url: string) {}

  async signIn(form: Record<string, string> = {}): Promise<Answer> {
    const answer = await this.call(
      'POST',
      '/services/oauth2/token',
      new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: CREDENTIALS.clientId,
        client_secret: CREDENTIALS.clientSecret,
        ...form,
      }).toString(),
      { 'content-type': 'application/x-www-form-urlencoded' },
    );
    this.token = String(at(answer.body, 'access_token') ?? '');
    return answer;
  }

  async call(
    method: string,
    path: string,
    body?: Json,
    headers: Record<string, string> = {},
  ): Promise<Answer> {
    const response = await fetch(`${this.url}${path}`, {
      method,
      headers: { authorization: `Bearer ${this.token}`, 'content-type': 'application/json', ...headers },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: parsed(text) };
  }

  api(method: string, path: string, body?: Json, headers: Record<string, string> = {}): Promise<Answer> {
    return this.call(method, `${API}/${path}`, body, headers);
  }

  query(soql: string, headers: Record<string, string> = {}): Promise<Answer> {
    return this.api('GET', `query?q=${encodeURIComponent(soql)}`, undefined, headers);
  }

  async records(soql: string): Promise<JsonObject[]> {
    const answer = await this.query(soql);
    const records = at(answer.body, 'records');
    if (!Array.isArray(records)) throw new Error(JSON.stringify(answer.body));
    return records.filter(isJsonObject);
  }

  async arm(fault: JsonObject): Promise<void> {
    const answer = await this.call('POST', '/__sandbox/faults', fault);
    if (answer.status !== 201) throw new Error(JSON.stringify(answer.body));
  }
}

const parsed = (text: string): Json => {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text;
  }
};

/** The part of a value at a path such as `records.0.Name`. */
export const at = (json: Json | undefined, path: string): Json | undefined =>
  path.split('.').reduce<Json | undefined>((value, step) => {
    if (Array.isArray(value)) return value[Number(step)];
    return isJsonObject(value) ? value[step] : undefined;
  }, json);
