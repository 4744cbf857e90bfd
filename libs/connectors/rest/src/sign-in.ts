import { clientCredentials, type AccessTokens, type ConnectorContext } from '@quotebridge/connectors/sdk';
import type { Authorizer } from '@quotebridge/platform/resilience';
import { refreshTokens } from './refresh-token';
import type { RestAuth } from './settings';

/** How requests are authorized. */
export interface SignIn {
  readonly authorizer: Authorizer;
  /** Query parameters of every request. */
  readonly query: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

const fixed = (
  headers: Readonly<Record<string, string>>,
  query: Readonly<Record<string, string>> = {},
): SignIn => ({
  authorizer: { headers: async () => headers, refresh: async () => undefined },
  query,
  close: async () => undefined,
});

const withTokens = (tokens: AccessTokens): SignIn => ({
  authorizer: {
    headers: async () => ({ authorization: `Bearer ${await tokens.get()}` }),
    refresh: async (_token, used) => tokens.invalidate((used['authorization'] ?? '').replace(/^Bearer /, '')),
  },
  query: {},
  close: () => tokens.close(),
});

/** Puts credentials on requests, the way the settings say. */
export const signIn = (
  auth: RestAuth,
  context: Pick<ConnectorContext, 'secrets' | 'policy' | 'clock' | 'notes' | 'alone' | 'inject'>,
): SignIn => {
  const secret = (name: string): string => context.secrets[name] ?? '';
  switch (auth.kind) {
    case 'none':
      return fixed({});
    case 'basic':
      return fixed({
        authorization: `Basic ${Buffer.from(`${auth.user}:${secret('password')}`).toString('base64')}`,
      });
    case 'bearer':
      return fixed({ authorization: `Bearer ${secret('token')}` });
    case 'apiKey':
      return auth.in === 'header'
        ? fixed({ [auth.name.toLowerCase()]: secret('apiKey') })
        : fixed({}, { [auth.name]: secret('apiKey') });
    case 'clientCredentials':
      return withTokens(clientCredentials({ ...auth, ...context, clientSecret: secret('clientSecret') }));
    case 'refreshToken':
      return withTokens(
        refreshTokens({
          ...auth,
          ...context,
          clientSecret: secret('clientSecret'),
          refreshToken: secret('refreshToken'),
        }),
      );
  }
};
