import { join } from 'node:path';
import { messageOf } from '@quotebridge/platform/core';
import { loadSettings } from '@quotebridge/platform/config';
import { startRestSandbox } from '@quotebridge/sandbox/rest';
import { startS4Sandbox } from '@quotebridge/sandbox/s4hana';
import { startSalesforceSandbox } from '@quotebridge/sandbox/salesforce';
import { startSftpSandbox } from '@quotebridge/sandbox/sftp';
import { sandboxSettings } from './settings';

const main = async (): Promise<void> => {
  const settings = loadSettings(sandboxSettings, process.env);
  const folder = settings.sandboxDataDir;
  const common = (name: string, port: number) => ({
    port,
    host: settings.sandboxHost,
    seed: settings.sandboxSeed,
    size: settings.sandboxSize,
    latencyMs: settings.sandboxLatency,
    ...(folder === undefined ? {} : { dataFile: join(folder, `${name}.json`) }),
  });
  const s4hana = await startS4Sandbox({
    ...common('s4hana', settings.s4hanaPort),
    afterSales: settings.sandboxAfterSales / 100,
    ...(settings.orderProgress === undefined ? {} : { autoProgressMs: settings.orderProgress }),
  });
  const salesforce = await startSalesforceSandbox({
    ...common('salesforce', settings.salesforcePort),
    currencies: settings.sandboxCurrencies,
    afterSales: settings.sandboxAfterSales / 100,
  });
  const sftp = await startSftpSandbox({
    ...common('sftp', settings.sftpPagePort),
    sftpPort: settings.sftpPort,
  });
  const rest = await startRestSandbox(common('rest', settings.restPort));
  process.stdout.write(
    `S/4HANA sandbox     ${s4hana.url}\nSalesforce sandbox  ${salesforce.url}\n` +
      `SFTP sandbox        ${sftp.url}, sftp://${settings.sandboxHost}:${sftp.sftpPort} (${sftp.hostKey})\n` +
      `REST sandbox        ${rest.url}\n`,
  );
  const stop = (): void => {
    void Promise.all([s4hana, salesforce, sftp, rest].map((sandbox) => sandbox.close())).then(() =>
      process.exit(0),
    );
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
};

main().catch((thrown: unknown) => {
  process.stderr.write(`The sandboxes did not start: ${messageOf(thrown)}\n`);
  process.exit(1);
});
