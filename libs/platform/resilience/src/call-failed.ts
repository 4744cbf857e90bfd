import type { Decision, Exchange } from './decision';

/**
 * A call that did not succeed. `decision` says what kind of failure it is, `ambiguous` that the other side may have
 * done what it was asked. The message names the call and the reason, never headers or bodies (they hold secrets).
 */
export class CallFailed extends Error {
  constructor(
    readonly decision: Decision,
    readonly exchange: Exchange,
    readonly ambiguous: boolean,
  ) {
    const reason = decision.kind === 'succeed' ? 'no answer' : decision.reason;
    const [where] = exchange.url.split('?');
    super(`${exchange.method} ${where ?? ''}: ${reason}${ambiguous ? ' (outcome unknown)' : ''}`);
    this.name = 'CallFailed';
  }
}

/** True for a {@link CallFailed}, optionally of one kind of decision. */
export const isCallFailed = (thrown: unknown, kind?: Decision['kind']): thrown is CallFailed =>
  thrown instanceof CallFailed && (kind === undefined || thrown.decision.kind === kind);
