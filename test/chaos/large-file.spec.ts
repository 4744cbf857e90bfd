import { createWriteStream, existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { RunRecord } from '@quotebridge/connectors/sdk';
import type { JsonObject } from '@quotebridge/platform/core';
import { EventBus } from '@quotebridge/platform/events';
import { SFTP_SANDBOX_CREDENTIALS, startSftpSandbox, type SftpSandbox } from '@quotebridge/sandbox/sftp';
import { Owner } from '../e2e/connectors/owner';
import { eventually, startOwnMongo, startOwnNats, type OwnMongo, type OwnNats } from '../e2e/support';
import { startChild, type Child } from '../e2e/support/child';

const ROOT = path.resolve(__dirname, '../..');
const ROWS = 50_000;
const ROW_BYTES = 6_000;
/** The file alone has as much; a connector that held it would need several times that. */
const MOST_MEGABYTES = 400;
const WITHIN_MS = 300_000;

const rows = function* (): Generator<string> {
  const filling = 'spare part '.repeat(ROW_BYTES / 11);
  for (let number = 1; number <= ROWS; number += 1)
    yield `${JSON.stringify({ number: `P-${number}`, name: `Part ${number}`, text: filling })}\n`;
};

const residentMegabytes = (pid: number): number => {
  const file = `/proc/${pid}/status`;
  if (!existsSync(file)) return 0;
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(file, 'utf8'))?.[1] ?? 0) / 1024;
};

describe('a file of 300 MB', () => {
  let mongod: OwnMongo;
  let nats: OwnNats;
  let bus: EventBus;
  let owner: Owner;
  let sandbox: SftpSandbox;
  let connector: Child | undefined;
  let url = '';
  let most = 0;
  let watch: NodeJS.Timeout | undefined;

  const settings = (): JsonObject => ({
    host: '127.0.0.1',
    port: sandbox.sftpPort,
    user: SFTP_SANDBOX_CREDENTIALS.user,
    auth: { kind: 'password' },
    hostKeys: [sandbox.hostKey],
    inbox: '/inbox',
    archive: '/archive',
    results: '/results',
    drops: [
      {
        name: 'large',
        files: 'large.ndjson',
        format: { kind: 'ndjson' },
        complete: { kind: 'stable', seconds: 0 },
        streams: [
          { name: 'parts', resource: 'productSpecification', id: 'number', fields: { name: 'name' } },
        ],
      },
    ],
  });

  const start = async (): Promise<void> => {
    const main = path.join(ROOT, 'dist/apps/connector/src/main.js');
    if (!existsSync(main)) throw new Error('The connector is not built: run npm run build first.');
    const child = startChild(
      process.execPath,
      ['--enable-source-maps', main],
      {
        PATH: process.env['PATH'],
        CONNECTOR_TYPE: 'sftp',
        CONNECTOR_INSTANCE: 'large',
        CONNECTOR_SETTINGS: JSON.stringify(settings()),
        CONNECTOR_SECRETS: JSON.stringify({ password: SFTP_SANDBOX_CREDENTIALS.password }),
        MONGODB_URI: mongod.uri,
        NATS_URL: nats.url,
        PORT: '0',
        // Only when it is told.
        STREAM_SCHEDULE: '0 3 29 2 *',
        OUTBOUND_ALLOW: 'loopback',
      },
      ROOT,
    );
    connector = child;
    url = await eventually(
      'the connector',
      () => {
        if (child.isOver()) throw new Error(child.lines.slice(-5).join('\n'));
        const line = child.lines.find((text) => text.includes('The connector runs'));
        return line === undefined ? undefined : String((JSON.parse(line) as { url: string }).url);
      },
      60_000,
    );
    watch = setInterval(() => (most = Math.max(most, residentMegabytes(child.process.pid ?? 0))), 100);
  };

  const run = async (wait: boolean): Promise<RunRecord> => {
    const reply = await fetch(`${url}/streams/parts/run`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ wait }),
    });
    return (await reply.json()) as RunRecord;
  };

  beforeAll(async () => {
    [mongod, nats] = await Promise.all([startOwnMongo(), startOwnNats()]);
    bus = await EventBus.connect({ servers: nats.url, name: 'test' });
    owner = await Owner.start(bus, 'large', ['productSpecification']);
    sandbox = await startSftpSandbox({ host: '127.0.0.1', port: 0, sftpPort: 0, size: 0.01 });
    await pipeline(
      Readable.from(rows()),
      createWriteStream(path.join(sandbox.folder, 'inbox', 'large.ndjson')),
    );
    await start();
  }, WITHIN_MS);
  afterAll(async () => {
    clearInterval(watch);
    await connector?.end('SIGKILL');
    await owner?.stop();
    await sandbox?.close();
    await bus?.close();
    await Promise.all([mongod?.stop(), nats?.stop()]);
  });

  it(
    'guarantee 5: is read in bounded memory, and after SIGKILL in its middle goes on at the last settled record',
    async () => {
      // From here on nothing is answered, so the run stands in the middle of the file.
      owner.judge = () => {
        if (owner.resources.size > ROWS / 5) owner.answers = false;
        return [];
      };
      await run(false);
      await eventually('a fifth of the records', () => !owner.answers, WITHIN_MS);
      clearInterval(watch);
      await connector?.end('SIGKILL');
      const taken = owner.resources.size;
      owner.judge = () => [];
      owner.answers = true;
      await start();
      // Skipped until the lease of the killed process has run out.
      const second = await eventually(
        'the second run',
        async () => {
          const record = await run(true);
          return record.state === 'skipped' ? undefined : record;
        },
        WITHIN_MS,
      );
      expect(second).toMatchObject({ state: 'succeeded', counts: { rejected: 0 } });
      expect(owner.resources.size).toBe(ROWS);
      // What had been settled is not read again; what was on its way when the process died is.
      expect(second.counts.read).toBeLessThan(ROWS);
      expect(second.counts.read).toBeGreaterThanOrEqual(ROWS - taken);
      const results = path.join(sandbox.folder, 'results');
      const [result = ''] = readdirSync(results);
      expect(JSON.parse(readFileSync(path.join(results, result), 'utf8'))).toMatchObject({
        state: 'accepted',
        records: ROWS,
        streams: [{ accepted: ROWS, rejected: 0 }],
      });
      console.log(
        `Most memory of the connector: ${Math.round(most)} MB; ${taken} records before SIGKILL, ${second.counts.read} after`,
      );
      expect(most).toBeLessThan(MOST_MEGABYTES);
    },
    2 * WITHIN_MS,
  );
});
