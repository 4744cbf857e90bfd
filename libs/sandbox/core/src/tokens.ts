import { createHash, timingSafeEqual } from 'node:crypto';
import type { Clock } from '@quotebridge/platform/core';

/** Opaque access tokens of a sandbox, told apart by who got them, with an end of life. */
export class Tokens {
  private readonly ends = new Map<string, number>();

  constructor(
    private readonly clock: Clock,
    private readonly lifeMs: number,
    private readonly make: () => string,
  ) {}

  issue(): string {
    const token = this.make();
    this.ends.set(token, this.clock.now() + this.lifeMs);
    return token;
  }

  isValid(token: string): boolean {
    return (this.ends.get(token) ?? 0) > this.clock.now();
  }

  clear(): void {
    this.ends.clear();
  }
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** Compares secrets without telling by the time taken how much of them is right. */
export const sameSecret = (given: string, expected: string): boolean =>
  timingSafeEqual(digest(given), digest(expected));

/** User and password of an HTTP Basic header, or undefined when the header is another one or broken. */
export const basicCredentials = (
  authorization: string | undefined,
): { user: string; password: string } | undefined => {
  const encoded = /^Basic ([A-Za-z0-9+/=]+)$/i.exec(authorization ?? '')?.[1];
  if (encoded === undefined) return undefined;
  const text = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  return colon < 0 ? undefined : { user: text.slice(0, colon), password: text.slice(colon + 1) };
};

/** The token of an `Authorization: Bearer` header. */
export const bearerToken = (authorization: string | undefined): string | undefined =>
  /^Bearer (\S+)$/i.exec(authorization ?? '')?.[1];
