import { productCatalog, productCatalogSettings } from '@quotebridge/components/product-catalog';
import { loadSettings } from '@quotebridge/platform/config';
import { startRestSandbox } from '@quotebridge/sandbox/rest';
import { startSftpSandbox } from '@quotebridge/sandbox/sftp';
import { startComponent, type RunningComponent } from '@quotebridge/tmf/component';
import { freePort, startMongo, startNats, type TestMongo, type TestNats } from '../support';
import { describeGuide, itHolds, readGuide, runGuide, type GuideRun } from '../support/guide';

interface Sandbox {
  readonly url: string;
  close(): Promise<unknown>;
}

const GUIDES: readonly [string, string, () => Promise<Sandbox>][] = [
  ['sftp.md', 'FILES', () => startSftpSandbox({ host: '127.0.0.1', port: 0, sftpPort: 0, size: 0.1 })],
  ['rest.md', 'REST', () => startRestSandbox({ host: '127.0.0.1', port: 0, size: 0.1 })],
];

describe.each(GUIDES)('docs/guides/%s', (file, addressOf, startSandbox) => {
  const steps = readGuide(file);

  describeGuide('with a catalog, its sandbox and the connector as a process', () => {
    let mongo: TestMongo;
    let nats: TestNats;
    let catalog: RunningComponent;
    let sandbox: Sandbox;
    let run: GuideRun;

    beforeAll(async () => {
      [mongo, nats, sandbox] = await Promise.all([startMongo(), startNats(), startSandbox()]);
      const servers = { MONGODB_URI: mongo.uri, NATS_URL: nats.url };
      const env = { ...servers, AUTH: 'off', LOG_LEVEL: 'error', DATABASE: mongo.database('guide-catalog') };
      catalog = await startComponent(productCatalog, loadSettings(productCatalogSettings, env));
      const places = {
        ...servers,
        CONNECTOR_DATABASE: mongo.database('guide-connectors'),
        CONNECTOR_PORT: String(await freePort()),
        CATALOG: catalog.addresses['TMF620/v5'] ?? '',
        [addressOf]: sandbox.url,
      };
      run = await runGuide(steps, places, 150_000);
    }, 240_000);
    afterAll(async () => {
      await catalog?.close();
      await sandbox?.close();
      await mongo?.stop();
      await nats?.stop();
    });

    itHolds(steps, () => run);
  });
});
