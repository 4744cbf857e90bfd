import { quoteComponent, quoteSettings } from '@quotebridge/components/quote';
import { loadSettings } from '@quotebridge/platform/config';
import { systemClock } from '@quotebridge/platform/core';
import {
  API_KEY_COLLECTION,
  createApiKey,
  DEFAULT_ROLES,
  mongoApiKeyStore,
  type ApiKeyDocument,
} from '@quotebridge/platform/security';
import { startComponent, type RunningComponent } from '@quotebridge/tmf/component';
import request from 'supertest';
import { startOrderingSuite, type OrderingSuite } from './support/ordering-suite';
import { discountOf, quoteItem, quoteOf } from './support/quote-bodies';
import { startTokenIssuer, type TokenIssuer } from './support/token-issuer';

const QUOTE = '/tmf-api/quoteManagement';

describe('an authorization of a quote, with access control on', () => {
  let suite: OrderingSuite;
  let issuer: TokenIssuer;
  let quotes: RunningComponent;
  let sold: string;
  let clerk: Record<string, string>;
  let key: (approverOf?: readonly string[]) => Promise<Record<string, string>>;
  const bearer = async (...roles: string[]) => ({
    authorization: `Bearer ${await issuer.token({ realm_access: { roles } })}`,
  });

  beforeAll(async () => {
    [suite, issuer] = await Promise.all([startOrderingSuite({ ordersHere: false }), startTokenIssuer()]);
    const access = suite.mongo.database('access');
    const keys = (await suite.mongo.client()).db(access).collection<ApiKeyDocument>(API_KEY_COLLECTION);
    const store = mongoApiKeyStore(keys);
    key = async (approverOf) => {
      const wanted = { name: 'a', role: 'sales', ...(approverOf ? { approverOf } : {}) };
      const made = await createApiKey(wanted, { store, roles: DEFAULT_ROLES, clock: systemClock });
      return { 'x-api-key': made.key };
    };
    quotes = await startComponent(
      quoteComponent,
      loadSettings(quoteSettings, {
        ...suite.orderEnv,
        ...issuer.env,
        AUTH: 'on',
        ACCESS_DATABASE: access,
        JWT_ROLES_CLAIM: 'realm_access.roles',
        DATABASE: suite.databases.quote,
      }),
    );
    sold = await suite.offer('Turbine', 1_000);
    clerk = await key();
  });
  afterAll(async () => {
    await quotes?.close();
    issuer?.stop();
    await suite?.stop();
  });

  const api = () => request(quotes.url);
  /** A quote whose discount needs a sales manager. */
  const discounted = async () => {
    const made = await api()
      .post(`${QUOTE}/v5/quote`)
      .set(clerk)
      .send(quoteOf([quoteItem('1', sold, discountOf(25))], { instantSyncQuote: true }))
      .expect(201);
    return made.body as { id: string; authorization: { name: string }[] };
  };
  const give = (id: string, who: Record<string, string>, version = 'v5') => {
    const type = version === 'v5' ? { '@type': 'Authorization' } : {};
    return api()
      .patch(`${QUOTE}/${version}/quote/${id}`)
      .set(who)
      .send({ authorization: [{ ...type, name: 'discount above 20 % (sales-manager)', state: 'approved' }] });
  };

  it.each(['v4', 'v5'])(
    'in %s is refused to a key without the role, which the answer names',
    async (version) => {
      const { id, authorization } = await discounted();
      expect(authorization).toMatchObject([{ name: 'discount above 20 % (sales-manager)' }]);
      const before = await api().get(`${QUOTE}/v5/quote/${id}`).set(clerk);
      const refused = await give(id, clerk, version).expect(403);
      expect(refused.body).toMatchObject({ code: 'missingRole', errorId: refused.headers['x-error-id'] });
      expect(refused.body.message).toContain('the role sales-manager');
      expect((await api().get(`${QUOTE}/v5/quote/${id}`).set(clerk)).body).toEqual(before.body);
      await give(id, await key(['management']), version).expect(403);
      await give(id, await key(['sales-manager']), version).expect(200);
      // Given once, it stays so for those who go on with the quote.
      const approve = { '@type': 'Quote', state: 'approved' };
      await api().patch(`${QUOTE}/v5/quote/${id}`).set(clerk).send(approve).expect(200);
    },
  );

  it('is given with a token whose roles claim has the role, and with no other', async () => {
    const { id } = await discounted();
    await give(id, await bearer('sales', 'management')).expect(403);
    await give(id, await bearer('admin')).expect(403);
    await give(id, await bearer('sales', 'sales-manager')).expect(200);
  });

  it('needs the scope to write quotes as well', async () => {
    const { id } = await discounted();
    const refused = await give(id, await bearer('sales-manager')).expect(403);
    expect(refused.body.message).toContain('quote:write');
  });
});
