import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { productCatalog, productCatalogSettings } from '@quotebridge/components/product-catalog';
import { productOrderComponent, productOrderSettings } from '@quotebridge/components/product-order';
import { quoteComponent, quoteSettings } from '@quotebridge/components/quote';
import { loadSettings } from '@quotebridge/platform/config';
import { startComponent, type RunningComponent } from '@quotebridge/tmf/component';
import { freePort, startMongo, startNats, type TestMongo, type TestNats } from './support';
import { describeGuide, itHolds, readGuide, runGuide, type GuideRun } from './support/guide';

const steps = readGuide('integrate.md');
describeGuide('docs/guides/integrate.md', () => {
  let mongo: TestMongo;
  let nats: TestNats;
  let jobs: string;
  const components: RunningComponent[] = [];
  let run: GuideRun;

  beforeAll(async () => {
    [mongo, nats] = await Promise.all([startMongo(), startNats()]);
    jobs = mkdtempSync(path.join(tmpdir(), 'guide-jobs-'));
    const env = (name: string): Record<string, string> => ({
      AUTH: 'off',
      LOG_LEVEL: 'error',
      MONGODB_URI: mongo.uri,
      NATS_URL: nats.url,
      DATABASE: mongo.database(name),
      OUTBOUND_ALLOW: 'loopback',
      JOBS_FOLDER: jobs,
    });
    const catalog = await startComponent(
      productCatalog,
      loadSettings(productCatalogSettings, env('guide-catalog')),
    );
    components.push(catalog);
    const catalogUrl = catalog.addresses['TMF620/v5'] ?? '';
    const quotes = await startComponent(
      quoteComponent,
      loadSettings(quoteSettings, { ...env('guide-quote'), CATALOG_URL: catalogUrl }),
    );
    components.push(quotes);
    const orders = await startComponent(
      productOrderComponent,
      loadSettings(productOrderSettings, { ...env('guide-order'), CATALOG_URL: catalogUrl }),
    );
    components.push(orders);
    run = await runGuide(
      steps,
      {
        CATALOG: catalogUrl,
        QUOTES: quotes.addresses['TMF648/v5'] ?? '',
        ORDERS: orders.addresses['TMF622/v5'] ?? '',
        JOBS: jobs,
        CALLBACK_PORT: String(await freePort()),
      },
      120_000,
    );
  }, 180_000);

  afterAll(async () => {
    for (const component of components.reverse()) await component.close();
    await mongo.stop();
    await nats.stop();
    rmSync(jobs, { recursive: true, force: true });
  });

  itHolds(steps, () => run);

  it('says of most commands what they print', () => {
    expect(steps.filter(({ expected }) => expected.length > 0).length).toBeGreaterThan(50);
  });
});
