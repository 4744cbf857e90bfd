import { clientCredentials, type ConnectorContext } from '@quotebridge/connectors/sdk';
import type { S4Settings } from './settings';

/** Puts the user or the access token on a call. */
export interface SignIn {
  header(): Promise<string>;
  invalidate(refusedHeader: string): void;
  close(): Promise<void>;
}

type Shared = Pick<ConnectorContext, 'policy' | 'clock' | 'inject' | 'secrets'>;

/** The way to sign in that the settings chose: HTTP Basic, or OAuth 2.0 client credentials (RFC 6749, 4.4). */
export const signInFor = ({ auth }: S4Settings, { secrets, ...shared }: Shared): SignIn => {
  if (auth.kind === 'basic') {
    const value = Buffer.from(`${auth.user}:${secrets['password'] ?? ''}`).toString('base64');
    return {
      header: async () => `Basic ${value}`,
      invalidate: () => undefined,
      close: async () => undefined,
    };
  }
  const { clientId, tokenUrl, scope } = auth;
  const tokens = clientCredentials({
    ...shared,
    tokenUrl,
    clientId,
    clientSecret: secrets['clientSecret'] ?? '',
    send: 'basic',
    ...(scope === undefined ? {} : { scope }),
  });
  return {
    header: async () => `Bearer ${await tokens.get()}`,
    invalidate: (refused) => tokens.invalidate(refused.replace(/^Bearer /, '')),
    close: () => tokens.close(),
  };
};
