import { TokenCache } from './token-cache';
import { tokenEndpoint, type TokenEndpointOptions, type TokenRules } from './token-endpoint';

/** An OAuth 2.0 client (RFC 6749, 4.4), and why one of its tokens would not be used. */
export interface ClientCredentialsOptions extends TokenEndpointOptions, Pick<TokenRules, 'unfit'> {}

/** A kept access token. */
export interface AccessTokens {
  get(): Promise<string>;
  invalidate(refused: string): void;
  close(): Promise<void>;
}

/** Tokens by the client credentials grant: fetched when needed, shared, renewed before they end or when refused. */
export const clientCredentials = (options: ClientCredentialsOptions): AccessTokens => {
  const { unfit } = options;
  const endpoint = tokenEndpoint(options, {
    refused: (reason) => `the client was refused (${reason})`,
    ...(unfit === undefined ? {} : { unfit }),
  });
  const form = { grant_type: 'client_credentials' };
  const cache = new TokenCache(
    async () => (await endpoint.ask({ form, idempotent: true })).token,
    options.clock,
  );
  return {
    get: () => cache.get(),
    invalidate: (refused) => cache.invalidate(refused),
    close: () => endpoint.close(),
  };
};
