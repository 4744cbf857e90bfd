import { messageOf, systemClock, type Clock } from '@quotebridge/platform/core';
import { bulkhead, type BulkheadPolicy, isBrokenCircuitError, isBulkheadRejectedError } from 'cockatiel';
import type { Agent } from 'undici';
import { CallFailed } from './call-failed';
import { breakerFor, type BreakerOptions } from './breaker';
import { classifyHttp } from './classify-http';
import {
  type Classifier,
  type Decision,
  type Exchange,
  type HttpReply,
  type Inject,
  isUnclear,
} from './decision';
import type { OutboundPolicy } from './outbound-policy';
import type { CallBudget } from './call-budget';
import { defaultRetryLimits, planRetry, type RetryLimits } from './retry-plan';
import { exchangeOnce } from './exchange';

/** One call. `path` is resolved against the client's base address; a full address must stay on the same origin. */
export interface HttpCall {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** May the same call be sent twice without a second effect? Default: by the method (RFC 9110, 9.2.2). */
  readonly idempotent?: boolean;
  /** Total time for this call with all its tries, milliseconds. */
  readonly deadlineMs?: number;
}

/** Puts credentials on a call and renews them. */
export interface Authorizer {
  headers(call: HttpCall): Promise<Readonly<Record<string, string>>>;
  /** Called once per call when the classifier says the credential in `used` is no longer valid. */
  refresh(token: 'access' | 'csrf', used: Readonly<Record<string, string>>): Promise<void>;
}

/** Settings of an {@link HttpClient}. Only `baseUrl` and `policy` are needed. */
export interface HttpClientOptions {
  readonly baseUrl: string;
  readonly policy: OutboundPolicy;
  readonly classify?: Classifier;
  readonly authorizer?: Authorizer;
  readonly budget?: CallBudget;
  readonly retry?: RetryLimits;
  readonly deadlineMs?: number;
  /** Time for one try, milliseconds. */
  readonly attemptMs?: number;
  readonly maxBodyBytes?: number;
  readonly concurrency?: number;
  readonly breaker?: BreakerOptions;
  readonly inject?: Inject;
  /** Sees every exchange: metrics, the vendor's own rate figures. */
  readonly observe?: (exchange: Exchange, decision: Decision) => void;
  readonly clock?: Clock;
  readonly sleep?: (ms: number) => Promise<void>;
  readonly random?: () => number;
}

const IDEMPOTENT = new Set(['GET', 'HEAD', 'PUT', 'DELETE']);
const realSleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * Calls one outside system: within its deadline and rate budget, behind a circuit breaker and a bulkhead, only to
 * allowed addresses, repeated when the decision says so. A call that is not idempotent is never repeated on an
 * unclear outcome; it fails with `ambiguous: true` and the caller looks.
 */
export class HttpClient {
  private readonly agent: Agent;
  private readonly gate: BulkheadPolicy;
  private readonly breaker: ReturnType<typeof breakerFor>;
  private readonly classify: Classifier;
  private readonly clock: Clock;
  private readonly sleep: (ms: number) => Promise<void>;
  private readonly random: () => number;
  private readonly retry: RetryLimits;

  constructor(private readonly options: HttpClientOptions) {
    const concurrency = options.concurrency ?? 8;
    this.agent = options.policy.agent({ connections: concurrency });
    this.gate = bulkhead(concurrency, 10_000);
    this.breaker = breakerFor(options.breaker ?? {});
    this.classify = options.classify ?? classifyHttp;
    this.clock = options.clock ?? systemClock;
    this.sleep = options.sleep ?? realSleep;
    this.random = options.random ?? Math.random;
    this.retry = options.retry ?? defaultRetryLimits;
  }

  /** `closed`, `open` (calls fail at once) or `half-open` (one call tries). */
  get circuit(): 'closed' | 'open' | 'half-open' {
    return this.breaker.state();
  }

