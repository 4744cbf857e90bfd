import { setTimeout as sleep } from 'node:timers/promises';
import { Clients } from './clients';
import { call, V4 } from './support';

/** A text that stands in all that {@link HostileLoad} sends: nothing that is stored or published may hold it. */
export const MARK = 'may-never-be-stored';

const V5 = V4.replace(/v4$/, 'v5');
/** Longest wait of a client between two requests. */
const PACE_MS = 20;

interface BadRequest {
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

const merge = { 'content-type': 'application/merge-patch+json' };
const operations = { 'content-type': 'application/json-patch+json' };
/** What changes a category when nothing is wrong: a refusal of the rest has to undo it. */
const good = { description: MARK };
const rename = { op: 'replace', path: '/description', value: MARK };

/** Requests that have to be refused, by name; `id` is of a category that others change at the same time. */
export const BAD_REQUESTS: Readonly<Record<string, (id: string) => BadRequest>> = {
  'a body that breaks off': () => ({ method: 'POST', path: `${V4}/category`, body: `{"name":"${MARK}"` }),
  'a body of another type': () => ({
    method: 'POST',
    path: `${V4}/category`,
    body: JSON.stringify({ name: MARK }),
    headers: { 'content-type': 'text/plain' },
  }),
  'a new category without a name': () => ({ method: 'POST', path: `${V4}/category`, body: good }),
  'a new category with a word for a truth': () => ({
    method: 'POST',
    path: `${V5}/category`,
    body: { '@type': 'Category', name: MARK, isRoot: 'perhaps' },
  }),
  'a bad body under a key for repeats': () => ({
    method: 'POST',
    path: `${V4}/category`,
    body: { name: MARK, validFor: 'always' },
    headers: { 'idempotency-key': MARK },
  }),
  'a change of which half is wrong': (id) => ({
    method: 'PATCH',
    path: `${V4}/category/${id}`,
    body: { ...good, isRoot: 7 },
  }),
  'a change of the id': (id) => ({
    method: 'PATCH',
    path: `${V5}/category/${id}`,
    body: { '@type': 'Category', ...good, id: MARK },
    headers: merge,
  }),
  'operations of which the last fails': (id) => ({
    method: 'PATCH',
    path: `${V4}/category/${id}`,
    body: [rename, { op: 'test', path: '/name', value: MARK }],
    headers: operations,
  }),
  'operations of which the last is unknown': (id) => ({
    method: 'PATCH',
    path: `${V5}/category/${id}`,
    body: [rename, { op: 'run', path: '/name', value: MARK }],
    headers: operations,
  }),
  'a change of a revision that never was': (id) => ({
    method: 'PATCH',
    path: `${V4}/category/${id}`,
    body: good,
    headers: { 'if-match': '"0"' },
  }),
  'a deletion of a revision that never was': (id) => ({
    method: 'DELETE',
    path: `${V4}/category/${id}`,
    headers: { 'if-match': '"0"' },
  }),
  'a change of what is not there': () => ({
    method: 'PATCH',
    path: `${V4}/category/${MARK}`,
    body: good,
  }),
  'an operator of the database as a value': () => ({
    method: 'GET',
    path: `${V4}/category?name[$ne]=${MARK}`,
  }),
  'a callback to where credentials lie': () => ({
    method: 'POST',
    path: `${V4}/hub`,
    body: { callback: `http://169.254.169.254/${MARK}` },
  }),
  'an import of a file by its path': () => ({
    method: 'POST',
    path: `${V4}/importJob`,
    body: { url: `file:///etc/${MARK}` },
  }),
};

/** Clients that send {@link BAD_REQUESTS} about whatever `target` gives, until they are told to stop. */
export class HostileLoad extends Clients {
  /** Names of the requests that were refused as they should be. */
  readonly refused = new Map<string, number>();
  readonly errorIds: string[] = [];

  constructor(
    private readonly url: string,
    private readonly random: () => number,
    private readonly target: () => string,
    clients = 6,
  ) {
    super();
    this.begin(clients);
  }

  protected async work(): Promise<void> {
    const kinds = Object.entries(BAD_REQUESTS);
    while (this.running) {
      await sleep(this.random() * PACE_MS);
      // Those that were not refused yet come first: a slow machine sends few, and each kind counts.
      const open = kinds.filter(([name]) => !this.refused.has(name));
      const choice = open.length > 0 ? open : kinds;
      const [name, make] = choice[Math.floor(this.random() * choice.length)] ?? [];
      if (name !== undefined && make !== undefined) await this.send(name, make(this.target()));
    }
  }

  private async send(name: string, { method, path, body, headers }: BadRequest): Promise<void> {
    const answer = await call(`${this.url}${path}`, method, body, headers);
    // Nobody knows whether it arrived: if it did, it must not have done anything either.
    if (answer === undefined) return sleep(50);
    const { errorId, message, code } = answer.body;
    const isClear = [errorId, message, code].every((text) => typeof text === 'string' && text !== '');
    if (isClear) this.errorIds.push(String(errorId));
    if (answer.status === 503 && isClear) return sleep(50);
    if (isClear && answer.status >= 400 && answer.status < 500)
      return void this.refused.set(name, (this.refused.get(name) ?? 0) + 1);
    this.odd.push(`${name}: ${answer.status} ${JSON.stringify(answer.body)}`);
  }
}
