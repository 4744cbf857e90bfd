import {
  API_KEY_COLLECTION,
  createAuthenticator,
  mongoApiKeyStore,
  type ApiKeyDocument,
  type Authenticator,
  type JwksOptions,
} from '@quotebridge/platform/security';
import type { Runtime } from './component';
import type { ComponentSettings } from './settings';

const issuerOf = (settings: ComponentSettings): { jwks?: JwksOptions } => {
  const { jwksUri, jwtIssuer, jwtAudience, jwtRolesClaim: rolesClaim } = settings;
  if (jwksUri === undefined && jwtIssuer === undefined && jwtAudience === undefined) return {};
  if (jwksUri === undefined || jwtIssuer === undefined || jwtAudience === undefined) {
    throw new Error('JWKS_URI, JWT_ISSUER and JWT_AUDIENCE belong together: set all three or none.');
  }
  return { jwks: { jwksUri, issuer: jwtIssuer, audience: jwtAudience, rolesClaim } };
};

/** Who is let in: nobody without a token or an API key, or everybody on loopback. */
export const authenticatorOf = ({ settings, store }: Pick<Runtime, 'settings' | 'store'>): Authenticator => {
  if (settings.auth === 'off') return createAuthenticator({ mode: 'off', host: settings.host });
  return createAuthenticator({
    mode: 'on',
    ...issuerOf(settings),
    apiKeys: mongoApiKeyStore(store.shared<ApiKeyDocument>(settings.accessDatabase, API_KEY_COLLECTION)),
  });
};
