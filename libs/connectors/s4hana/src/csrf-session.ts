import type { HttpReply } from '@quotebridge/platform/resilience';

/** A CSRF token with the cookies it is valid with; the check is token against cookie, so they travel together. */
export interface CsrfSession {
  readonly token?: string;
  readonly cookies: string;
}

/** The `Cookie` header for a list of `Set-Cookie` headers: names and values, a later one replaces an earlier. */
export const cookieHeader = (setCookies: readonly string[]): string => {
  const jar = new Map<string, string>();
  for (const line of setCookies) {
    const [pair = ''] = line.split(';');
    const at = pair.indexOf('=');
    if (at > 0) jar.set(pair.slice(0, at).trim(), pair.slice(at + 1).trim());
  }
  return [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
};

/** Keeps one CSRF session and fetches a new one when it is needed; concurrent callers share the fetch. */
export class CsrfCache {
  private session: CsrfSession | undefined;
  private fetching: Promise<CsrfSession> | undefined;

  constructor(private readonly fetchSession: () => Promise<CsrfSession>) {}

  /** Headers for a write. A system that gives no token gets none. */
  async headers(): Promise<Readonly<Record<string, string>>> {
    const { token, cookies } = this.session ?? (await this.renew());
    return {
      ...(token === undefined ? {} : { 'x-csrf-token': token }),
      ...(cookies === '' ? {} : { cookie: cookies }),
    };
  }

  /** Forgets the session unless it has been renewed since the refused call. */
  invalidate(refusedToken: string | undefined): void {
    if (this.session?.token === refusedToken) this.session = undefined;
  }

  private async renew(): Promise<CsrfSession> {
    this.fetching ??= this.fetchSession().finally(() => (this.fetching = undefined));
    this.session = await this.fetching;
    return this.session;
  }
}

/** A CSRF session for each service: who may write in one need not be allowed to see another. */
export class CsrfSessions {
  private readonly caches = new Map<string, CsrfCache>();

  /** `fetch` reads the root of a service, asking for a token. */
  constructor(private readonly fetch: (root: string) => Promise<HttpReply>) {}

  /** Headers for a write to the service with this root. */
  headers(root: string): Promise<Readonly<Record<string, string>>> {
    const known = this.caches.get(root);
    if (known !== undefined) return known.headers();
    const made = new CsrfCache(async () => {
      const { headers, setCookies } = await this.fetch(root);
      const token = headers['x-csrf-token'];
      return { cookies: cookieHeader(setCookies), ...(token === undefined ? {} : { token }) };
    });
    this.caches.set(root, made);
    return made.headers();
  }

  /** Forgets the session that was refused. */
  invalidate(refusedToken: string | undefined): void {
    for (const cache of this.caches.values()) cache.invalidate(refusedToken);
  }
}
