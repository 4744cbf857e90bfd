import { startRestSandbox } from '@quotebridge/sandbox/rest';
import { startS4Sandbox } from '@quotebridge/sandbox/s4hana';
import { startSalesforceSandbox } from '@quotebridge/sandbox/salesforce';
import { startSftpSandbox } from '@quotebridge/sandbox/sftp';
import { describeGuide, itHolds, readGuide, runGuide, type GuideRun } from './support/guide';

const steps = readGuide('sandboxes.md');

describeGuide('docs/guides/sandboxes.md', () => {
  let run: GuideRun;
  const closers: (() => Promise<unknown>)[] = [];

  beforeAll(async () => {
    const s4 = await startS4Sandbox({ host: '127.0.0.1', port: 0 });
    closers.push(() => s4.close());
    const salesforce = await startSalesforceSandbox({ host: '127.0.0.1', port: 0 });
    closers.push(() => salesforce.close());
    const sftp = await startSftpSandbox({ host: '127.0.0.1', port: 0, sftpPort: 0, size: 0.01 });
    closers.push(() => sftp.close());
    const rest = await startRestSandbox({ host: '127.0.0.1', port: 0 });
    closers.push(() => rest.close());
    const addresses = { S4: s4.url, SF: salesforce.url, SFTP: sftp.url, REST: rest.url };
    run = await runGuide(steps, addresses, 60_000);
  });
  afterAll(async () => {
    for (const close of closers) await close();
  });

  itHolds(steps, () => run);
});
