import { productCatalog, productCatalogSettings } from '@quotebridge/components/product-catalog';
import { productOrderComponent, productOrderSettings } from '@quotebridge/components/product-order';
import { quoteComponent, quoteSettings } from '@quotebridge/components/quote';
import { loadSettings } from '@quotebridge/platform/config';
import { startComponent, type RunningComponent } from '@quotebridge/tmf/component';
import { startMongo, type TestMongo } from './mongo';
import { startOwnNats, type OwnNats } from './nats';
import { acceptQuote, makeOffer } from './ordering-steps';

const CATALOG = '/tmf-api/productCatalogManagement/v5';

/** The quote component, wherever it runs. */
type Quotes = Pick<RunningComponent, 'url' | 'addresses' | 'close'>;

/** Catalog, quote and order running in this process on a broker of their own. */
export interface OrderingSuite {
  readonly mongo: TestMongo;
  readonly nats: OwnNats;
  /** Name of the database of the orders, and of the quotes. */
  readonly databases: { readonly order: string; readonly quote: string };
  /** Settings of the order component, for starting it as a process. */
  readonly orderEnv: Readonly<Record<string, string>>;
  readonly catalog: RunningComponent;
  readonly quotes: Quotes;
  /** Undefined while the suite was started without it. */
  readonly orders: RunningComponent | undefined;
  /** Stores an offering in a state of its life cycle, with a price of that many EUR; gives its id. */
  offer(name: string, value: number, lifecycle?: readonly string[], more?: object): Promise<string>;
  /** Makes a quote of that many of an offering and carries it to `accepted`; gives its id. */
  acceptQuote(offering: string, quantity?: number): Promise<string>;
  stop(): Promise<void>;
}

/** What a suite has otherwise than usual. */
interface OrderingOptions {
  /** False leaves the order component to the test. */
  readonly ordersHere?: boolean;
  /** Starts the quote component with these settings, elsewhere than in this process. */
  readonly startQuotes?: (env: Readonly<Record<string, string>>) => Promise<Quotes>;
  /** More settings of the quote component. */
  readonly quoteEnv?: (mongo: TestMongo) => Readonly<Record<string, string>>;
}

/** Starts the suite. */
export const startOrderingSuite = async ({
  ordersHere = true,
  startQuotes = (env) => startComponent(quoteComponent, loadSettings(quoteSettings, env)),
  quoteEnv = () => ({}),
}: OrderingOptions = {}): Promise<OrderingSuite> => {
  const [mongo, nats] = await Promise.all([startMongo(), startOwnNats()]);
  const databases = { order: mongo.database('order'), quote: mongo.database('quote') };
  const common = {
    AUTH: 'off',
    LOG_LEVEL: 'error',
    MONGODB_URI: mongo.uri,
    NATS_URL: nats.url,
    RATE_LIMIT_PER_MINUTE: '0',
  };
  const catalog = await startComponent(
    productCatalog,
    loadSettings(productCatalogSettings, { ...common, DATABASE: mongo.database('catalog') }),
  );
  const CATALOG_URL = `${catalog.url}${CATALOG}`;
  const quotes = await startQuotes({
    ...common,
    DATABASE: databases.quote,
    CATALOG_URL,
    ...quoteEnv(mongo),
  });
  const orderEnv = { ...common, DATABASE: databases.order, CATALOG_URL, CATALOG_CACHE_FRESH: '50ms' };
  const orders = ordersHere
    ? await startComponent(productOrderComponent, loadSettings(productOrderSettings, orderEnv))
    : undefined;

  return {
    mongo,
    nats,
    databases,
    orderEnv,
    catalog,
    quotes,
    orders,
    offer: (...what) => makeOffer({ url: catalog.url }, ...what),
    acceptQuote: (...what) => acceptQuote({ url: quotes.url }, ...what),
    stop: async () => {
      await orders?.close();
      await quotes.close();
      await catalog.close();
      await nats.stop();
      await mongo.stop();
    },
  };
};