  /** Sends the call and returns the answer that the classifier took for a success. Throws {@link CallFailed}. */
  async call(call: HttpCall): Promise<HttpReply> {
    const end = this.clock.now() + (call.deadlineMs ?? this.options.deadlineMs ?? 60_000);
    const idempotent = call.idempotent ?? IDEMPOTENT.has(call.method);
    const renewed = new Set<string>();
    for (let attempt = 1; ; attempt += 1) {
      const leftMs = end - this.clock.now();
      const { exchange, sentHeaders } = await this.try(call, leftMs);
      const decision = this.classify(exchange);
      this.options.observe?.(exchange, decision);
      if (decision.kind === 'succeed' && exchange.reply !== undefined) return exchange.reply;
      if (decision.kind === 'refreshToken' && !renewed.has(decision.token) && this.options.authorizer) {
        renewed.add(decision.token);
        await this.options.authorizer.refresh(decision.token, sentHeaders);
        attempt -= 1;
        continue;
      }
      const ambiguous = !idempotent && isUnclear(exchange, decision);
      const plan = idempotent
        ? planRetry(decision, attempt, end - this.clock.now(), this.retry, this.random())
        : { next: 'give-up' as const };
      if (plan.next !== 'wait') throw new CallFailed(decision, exchange, ambiguous);
      await this.sleep(plan.ms);
    }
  }

  /** Ends open connections. */
  async close(): Promise<void> {
    await this.agent.close();
  }

  private async try(
    call: HttpCall,
    leftMs: number,
  ): Promise<{ exchange: Exchange; sentHeaders: Record<string, string> }> {
    const url = new URL(call.path, this.options.baseUrl);
    const headers: Record<string, string> = { ...call.headers };
    const notSent = (message: string): Exchange => ({
      method: call.method,
      url: url.href,
      fault: { message, sent: false },
      atMs: this.clock.now(),
    });
    if (url.origin !== new URL(this.options.baseUrl).origin) {
      throw new CallFailed(
        { kind: 'fail', reason: `${url.origin} is not the address of this system` },
        notSent('another origin'),
        false,
      );
    }
    const waitedMs = await this.budget(url.href, call.method, leftMs);
    Object.assign(headers, await this.options.authorizer?.headers(call));
    // Before it waits for its turn: whose turn it is then has a trace of its own.
    const ended = this.options.inject?.(headers, { method: call.method, url });
    const timeoutMs = Math.max(1, Math.min(this.options.attemptMs ?? 30_000, leftMs - waitedMs));
    try {
      const exchange = await this.gate.execute(() =>
        this.breaker.run(() =>
          exchangeOnce(this.agent, url, call.method, headers, call.body, {
            timeoutMs,
            maxBodyBytes: this.options.maxBodyBytes ?? 32_000_000,
            clock: this.clock,
          }),
        ),
      );
      ended?.(exchange);
      return { exchange, sentHeaders: headers };
    } catch (thrown) {
      ended?.(notSent(messageOf(thrown)));
      if (!isBrokenCircuitError(thrown) && !isBulkheadRejectedError(thrown)) throw thrown;
      const why = isBrokenCircuitError(thrown) ? 'the circuit is open' : 'too many calls are waiting';
      throw new CallFailed(
        { kind: 'retryAfter', reason: `${why} for ${url.host}` },
        notSent(messageOf(thrown)),
        false,
      );
    }
  }

  private async budget(url: string, method: string, leftMs: number): Promise<number> {
    let waited = 0;
    for (;;) {
      const grant = (await this.options.budget?.take()) ?? { granted: true as const };
      if (grant.granted) return waited;
      const untilMs = this.clock.now() + grant.waitMs;
      const fault = { message: 'rate budget', sent: false };
      const exchange: Exchange = { method, url, fault, atMs: this.clock.now() };
      if (grant.spent === 'day') {
        const until = new Date(untilMs).toISOString();
        throw new CallFailed(
          { kind: 'pause', reason: `daily budget spent until ${until}`, untilMs },
          exchange,
          false,
        );
      }
      if (waited + grant.waitMs >= leftMs) {
        const reason = 'the rate per second leaves no time before the deadline';
        throw new CallFailed({ kind: 'retryAfter', reason, waitMs: grant.waitMs }, exchange, false);
      }
      await this.sleep(grant.waitMs);
      waited += grant.waitMs;
    }
  }
}
