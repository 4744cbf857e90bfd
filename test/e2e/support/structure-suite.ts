import { productInventory, productInventorySettings } from '@quotebridge/components/product-inventory';
import { productOrderComponent, productOrderSettings } from '@quotebridge/components/product-order';
import { quoteComponent, quoteSettings } from '@quotebridge/components/quote';
import { loadSettings } from '@quotebridge/platform/config';
import { startComponent, type RunningComponent } from '@quotebridge/tmf/component';
import request from 'supertest';
import { startOrderingSuite } from './ordering-suite';
import { quoteItem, quoteOf } from './quote-bodies';
import { startTokenIssuer } from './token-issuer';

/** What each may do; `clerk` has everything of quotes and orders, and nothing of products. */
const SCOPES = {
  clerk: 'quote:* productOrder:* hub:*',
  engineer: 'quote:* productOrder:* hub:* product:read',
};

/** What nobody finds who may not read products. */
export const SECRET = /Secret drive|productStructure|productRelationship|SN-1 is|Press 400/;

/** Quotes and orders with access control on, and an inventory with the machine `SN-1`, which contains a `Secret drive`. */
export interface StructureSuite {
  readonly quotes: { readonly url: string };
  readonly orders: { readonly url: string };
  /** A client with the rights of the role. */
  as(role: keyof typeof SCOPES, component?: { readonly url: string }): ReturnType<typeof request.agent>;
  /** A quote of a repair of the machine. */
  readonly repair: object;
  restartQuotes(): Promise<void>;
  stop(): Promise<void>;
}

type Env = Readonly<Record<string, string>>;

const stockedInventory = async (env: Env): Promise<RunningComponent> => {
  const inventory = await startComponent(productInventory, loadSettings(productInventorySettings, env));
  const product = async (body: object): Promise<string> => {
    const answer = await request(inventory.url)
      .post('/tmf-api/productInventory/v5/product')
      .send({ '@type': 'Product', status: 'active', ...body })
      .expect(201);
    return answer.body.id as string;
  };
  const id = await product({ name: 'Secret drive' });
  const contains = { '@type': 'ProductRelationship', relationshipType: 'contains', id };
  await product({
    name: 'Press 400',
    productSerialNumber: 'SN-1',
    productRelationship: [{ ...contains, quantity: { amount: 1 } }],
  });
  return inventory;
};

/** Starts the suite. */
export const startStructureSuite = async (): Promise<StructureSuite> => {
  const issuer = await startTokenIssuer();
  const tokens = new Map<string, string>();
  for (const [sub, scope] of Object.entries(SCOPES))
    tokens.set(sub, await issuer.token({ sub, scope }, '1h'));
  const guarded = { ...issuer.env, AUTH: 'on', OUTBOUND_ALLOW: 'loopback' };
  let inventory: RunningComponent | undefined;
  let quotes: RunningComponent | undefined;
  let restartQuotes = (): Promise<void> => Promise.resolve();
  // The only replica of its kind: it does the event work.
  const suite = await startOrderingSuite({
    ordersHere: false,
    quoteEnv: (mongo) => ({ STOCK: mongo.database('stock') }),
    startQuotes: async ({ STOCK = '', ...env }) => {
      inventory = await stockedInventory({ ...env, DATABASE: STOCK });
      const own = { ...guarded, INVENTORY_URL: inventory.url, INVENTORY_DEADLINE: '10s' };
      restartQuotes = async () => {
        await quotes?.close();
        quotes = await startComponent(quoteComponent, loadSettings(quoteSettings, { ...env, ...own }));
      };
      await restartQuotes();
      return {
        get url() {
          return quotes?.url ?? '';
        },
        addresses: {},
        close: async () => quotes?.close(),
      };
    },
  });
  const orders = await startComponent(
    productOrderComponent,
    loadSettings(productOrderSettings, { ...suite.orderEnv, ...guarded }),
  );
  const sold = await suite.offer('Repair', 100);
  return {
    quotes: suite.quotes,
    orders,
    as: (role, { url } = suite.quotes) =>
      request.agent(url).set('Authorization', `Bearer ${tokens.get(role) ?? ''}`),
    repair: quoteOf([quoteItem('1', sold, { product: { '@type': 'Product', productSerialNumber: 'SN-1' } })]),
    restartQuotes: () => restartQuotes(),
    stop: async () => {
      for (const component of [orders, inventory]) await component?.close();
      await suite.stop();
      issuer.stop();
    },
  };
};
