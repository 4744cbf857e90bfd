import { readFileSync } from 'node:fs';
import path from 'node:path';
import { stableId } from '@quotebridge/platform/core';
import { startSftpSandbox } from '@quotebridge/sandbox/sftp';
import { annotateTypes, validatorFor } from '@quotebridge/tmf-specs';
import { utils } from 'ssh2';
import { onlySpecifications, PARTS_HEADER as HEADER, partsRow as row, sftpWorld } from './sftp-world';
import { partStreams, sftpSettings } from './sftp-settings';

describe('the SFTP connector on its sandbox', () => {
  const world = sftpWorld();

  it('a parts list becomes valid specifications, prices and offerings that refer to one another, and is archived with its result', async () => {
    await world.switches.post('/__sandbox/drops', { file: 'parts.csv', size: 0.1 });
    const runs = await (await world.start()).runAll();
    expect(
      runs.map(({ stream, state, counts, error }) => [stream, state, counts.read, counts.created, error]),
    ).toEqual([
      ['partSpecifications', 'succeeded', 200, 200, undefined],
      ['partPrices', 'succeeded', 200, 200, undefined],
      ['partOfferings', 'succeeded', 200, 200, undefined],
    ]);
    for (const { resource, records } of world.owner.batches) {
      const type = `${resource.slice(0, 1).toUpperCase()}${resource.slice(1)}`;
      const validate = validatorFor('TMF620', 'v5', type);
      const typed = records.map((record) => annotateTypes('TMF620', type, record.resource));
      expect(typed.flatMap(validate)).toEqual([]);
    }
    const id = stableId(world.instance, 'productOffering', 'ET-100000');
    expect(world.owner.resources.get(id)).toMatchObject({
      productSpecification: { id: stableId(world.instance, 'productSpecification', 'ET-100000') },
      productOfferingPrice: [{ id: stableId(world.instance, 'productOfferingPrice', 'ET-100000') }],
    });
    expect(
      world.owner.resources.get(stableId(world.instance, 'productOfferingPrice', 'ET-100000')),
    ).toMatchObject({
      price: { unit: 'EUR' },
    });
    expect(world.result('.result.json')).toMatchObject({
      file: 'parts.csv',
      state: 'accepted',
      records: 200,
    });
    expect(world.filesIn('inbox')).toEqual([]);
    expect(world.filesIn('archive')).toEqual([expect.stringContaining('parts.csv')]);
  });

  it('a repeated drop has no second effect, under its name or another one; a changed one only its changes', async () => {
    world.drop('parts.csv', [HEADER, row('P-1'), row('P-2')].join('\n'));
    await (await world.start()).runAll();
    const before = world.owner.batches.length;
    world.drop('parts.csv', [HEADER, row('P-1'), row('P-2')].join('\n'));
    world.drop('parts-again.csv', [HEADER, row('P-1'), row('P-2')].join('\n'));
    const runs = await world.connector?.runAll();
    expect(runs?.map(({ state, counts }) => [state, counts.read])).toEqual([
      ['succeeded', 0],
      ['succeeded', 0],
      ['succeeded', 0],
    ]);
    expect(world.owner.batches).toHaveLength(before);
    expect(world.result('.duplicate.json')).toMatchObject({ state: 'duplicate', of: 'parts.csv' });
    expect(world.filesIn('archive')).toHaveLength(3);
    world.drop('parts.csv', [HEADER, row('P-1', '2,00'), row('P-2')].join('\n'));
    await world.connector?.runAll();
    const records = world.owner.batches.slice(before).flatMap((batch) => batch.records);
    expect(records.map(({ externalId, resource }) => [externalId, resource['price']])).toEqual([
      ['P-1', { unit: 'EUR', value: 2 }],
    ]);
  });

  it('what a file said before counts again when it said something else in between, and only then', async () => {
    const list = (price: string): string => [HEADER, row('P-1', price), row('P-2')].join('\n');
    const said = async (name: string, price: string): Promise<unknown> => {
      world.drop(name, list(price));
      const before = world.owner.batches.length;
      await world.connector?.runAll();
      const records = world.owner.batches.slice(before).flatMap((batch) => batch.records);
      return records.map(({ resource }) => (resource['price'] as { value?: number } | undefined)?.value);
    };
    await world.start();
    await said('parts.csv', '1,00');
    expect(await said('parts.csv', '2,00')).toEqual([2]);
    // Another file, sent once more: what came after it stays.
    expect(await said('parts-old.csv', '1,00')).toEqual([]);
    expect(await said('parts.csv', '1,00')).toEqual([1]);
    expect(await said('parts.csv', '1,00')).toEqual([]);
    expect(world.filesIn('inbox')).toEqual([]);
    expect(world.filesIn('archive')).toHaveLength(5);
  });

  it('a record that says that it has ended removes what it became; one that nobody knew ends nothing', async () => {
    const [specifications] = partStreams();
    const deleted = { from: 'Status', values: ['X'], as: 'delete' };
    const ended = (number: string): string => row(number).replace(';A;', ';X;');
    world.drop('parts.csv', [HEADER, row('P-1'), row('P-2')].join('\n'));
    const settings = sftpSettings(world.sandbox, { streams: [{ ...specifications, deleted }] });
    expect(await world.oneRun(settings)).toMatchObject({ counts: { created: 2 } });
    world.drop('parts-ended.csv', [HEADER, ended('P-2'), ended('P-9')].join('\n'));
    expect(await world.connector?.runStream('partSpecifications')).toMatchObject({
      state: 'succeeded',
      counts: { read: 2, deleted: 1, created: 0, rejected: 0 },
    });
    const left = ['P-1', 'P-2', 'P-9'].filter((number) =>
      world.owner.resources.has(stableId(world.instance, 'productSpecification', number)),
    );
    expect(left).toEqual(['P-1']);
  });

  it('rejected records are in the rejection file with line, column, value and reason, and in the quarantine', async () => {
    world.owner.judge = (record) =>
      record.externalId === 'P-3' ? [{ path: '/description', message: 'is not liked' }] : [];
    world.drop(
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
    const run = await world.oneRun(sftpSettings(world.sandbox, onlySpecifications()));
    expect(run).toMatchObject({ state: 'succeeded', counts: { read: 5, created: 2, rejected: 3 } });
    expect(world.result('.result.json')).toMatchObject({
      state: 'acceptedInPart',
      streams: [{ accepted: 2, rejected: 3 }],
    });
    const name = world.filesIn('results').find((one) => one.endsWith('.rejected.csv')) ?? '';
    expect(
      readFileSync(path.join(world.sandbox.folder, 'results', name), 'utf8')
        .trim()
        .split('\n'),
    ).toEqual([
      'line,record,stream,path,value,reason',
      '3,P-2,partSpecifications,Status,Z,"must be one of A, S, O, not ""Z"""',
      '3,P-2,partSpecifications,Gewicht_kg,heavy,"must be a decimal number, not ""heavy"""',
      '4,P-3,partSpecifications,Bezeichnung,Ring,is not liked',
      '5,P-4,partSpecifications,,,has 3 fields instead of 12',
    ]);
    expect((await world.quarantine()).map(({ externalId }) => externalId)).toEqual(['P-2', 'P-3', 'P-4']);
  });

  it('a dry run reports and changes nothing, on neither side', async () => {
    world.drop('parts.csv', [HEADER, row('P-1'), row('P-2').replace(';A;', ';Z;')].join('\n'));
    await world.start(sftpSettings(world.sandbox, onlySpecifications()));
    const answer = await fetch(`${world.connector?.url ?? ''}/streams/partSpecifications/run`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ dryRun: true, wait: true }),
    });
    expect(await answer.json()).toMatchObject({
      state: 'succeeded',
      dryRun: true,
      counts: { read: 2, rejected: 1 },
    });
    expect([world.filesIn('inbox'), world.filesIn('archive'), world.filesIn('results')]).toEqual([
      ['parts.csv'],
      [],
      [],
    ]);
    expect(await world.connector?.runStream('partSpecifications')).toMatchObject({
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
      await world.start(settings, { privateKey: keys.private, passphrase: 'a long passphrase' });
      expect(await world.connector?.runStream('partSpecifications')).toMatchObject({
        state: 'succeeded',
        counts: { created: 20 },
      });
      await world.connector?.stop();
      await world.start(settings, { privateKey: keys.private, passphrase: 'another passphrase' });
      const run = await world.connector?.runStream('partSpecifications');
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
