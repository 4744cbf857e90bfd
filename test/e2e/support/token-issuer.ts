import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';

const ISSUER = 'https://login.example.test/';
const AUDIENCE = 'quotebridge';

/** An issuer of tokens that publishes its keys on loopback. */
export interface TokenIssuer {
  /** Settings of a component that trusts it. */
  readonly env: Readonly<Record<string, string>>;
  /** A signed token of the user `u-1` with further claims. */
  token(claims: Record<string, unknown>, expires?: string): Promise<string>;
  stop(): void;
}

/** Starts an issuer with a key of its own. */
export const startTokenIssuer = async (): Promise<TokenIssuer> => {
  const { publicKey, privateKey } = await generateKeyPair('ES256');
  const keys = [{ ...(await exportJWK(publicKey)), kid: 'k1', alg: 'ES256', use: 'sig' }];
  const server = createServer((_request, response) => response.end(JSON.stringify({ keys })));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    env: {
      JWKS_URI: `http://127.0.0.1:${(server.address() as AddressInfo).port}/keys`,
      JWT_ISSUER: ISSUER,
      JWT_AUDIENCE: AUDIENCE,
    },
    token: (claims, expires = '5m') =>
      new SignJWT({ sub: 'u-1', ...claims })
        .setProtectedHeader({ alg: 'ES256', kid: 'k1' })
        .setIssuer(ISSUER)
        .setAudience(AUDIENCE)
        .setExpirationTime(expires)
        .sign(privateKey),
    stop: () => {
      server.close();
      server.closeAllConnections();
    },
  };
};
