import { Refusal, isJsonObject, type Json } from '@quotebridge/platform/core';

/** A fault that a sandbox knows how to show. */
export interface FaultKind {
  readonly name: string;
  readonly description: string;
  /** True when the fault by itself only concerns writes (POST, PUT, PATCH, MERGE, DELETE). */
  readonly writesOnly?: boolean;
}

/** What a fault is matched against. */
export interface FaultTarget {
  readonly method: string;
  readonly url: string;
}

/** An armed fault. Times count down with every shot. */
export interface ArmedFault {
  readonly id: number;
  readonly name: string;
  /** Shots left; `always` never ends. */
  readonly times: number | 'always';
  /** Matching requests still to be let through before the first shot. */
  readonly after: number;
  readonly method?: string;
  /** Text that the request's URL must contain. */
  readonly path?: string;
  readonly ms?: number;
  readonly status?: number;
  readonly retryAfterSeconds?: number;
  readonly shots: number;
}

const WRITES = new Set(['POST', 'PUT', 'PATCH', 'MERGE', 'DELETE']);

const wrong = (message: string): Refusal => new Refusal(400, 'badFault', message);

const count = (body: Record<string, Json | undefined>, name: string): number | undefined => {
  const value = body[name];
  if (value === undefined) return undefined;
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0) return value;
  throw wrong(`"${name}" must be a whole number of 0 or more.`);
};

const word = (body: Record<string, Json | undefined>, name: string): string | undefined => {
  const value = body[name];
  if (value === undefined || typeof value === 'string') return value;
  throw wrong(`"${name}" must be text.`);
};

/** The fault switches of one sandbox: armed over HTTP or in code, taken by the place that misbehaves. */
export class Faults {
  private armed: ArmedFault[] = [];
  private lastId = 0;
  private readonly shown = new WeakMap<FaultTarget, string[]>();

  constructor(readonly kinds: readonly FaultKind[]) {}

  /** Arms a fault from an untrusted body; refuses names that this sandbox does not know. */
  arm(body: unknown): ArmedFault {
    if (!isJsonObject(body)) throw wrong('Send a JSON object such as {"name":"respond429","times":1}.');
    const name = body['name'];
    if (typeof name !== 'string' || !this.kinds.some((kind) => kind.name === name)) {
      const known = this.kinds.map((kind) => kind.name).join(', ');
      throw wrong(`There is no fault named ${JSON.stringify(name ?? null)}; this sandbox knows: ${known}.`);
    }
    const method = word(body, 'method');
    const path = word(body, 'path');
    const ms = count(body, 'ms');
    const status = count(body, 'status');
    const retryAfterSeconds = count(body, 'retryAfterSeconds');
    this.lastId += 1;
    const fault: ArmedFault = {
      id: this.lastId,
      name,
      times: body['times'] === 'always' ? 'always' : (count(body, 'times') ?? 1),
      after: count(body, 'after') ?? 0,
      shots: 0,
      ...(method === undefined ? {} : { method: method.toUpperCase() }),
      ...(path === undefined ? {} : { path }),
      ...(ms === undefined ? {} : { ms }),
      ...(status === undefined ? {} : { status }),
      ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
    };
    this.armed.push(fault);
    return fault;
  }

  list(): readonly ArmedFault[] {
    return this.armed;
  }

  clear(): void {
    this.armed = [];
  }

  /** Takes one shot of the named fault when it is armed for this request, else undefined. */
  take(name: string, target: FaultTarget): ArmedFault | undefined {
    const fault = this.armed.find((one) => one.name === name && this.matches(one, target));
    if (fault === undefined) return undefined;
    if (fault.after > 0) {
      this.replace(fault, { ...fault, after: fault.after - 1 });
      return undefined;
    }
    const times = fault.times === 'always' ? 'always' : fault.times - 1;
    const shot: ArmedFault = { ...fault, times, shots: fault.shots + 1 };
    this.replace(fault, shot);
    this.shown.set(target, [...this.shownTo(target), name]);
    return shot;
  }

  /** Names of the faults that this request was shown, for the journal. */
  shownTo(target: FaultTarget): readonly string[] {
    return this.shown.get(target) ?? [];
  }

  private matches(fault: ArmedFault, target: FaultTarget): boolean {
    const kind = this.kinds.find((one) => one.name === fault.name);
    return (
      fault.times !== 0 &&
      (fault.method === undefined
        ? kind?.writesOnly !== true || WRITES.has(target.method)
        : fault.method === target.method) &&
      (fault.path === undefined || target.url.includes(fault.path))
    );
  }

  private replace(before: ArmedFault, after: ArmedFault): void {
    this.armed = this.armed.flatMap((one) => (one !== before ? [one] : after.times === 0 ? [] : [after]));
  }
}

/** Faults that any HTTP system can show; the server scaffolding plays them. */
export const GENERAL_FAULTS: readonly FaultKind[] = [
  { name: 'dropRequest', description: 'Cuts the connection before anything is done.' },
  {
    name: 'dropResponseAfterCommit',
    description: 'Does the write, then cuts the connection: the answer is lost.',
    writesOnly: true,
  },
  {
    name: 'respond429',
    description: 'Answers 429; with a Retry-After header when retryAfterSeconds is given.',
  },
  { name: 'respond5xx', description: 'Answers with "status" (default 503) and does nothing.' },
  {
    name: 'respond5xxAfterCommit',
    description: 'Does the write, then answers with "status" (default 502).',
    writesOnly: true,
  },
  { name: 'respondHtml', description: 'Answers 200 with a web page, as a proxy in between does.' },
  { name: 'truncateBody', description: 'Sends only the first half of the answer.' },
  { name: 'expireToken', description: 'Every access token given so far becomes invalid.' },
  { name: 'delay', description: 'Waits "ms" milliseconds before working.' },
];
