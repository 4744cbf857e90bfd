import { err, ok, type Result } from '@quotebridge/platform/core';

/**
 * The address of the next page, or why it is refused. A link to another scheme, host or port is never followed: it
 * would carry the credential to a server that nobody configured.
 */
export const nextLink = (current: string, link: string): Result<string, string> => {
  try {
    const base = new URL(current);
    const next = new URL(link, base);
    if (next.origin !== base.origin) {
      return err(`the next link points to ${next.origin} instead of ${base.origin}; it is not followed`);
    }
    return ok(next.href);
  } catch {
    return err('the next link is not an address');
  }
};
