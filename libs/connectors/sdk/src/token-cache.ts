import type { Clock } from '@quotebridge/platform/core';

/** A fetched credential. `expiresAtMs` is absent when the system does not tell (it is then used until refused). */
export interface Token {
  readonly value: string;
  readonly expiresAtMs?: number;
}

/** Renewed this long before the end, so that a token does not expire on its way. */
const MARGIN_MS = 30_000;

/** True while a token need not be renewed. */
export const isFresh = ({ expiresAtMs = Infinity }: Token, clock: Clock): boolean =>
  clock.now() < expiresAtMs - MARGIN_MS;

/**
 * Keeps one token and fetches a new one when it is needed; callers that come meanwhile share the same fetch, so that
 * a burst of refused calls causes one renewal.
 */
export class TokenCache {
  private token: Token | undefined;
  private fetching: Promise<Token> | undefined;

  constructor(
    private readonly fetchToken: () => Promise<Token>,
    private readonly clock: Clock,
  ) {}

  /** A usable token value. Rejects when it cannot be fetched; the next call tries again. */
  async get(): Promise<string> {
    const kept = this.token;
    if (kept !== undefined && isFresh(kept, this.clock)) return kept.value;
    this.fetching ??= this.renew();
    return (await this.fetching).value;
  }

  /** Forgets the token, but only if it is still the one that was refused: a late refusal must not undo a renewal. */
  invalidate(refused: string): void {
    if (this.token?.value === refused) this.token = undefined;
  }

  private async renew(): Promise<Token> {
    try {
      this.token = await this.fetchToken();
      return this.token;
    } finally {
      this.fetching = undefined;
    }
  }
}
