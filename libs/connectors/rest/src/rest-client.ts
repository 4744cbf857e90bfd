import { callsOf, limitsOf, type ConnectorContext } from '@quotebridge/connectors/sdk';
import { HttpClient, type HttpCall, type HttpReply } from '@quotebridge/platform/resilience';
import { classifierFor } from './classify';
import type { RestSettings } from './settings';
import { signIn, type SignIn } from './sign-in';

/** Calls the API: signed in, within its budget, to its own address only. */
export class RestClient {
  private readonly http: HttpClient;
  private readonly auth: SignIn;

  constructor(
    private readonly settings: RestSettings,
    context: ConnectorContext,
  ) {
    this.auth = signIn(settings.auth, context);
    this.http = new HttpClient({
      baseUrl: settings.baseUrl,
      policy: context.policy,
      clock: context.clock,
      classify: classifierFor(settings.answers),
      authorizer: this.auth.authorizer,
      ...callsOf(settings),
      budget: context.budget(limitsOf(settings)),
      ...(context.inject === undefined ? {} : { inject: context.inject }),
    });
  }

  /** Sends a call; `path` is a path below the base address, or a full address on the same host. */
  call(call: HttpCall): Promise<HttpReply> {
    const headers = { accept: 'application/json', ...this.settings.headers, ...call.headers };
    return this.http.call({ ...call, path: this.addressOf(call.path), headers });
  }

  /** The full address of a path, with the query parameters of the sign-in. */
  addressOf(path: string): string {
    const base = this.settings.baseUrl.replace(/\/+$/, '');
    const url = new URL(path.startsWith('/') ? `${base}${path}` : path);
    for (const [name, value] of Object.entries(this.auth.query)) url.searchParams.set(name, value);
    return url.href;
  }

  async close(): Promise<void> {
    await this.auth.close();
    await this.http.close();
  }
}
