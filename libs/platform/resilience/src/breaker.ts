import { circuitBreaker, CircuitState, ConsecutiveBreaker, handleWhenResult } from 'cockatiel';
import type { Exchange } from './decision';

/** When calls to a system stop for a while. */
export interface BreakerOptions {
  /** Unhealthy exchanges in a row that open the circuit; default 8. */
  readonly failures?: number;
  /** Milliseconds until one call may try again; default 10,000. */
  readonly halfOpenAfterMs?: number;
}

const UNHEALTHY = new Set([500, 502, 503, 504]);

const isUnhealthy = (value: unknown): boolean => {
  const exchange = value as Exchange;
  return exchange.fault !== undefined || UNHEALTHY.has(exchange.reply?.status ?? 0);
};

/** A circuit breaker over exchanges: a refused record is a healthy answer, a server error or silence is not. */
export const breakerFor = ({
  failures = 8,
  halfOpenAfterMs = 10_000,
}: BreakerOptions): {
  run(send: () => Promise<Exchange>): Promise<Exchange>;
  state(): 'closed' | 'open' | 'half-open';
} => {
  const policy = circuitBreaker(handleWhenResult(isUnhealthy), {
    breaker: new ConsecutiveBreaker(failures),
    halfOpenAfter: halfOpenAfterMs,
  });
  return {
    run: (send) => policy.execute(send),
    state: () =>
      policy.state === CircuitState.Closed
        ? 'closed'
        : policy.state === CircuitState.HalfOpen
          ? 'half-open'
          : 'open',
  };
};
