import type { Clock } from '@quotebridge/platform/core';
import { parseApiKey, secretMatches } from './api-key';
import { apiKeyState } from './api-key-admin';
import type { ApiKeyRecord, ApiKeyStore } from './api-key-store';
import { cannotCheck, unauthenticated } from './challenge';
import type { Checked } from './principal-cache';
import { scopesOf, type Roles } from './roles';

// Compared against when the id is unknown, so that the answer takes as long as for a known one.
const NO_HASH = Buffer.alloc(32).toString('base64url');

const findOrUnavailable = async (store: ApiKeyStore, id: string): Promise<ApiKeyRecord | undefined> => {
  try {
    return await store.find(id);
  } catch (thrown) {
    throw cannotCheck('The store of API keys', thrown);
  }
};

/** Checks API keys against the store. `reuseMs` is how long a revoked key may still work. Rejects with 401 or 503. */
export const apiKeyVerifier =
  (store: ApiKeyStore, roles: Roles, clock: Clock, reuseMs: number): ((key: string) => Promise<Checked>) =>
  async (key) => {
    const parts = parseApiKey(key);
    if (parts === undefined) throw unauthenticated('apiKey');
    const record = await findOrUnavailable(store, parts.id);
    const matches = secretMatches(parts.secret, record?.hash ?? NO_HASH);
    const now = clock.now();
    if (!matches || record === undefined || apiKeyState(record, now) !== 'active')
      throw unauthenticated('apiKey');
    return {
      principal: {
        id: record.id,
        name: record.name,
        kind: 'service',
        scopes: new Set(scopesOf(roles, [record.role])),
        roles: new Set([record.role, ...(record.approverOf ?? [])]),
      },
      until: Math.min(now + reuseMs, record.expiresAt?.getTime() ?? Infinity),
    };
  };
