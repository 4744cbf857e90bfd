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
