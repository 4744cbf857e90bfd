import { createHash } from 'node:crypto';
import { appendFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import type { JsonObject } from '@quotebridge/platform/core';
import { sparePart } from '@quotebridge/sandbox/core';
import { onlySpecifications, PARTS_HEADER as HEADER, partsRow as row, sftpWorld } from './sftp-world';
import { sftpSettings } from './sftp-settings';

const sha = (text: string | Buffer): string => createHash('sha256').update(text).digest('hex');

describe('files that the SFTP connector reads, and those it does not', () => {
  const world = sftpWorld();

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
      await world.switches.post('/__sandbox/drops', {
        file: 'parts-x',
        format,
        pack,
        size: 0.05,
        tell: 'manifest',
      });
      const complete = { kind: 'manifest', file: '{name}.manifest.json', files: 'files' };
      const settings = sftpSettings(world.sandbox, {
        ...list(format),
        format: formats[format] ?? {},
        complete,
      });
      expect(await world.oneRun(settings)).toMatchObject({
        state: 'succeeded',
        counts: { read: 100, created: 100, rejected: 0 },
      });
      const prices = [...world.owner.resources.values()].map((one) => one['price']);
      expect(sha(JSON.stringify(prices))).toBe(sha(JSON.stringify(expectedPrices())));
      expect(world.filesIn('inbox')).toEqual([]);
    });

    const expectedPrices = (): { value: number }[] =>
      Array.from({ length: 100 }, (_, index) => ({ value: Number(sparePart(1, index).price) }));

    it('another encoding keeps its letters', async () => {
      const text = [HEADER, row('P-1').replace('Ring;', 'Dichtring für Öl;')].join('\r\n');
      world.drop('parts.csv', Buffer.from(text, 'latin1'));
      await world.oneRun(sftpSettings(world.sandbox, onlySpecifications({ encoding: 'windows-1252' })));
      expect([...world.owner.resources.values()][0]).toMatchObject({ description: 'Dichtring für Öl' });
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
      [
        'without its done file',
        'done',
        () => world.drop('parts.csv', good),
        () => world.drop('parts.done', ''),
      ],
      [
        'without its manifest',
        'manifest',
        () => world.drop('parts.csv', good),
        () => world.drop('parts.json', manifest({ records: 2 })),
      ],
      [
        'with fewer records than announced',
        'manifest',
        () => {
          world.drop('parts.csv', [HEADER, row('P-1')].join('\n'));
          world.drop('parts.json', manifest({ records: 2 }));
        },
        () => world.drop('parts.csv', good),
      ],
      [
        'with fewer bytes than announced',
        'manifest',
        () => {
          world.drop('parts.csv', good.slice(0, -3));
          world.drop('parts.json', manifest({ bytes: good.length }));
        },
        () => world.drop('parts.csv', good),
      ],
      [
        'with another checksum',
        'checksum',
        () => {
          world.drop('parts.csv', good.replace('P-2', 'P-9'));
          world.drop('parts.csv.sha256', `${sha(good)}  parts.csv\n`);
        },
        () => world.drop('parts.csv', good),
      ],
      [
        'of a cut gzip file',
        'stable',
        () => world.drop('parts.csv', gzipSync(good).subarray(0, -9)),
        () => world.drop('parts.csv', gzipSync(good)),
      ],
      [
        'that ends inside of a field',
        'stable',
        () => world.drop('parts.csv', `${good}\n"P-3`),
        () => world.drop('parts.csv', good),
      ],
    ])('%s; when it is whole, it is', async (_name, kind, partial, whole) => {
      const settings = sftpSettings(
        world.sandbox,
        onlySpecifications(kind === 'stable' ? {} : { complete: complete[kind] ?? {} }),
      );
      partial();
      expect(await world.oneRun(settings)).toMatchObject({ state: 'succeeded', counts: { read: 0 } });
      expect(world.filesIn('inbox')).toContain('parts.csv');
      whole();
      expect(await world.connector?.runStream('partSpecifications')).toMatchObject({
        state: 'succeeded',
        counts: { created: 2 },
      });
      expect(world.filesIn('inbox')).toEqual([]);
    });

    it('while it grows', async () => {
      world.drop('parts.csv', good);
      const settings = sftpSettings(
        world.sandbox,
        onlySpecifications({ complete: { kind: 'stable', seconds: 1 } }),
      );
      const running = world.oneRun(settings);
      const growing = setInterval(
        () => appendFileSync(world.inbox('parts.csv'), `\n${row(`P-${Date.now()}`)}`),
        50,
      );
      const run = await running;
      clearInterval(growing);
      expect(run).toMatchObject({ state: 'succeeded', counts: { read: 0 } });
      expect(await world.connector?.runStream('partSpecifications')).toMatchObject({
        state: 'succeeded',
        counts: { rejected: 0 },
      });
      expect(world.owner.resources.size).toBeGreaterThan(2);
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
    world.drop('parts.csv', content);
    const limits = { recordBytes: 100_000, ratio: 20 };
    const run = await world.oneRun(sftpSettings(world.sandbox, onlySpecifications(rest), { limits }));
    expect(run).toMatchObject({ state: 'succeeded', counts: { rejected: 1, created: 0 } });
    expect(world.result('.refused.json')).toMatchObject({
      state: 'refused',
      reason: expect.stringContaining(reason) as string,
    });
    expect(world.filesIn('refused')).toEqual(['parts.csv']);
    expect(await world.quarantine()).toMatchObject([{ externalId: 'file/parts.csv' }]);
    world.drop('parts.csv', [HEADER, row('P-1')].join('\n'));
    if (rest['format'] !== undefined) return;
    await world.connector?.runStream('partSpecifications');
    expect(await world.quarantine()).toEqual([]);
  });
});
