import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { OutboundPolicy } from '@quotebridge/platform/resilience';
import { JobPlaces } from './places';

async function* nothing(): AsyncGenerator<string> {
  yield '';
}

describe('the places of jobs', () => {
  let folder: string;
  let places: JobPlaces;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'places-'));
    places = new JobPlaces(new OutboundPolicy({}), folder);
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it.each(['..', '../other', 'a/../../x', '%2e%2e/x', 'a/%2e%2e/%2E%2E/x', '..%2fx', '.', ''])(
    'never lead out of the folder: %s',
    async (path) => {
      const url = `${pathToFileURL(folder).href}/${path}`;
      expect((await places.check(url)).ok).toBe(false);
      await expect(places.read(url)).rejects.toThrow();
    },
  );

  it('that are not there, or are a folder, are told in one sentence without the path on the machine', async () => {
    await mkdir(join(folder, 'sub'));
    const told = async (name: string): Promise<string> => {
      const url = `${pathToFileURL(folder).href}/${name}`;
      return places.read(url).then(
        () => 'read',
        (thrown: Error) => thrown.message.replace(url, 'URL'),
      );
    };
    expect(await told('none.csv')).toBe('There is no file URL');
    expect(await told('sub')).toBe('URL is no file');
  });

  it.each([
    'file:///etc/passwd',
    'file://host/etc/passwd',
    'FILE:///etc/passwd',
    'ftp://example.com/x',
    'data:,x',
    'x',
  ])('are not anywhere: %s', async (url) => {
    expect((await places.check(url)).ok).toBe(false);
  });

  it('are not behind a link that leads out of the folder', async () => {
    const outside = await mkdtemp(join(tmpdir(), 'outside-'));
    await symlink(outside, join(folder, 'link'));
    const url = pathToFileURL(join(folder, 'link/x')).href;
    await writeFile(join(outside, 'x'), '');
    await expect(places.read(url)).rejects.toThrow('must lie in the jobs folder');
    await expect(places.write(url, 'text/csv', nothing())).rejects.toThrow('must lie in');
  });

  it('are not on the loopback address unless that is allowed', async () => {
    expect((await places.check('http://127.0.0.1:9/x')).ok).toBe(false);
    const open = new JobPlaces(new OutboundPolicy({ allow: ['loopback'] }), undefined);
    expect((await open.check('http://127.0.0.1:9/x')).ok).toBe(true);
    expect((await open.check(pathToFileURL(join(folder, 'x')).href)).ok).toBe(false);
  });

  it('hold a file only when it is complete', async () => {
    async function* content(broken: boolean): AsyncGenerator<string> {
      yield 'one\n';
      if (broken) throw new Error('stopped');
      yield 'two\n';
    }
    const url = pathToFileURL(join(folder, 'deep/out.ndjson')).href;
    await expect(places.write(url, 'application/x-ndjson', content(true))).rejects.toThrow('stopped');
    expect(await readdir(join(folder, 'deep'))).toEqual([]);
    await places.write(url, 'application/x-ndjson', content(false));
    expect(await readFile(join(folder, 'deep/out.ndjson'), 'utf8')).toBe('one\ntwo\n');
  });
});
