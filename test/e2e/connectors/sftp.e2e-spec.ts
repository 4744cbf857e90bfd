import { createHash, randomUUID } from 'node:crypto';
import {
  appendFileSync,
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { startConnector, type RunningConnector } from '@quotebridge/connectors/runtime';
import type { RunRecord } from '@quotebridge/connectors/sdk';
import { sftp } from '@quotebridge/connectors/sftp';
import { stableId, type JsonObject } from '@quotebridge/platform/core';
import { EventBus } from '@quotebridge/platform/events';
import { createLogger } from '@quotebridge/platform/telemetry';
import { SFTP_SANDBOX_CREDENTIALS, startSftpSandbox, type SftpSandbox } from '@quotebridge/sandbox/sftp';
import { annotateTypes, validatorFor } from '@quotebridge/tmf-specs';
import { utils } from 'ssh2';
import { startMongo, startNats, type TestMongo, type TestNats } from '../support';
import { Owner } from './owner';
import { control } from './sandbox-control';
import { partStreams, sftpSettings } from './sftp-settings';

const RESOURCES = ['productSpecification', 'productOfferingPrice', 'productOffering'];
const HEADER =
  'Teilenummer;Bezeichnung;Description;Warengruppe;Listenpreis;Waehrung;Einheit;Gewicht_kg;Status;Nachfolger;Austauschbar;Geaendert';
const row = (number: string, price = '1.234,50'): string =>
  `${number};Ring;Ring ${number};SEAL;${price};EUR;ST;0,5;A;;;02.01.2026`;
const sha = (text: string | Buffer): string => createHash('sha256').update(text).digest('hex');

describe('the SFTP connector on its sandbox', () => {
  let mongo: TestMongo;
  let nats: TestNats;
  let bus: EventBus;
  let sandbox: SftpSandbox;
  let switches: ReturnType<typeof control>;
  let owner: Owner;
  let connector: RunningConnector | undefined;
  let instance = '';

  const start = async (
    settings: JsonObject = sftpSettings(sandbox),
    secrets: Record<string, string> = { password: SFTP_SANDBOX_CREDENTIALS.password },
  ): Promise<RunningConnector> => {
    connector = await startConnector({
      definition: sftp,
      instance,
      settings,
      secrets,
      mongodbUri: mongo.uri,
      database: `connector_${instance}`,
      natsUrl: nats.url,
      host: '127.0.0.1',
      port: 0,
      outbound: { allow: ['loopback'] },
      logger: createLogger({ service: 'test', level: 'silent' }),
      batchSize: 100,
    });
    return connector;
  };

  const inbox = (name: string): string => path.join(sandbox.folder, 'inbox', name);
  const drop = (name: string, content: string | Buffer): void => writeFileSync(inbox(name), content);
  const filesIn = (folder: string): string[] => {
    const at = path.join(sandbox.folder, folder);
    return existsSync(at)
      ? readdirSync(at, { recursive: true, encoding: 'utf8' }).filter((name) =>
          statSync(path.join(at, name)).isFile(),
        )
      : [];
  };
  const result = (ending: string): JsonObject => {
    const name = filesIn('results').find((one) => one.endsWith(ending));
    if (name === undefined) throw new Error(`no ${ending} among ${filesIn('results').join(', ')}`);
    return JSON.parse(readFileSync(path.join(sandbox.folder, 'results', name), 'utf8')) as JsonObject;
  };
  const quarantine = async (): Promise<JsonObject[]> =>
    (await (await fetch(`${connector?.url ?? ''}/quarantine`)).json()) as JsonObject[];
  const oneRun = async (settings?: JsonObject): Promise<RunRecord> =>
    (await start(settings)).runStream('partSpecifications');
  const onlySpecifications = (rest: JsonObject = {}): JsonObject => ({
    streams: partStreams().slice(0, 1),
    ...rest,
  });

  beforeAll(async () => {
    [mongo, nats] = await Promise.all([startMongo(), startNats()]);
    bus = await EventBus.connect({ servers: nats.url, name: 'test' });
    sandbox = await startSftpSandbox({ host: '127.0.0.1', port: 0, sftpPort: 0, size: 0.1 });
    switches = control(sandbox.url);
  });
  afterAll(async () => {
    await sandbox?.close();
    await bus?.close();
    await Promise.all([mongo?.stop(), nats?.stop()]);
  });
  beforeEach(async () => {
    instance = `sftp-${randomUUID().slice(0, 8)}`;
    owner = await Owner.start(bus, instance, RESOURCES);
    await switches.post('/__sandbox/reset', {});
    rmSync(inbox('parts-2026-01.csv'));
  });
  afterEach(async () => {
    await connector?.stop();
    connector = undefined;
    await owner.stop();
  });

  it('a parts list becomes valid specifications, prices and offerings that refer to one another, and is archived with its result', async () => {
    await switches.post('/__sandbox/drops', { file: 'parts.csv', size: 0.1 });
    const runs = await (await start()).runAll();
    expect(
      runs.map(({ stream, state, counts, error }) => [stream, state, counts.read, counts.created, error]),
    ).toEqual([
      ['partSpecifications', 'succeeded', 200, 200, undefined],
      ['partPrices', 'succeeded', 200, 200, undefined],
      ['partOfferings', 'succeeded', 200, 200, undefined],
    ]);
    for (const { resource, records } of owner.batches) {
      const type = `${resource.slice(0, 1).toUpperCase()}${resource.slice(1)}`;
      const validate = validatorFor('TMF620', 'v5', type);
      const typed = records.map((record) => annotateTypes('TMF620', type, record.resource));
      expect(typed.flatMap(validate)).toEqual([]);
    }
    const id = stableId(instance, 'productOffering', 'ET-100000');
    expect(owner.resources.get(id)).toMatchObject({
      productSpecification: { id: stableId(instance, 'productSpecification', 'ET-100000') },
      productOfferingPrice: [{ id: stableId(instance, 'productOfferingPrice', 'ET-100000') }],
    });
    expect(owner.resources.get(stableId(instance, 'productOfferingPrice', 'ET-100000'))).toMatchObject({
      price: { unit: 'EUR' },
    });
    expect(result('.result.json')).toMatchObject({ file: 'parts.csv', state: 'accepted', records: 200 });
    expect(filesIn('inbox')).toEqual([]);
    expect(filesIn('archive')).toEqual([expect.stringContaining('parts.csv')]);
  });

  it('a repeated drop has no second effect, under its name or another one; a changed one only its changes', async () => {
    drop('parts.csv', [HEADER, row('P-1'), row('P-2')].join('\n'));
    await (await start()).runAll();
    const before = owner.batches.length;
    drop('parts.csv', [HEADER, row('P-1'), row('P-2')].join('\n'));
    drop('parts-again.csv', [HEADER, row('P-1'), row('P-2')].join('\n'));
    const runs = await connector?.runAll();
    expect(runs?.map(({ state, counts }) => [state, counts.read])).toEqual([
      ['succeeded', 0],
      ['succeeded', 0],
      ['succeeded', 0],
    ]);
    expect(owner.batches).toHaveLength(before);
    expect(result('.duplicate.json')).toMatchObject({ state: 'duplicate', of: 'parts.csv' });
    expect(filesIn('archive')).toHaveLength(3);
    drop('parts.csv', [HEADER, row('P-1', '2,00'), row('P-2')].join('\n'));
    await connector?.runAll();
    const records = owner.batches.slice(before).flatMap((batch) => batch.records);
    expect(records.map(({ externalId, resource }) => [externalId, resource['price']])).toEqual([
      ['P-1', { unit: 'EUR', value: 2 }],
    ]);
  });

  it('rejected records are in the rejection file with line, column, value and reason, and in the quarantine', async () => {
    owner.judge = (record) =>
      record.externalId === 'P-3' ? [{ path: '/description', message: 'is not liked' }] : [];
    drop(
      'parts.csv',
      [
        HEADER,
        row('P-1'),
        row('P-2').replace('0,5;A', 'heavy;Z'),
        row('P-3'),
        'P-4;too;few',
        row('=P-5', 'x'),
      ].join('\n'),
    );
    const run = await oneRun(sftpSettings(sandbox, onlySpecifications()));
    expect(run).toMatchObject({ state: 'succeeded', counts: { read: 5, created: 2, rejected: 3 } });
    expect(result('.result.json')).toMatchObject({
      state: 'acceptedInPart',
      streams: [{ accepted: 2, rejected: 3 }],
    });
    const name = filesIn('results').find((one) => one.endsWith('.rejected.csv')) ?? '';
    expect(
      readFileSync(path.join(sandbox.folder, 'results', name), 'utf8')
        .trim()
        .split('\n'),
    ).toEqual([
      'line,record,stream,path,value,reason',
      '3,P-2,partSpecifications,Status,Z,"must be one of A, S, O, not ""Z"""',
      '3,P-2,partSpecifications,Gewicht_kg,heavy,"must be a decimal number, not ""heavy"""',
      '4,P-3,partSpecifications,Bezeichnung,Ring,is not liked',
      '5,P-4,partSpecifications,,,has 3 fields instead of 12',
    ]);
    expect((await quarantine()).map(({ externalId }) => externalId)).toEqual(['P-2', 'P-3', 'P-4']);
  });

  describe('formats and packing', () => {
    const fields = (name: string, price: string): JsonObject => ({
      name,
      'price.value': { from: price, type: 'decimal' },
    });
    const list = (format: string): JsonObject => {
      const name = format === 'xml' ? 'Text[0].#text' : 'texts.en';
      const price = format === 'xml' ? 'Price.#text' : 'price.amount';
      const id = format === 'xml' ? '@number' : 'number';
      return {
        streams: [
          { name: 'partSpecifications', resource: 'productOfferingPrice', id, fields: fields(name, price) },
        ],
      };
    };
    const formats: Record<string, JsonObject> = {
      json: { kind: 'json', records: 'data.parts' },
      ndjson: { kind: 'ndjson' },
      xml: { kind: 'xml', record: 'PartsList/Parts/Part' },
    };

    it.each(
      ['json', 'ndjson', 'xml'].flatMap((format) =>
        ['none', 'gzip', 'zip'].map((pack) => [format, pack] as const),
      ),
    )('%s packed with %s gives the same prices', async (format, pack) => {
      await switches.post('/__sandbox/drops', {
        file: 'parts-x',
        format,
        pack,
        size: 0.05,
        tell: 'manifest',
      });
      const complete = { kind: 'manifest', file: '{name}.manifest.json', files: 'files' };
      const settings = sftpSettings(sandbox, { ...list(format), format: formats[format] ?? {}, complete });
      expect(await oneRun(settings)).toMatchObject({
        state: 'succeeded',
        counts: { read: 100, created: 100, rejected: 0 },
      });
      const prices = [...owner.resources.values()].map((one) => one['price']);
      expect(sha(JSON.stringify(prices))).toBe(sha(JSON.stringify(await expectedPrices())));
      expect(filesIn('inbox')).toEqual([]);
    });

    const expectedPrices = async (): Promise<{ value: number }[]> => {
      const { sparePart } = await import('@quotebridge/sandbox/core');
      return Array.from({ length: 100 }, (_, index) => ({ value: Number(sparePart(1, index).price) }));
    };

    it('another encoding keeps its letters', async () => {
      const text = [HEADER, row('P-1').replace('Ring;', 'Dichtring für Öl;')].join('\r\n');
      drop('parts.csv', Buffer.from(text, 'latin1'));
      await oneRun(sftpSettings(sandbox, onlySpecifications({ encoding: 'windows-1252' })));
      expect([...owner.resources.values()][0]).toMatchObject({ description: 'Dichtring für Öl' });
    });
  });

  describe('a file that is not whole is not read', () => {
    const good = [HEADER, row('P-1'), row('P-2')].join('\n');
    const manifest = (about: object): string => JSON.stringify({ files: [{ name: 'parts.csv', ...about }] });
    const complete: Record<string, JsonObject> = {
      manifest: { kind: 'manifest', file: 'parts.json', files: 'files' },
      done: { kind: 'doneFile', file: '{stem}.done' },
      checksum: { kind: 'checksum', file: '{name}.sha256' },
    };

    it.each<[string, string, () => void, () => void]>([
      ['without its done file', 'done', () => drop('parts.csv', good), () => drop('parts.done', '')],
      [
        'without its manifest',
        'manifest',
        () => drop('parts.csv', good),
        () => drop('parts.json', manifest({ records: 2 })),
      ],
      [
        'with fewer records than announced',
        'manifest',
        () => {
          drop('parts.csv', [HEADER, row('P-1')].join('\n'));
          drop('parts.json', manifest({ records: 2 }));
        },
        () => drop('parts.csv', good),
      ],
      [
        'with fewer bytes than announced',
        'manifest',
        () => {
          drop('parts.csv', good.slice(0, -3));
          drop('parts.json', manifest({ bytes: good.length }));
        },
        () => drop('parts.csv', good),
      ],
      [
        'with another checksum',
        'checksum',
        () => {
          drop('parts.csv', good.replace('P-2', 'P-9'));
          drop('parts.csv.sha256', `${sha(good)}  parts.csv\n`);
        },
        () => drop('parts.csv', good),
      ],
      [
        'of a cut gzip file',
        'stable',
        () => drop('parts.csv', gzipSync(good).subarray(0, -9)),
        () => drop('parts.csv', gzipSync(good)),
      ],
      [
        'that ends inside of a field',
        'stable',
        () => drop('parts.csv', `${good}\n"P-3`),
        () => drop('parts.csv', good),
      ],
    ])('%s; when it is whole, it is', async (_name, kind, partial, whole) => {
      const settings = sftpSettings(
        sandbox,
        onlySpecifications(kind === 'stable' ? {} : { complete: complete[kind] ?? {} }),
      );
      partial();
      expect(await oneRun(settings)).toMatchObject({ state: 'succeeded', counts: { read: 0 } });
      expect(filesIn('inbox')).toContain('parts.csv');
      whole();
      expect(await connector?.runStream('partSpecifications')).toMatchObject({
        state: 'succeeded',
        counts: { created: 2 },
      });
      expect(filesIn('inbox')).toEqual([]);
    });

    it('while it grows', async () => {
      drop('parts.csv', good);
      const settings = sftpSettings(
        sandbox,
        onlySpecifications({ complete: { kind: 'stable', seconds: 1 } }),
      );
      const running = oneRun(settings);
      const growing = setInterval(
        () => appendFileSync(inbox('parts.csv'), `\n${row(`P-${Date.now()}`)}`),
        50,
      );
      const run = await running;
      clearInterval(growing);
      expect(run).toMatchObject({ state: 'succeeded', counts: { read: 0 } });
      expect(await connector?.runStream('partSpecifications')).toMatchObject({
        state: 'succeeded',
        counts: { rejected: 0 },
      });
      expect(owner.resources.size).toBeGreaterThan(2);
    });
  });

  it.each<[string, Buffer, JsonObject, string]>([
    ['a gzip bomb', gzipSync(Buffer.alloc(2_000_000, 'x;y\n')), {}, 'grows to more than 20 times'],
    ['a file without an end of line', Buffer.alloc(3_000_000, 'x'), {}, 'larger than 100000 bytes'],
    [
      'a file of another encoding',
      Buffer.from([...Buffer.from(`${HEADER}\n`), 0xff, 0xfe, 0x41]),
      {},
      'is not written in utf-8',
    ],
    [
      'a document type',
      Buffer.from('<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'),
      { format: { kind: 'xml', record: 'a/b' } },
      'document type',
    ],
  ])('%s is refused with a reason, put aside, and changes nothing', async (_name, content, rest, reason) => {
    drop('parts.csv', content);
    const limits = { recordBytes: 100_000, ratio: 20 };
    const run = await oneRun(sftpSettings(sandbox, onlySpecifications(rest), { limits }));
    expect(run).toMatchObject({ state: 'succeeded', counts: { rejected: 1, created: 0 } });
    expect(result('.refused.json')).toMatchObject({
      state: 'refused',
      reason: expect.stringContaining(reason) as string,
    });
    expect(filesIn('refused')).toEqual(['parts.csv']);
    expect(await quarantine()).toMatchObject([{ externalId: 'file/parts.csv' }]);
    drop('parts.csv', [HEADER, row('P-1')].join('\n'));
    if (rest['format'] !== undefined) return;
    await connector?.runStream('partSpecifications');
    expect(await quarantine()).toEqual([]);
  });

  describe('faults of the server', () => {
    it.each([
      [
        'a connection that is cut in the middle of a file',
        { name: 'dropConnection', method: 'READ', after: 3 },
      ],
      ['a connection that is cut while listing', { name: 'dropConnection', method: 'READDIR' }],
      ['a lost answer to a move', { name: 'dropConnection', method: 'RENAME' }],
      ['a read that is never answered', { name: 'stall', method: 'READ', after: 2 }],
      ['short reads', { name: 'shortRead', times: 'always' }],
      ['a slow server', { name: 'delay', ms: 300, times: 5 }],
    ])('%s is got over', async (_name, fault) => {
      await switches.post('/__sandbox/drops', { file: 'parts.csv', size: 0.5 });
      await switches.fault(fault);
      const settings = sftpSettings(sandbox, onlySpecifications(), { attemptSeconds: 1 });
      expect(await oneRun(settings)).toMatchObject({
        state: 'succeeded',
        counts: { created: 1000, rejected: 0 },
      });
      expect(filesIn('inbox')).toEqual([]);
    });

    it.each([
      ['a host key that is not pinned', { name: 'otherHostKey', times: 'always' }, 'is not pinned'],
      ['a refused sign-in', { name: 'refuseSignIn', times: 'always' }, 'refused the user quotebridge'],
      ['a missing right', { name: 'denyRequest', method: 'OPENDIR', times: 'always' }, 'permission denied'],
    ])('%s fails the run with a reason and takes nothing', async (_name, fault, reason) => {
      drop('parts.csv', [HEADER, row('P-1')].join('\n'));
      await switches.fault(fault);
      const run = await oneRun(sftpSettings(sandbox, onlySpecifications()));
      expect(run).toMatchObject({ state: 'failed', error: expect.stringContaining(reason) as string });
      expect(run.error).not.toContain(SFTP_SANDBOX_CREDENTIALS.password);
      expect(owner.resources.size).toBe(0);
      await switches.clear();
      expect(await connector?.runStream('partSpecifications')).toMatchObject({
        state: 'succeeded',
        counts: { created: 1 },
      });
    });

    it('a byte that changes on the way does not count when a checksum was announced', async () => {
      await switches.post('/__sandbox/drops', { file: 'parts.csv', size: 0.05, tell: 'checksum' });
      await switches.fault({ name: 'corruptRead', path: 'parts.csv', after: 1 });
      const settings = sftpSettings(
        sandbox,
        onlySpecifications({ complete: { kind: 'checksum', file: '{name}.sha256' } }),
      );
      expect(await oneRun(settings)).toMatchObject({ state: 'succeeded', counts: { read: 0 } });
    });
  });

  it('a run that dies in the middle of a file goes on behind the last settled record', async () => {
    await switches.post('/__sandbox/drops', { file: 'parts.csv', size: 10 });
    const settings = sftpSettings(sandbox, onlySpecifications(), { pageSize: 500 });
    await switches.fault({ name: 'failRequest', method: 'READ', path: 'parts.csv', after: 100 });
    const first = await oneRun(settings);
    expect(first).toMatchObject({ state: 'failed' });
    const taken = owner.resources.size;
    await switches.clear();
    const second = await connector?.runStream('partSpecifications');
    expect(second).toMatchObject({ state: 'succeeded', counts: { rejected: 0 } });
    expect(taken).toBeGreaterThan(0);
    expect((second?.counts.read ?? 0) + taken).toBe(20_000);
    expect(owner.resources.size).toBe(20_000);
    expect(result('.result.json')).toMatchObject({
      records: 20_000,
      streams: [{ accepted: 20_000, rejected: 0 }],
    });
  });

  it('a dry run reports and changes nothing, on neither side', async () => {
    drop('parts.csv', [HEADER, row('P-1'), row('P-2').replace(';A;', ';Z;')].join('\n'));
    await start(sftpSettings(sandbox, onlySpecifications()));
    const answer = await fetch(`${connector?.url ?? ''}/streams/partSpecifications/run`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ dryRun: true, wait: true }),
    });
    expect(await answer.json()).toMatchObject({
      state: 'succeeded',
      dryRun: true,
      counts: { read: 2, rejected: 1 },
    });
    expect([filesIn('inbox'), filesIn('archive'), filesIn('results')]).toEqual([['parts.csv'], [], []]);
    expect(await connector?.runStream('partSpecifications')).toMatchObject({
      counts: { read: 2, rejected: 1 },
    });
  });

  it('an encrypted key signs in, and a wrong passphrase is told without showing it', async () => {
    const keys = utils.generateKeyPairSync('ed25519', {
      passphrase: 'a long passphrase',
      cipher: 'aes256-cbc',
      rounds: 16,
    });
    const own = await startSftpSandbox({
      host: '127.0.0.1',
      port: 0,
      sftpPort: 0,
      size: 0.01,
      credentials: { user: 'quotebridge', password: 'unused', authorizedKeys: [keys.public] },
    });
    try {
      const settings = sftpSettings(own, onlySpecifications(), { auth: { kind: 'key', encrypted: true } });
      await start(settings, { privateKey: keys.private, passphrase: 'a long passphrase' });
      expect(await connector?.runStream('partSpecifications')).toMatchObject({
        state: 'succeeded',
        counts: { created: 20 },
      });
      await connector?.stop();
      await start(settings, { privateKey: keys.private, passphrase: 'another passphrase' });
      const run = await connector?.runStream('partSpecifications');
      expect(run).toMatchObject({
        state: 'failed',
        error: expect.stringContaining('cannot be used') as string,
      });
      expect(run?.error).not.toContain('another passphrase');
    } finally {
      await own.close();
    }
  });
});
