import type { Notes } from '@quotebridge/connectors/sdk';
import type { JsonObject } from '@quotebridge/platform/core';
import { PgpKeys } from '../pgp/keys';
import type { RemoteFile } from '../remote/remote-files';
import { asSettings, type Drop } from '../settings';
import { findings, type Finding } from './inbox';
import { Ledger, type KnownFile } from './ledger';
import { finishFile, putAside, putAwayDuplicate, type PutAwayDeps } from './put-away';

const FOUND = '2026-03-01T02:00:00.000Z';
const FILE = 'stock.csv';
const TOLD = 'stock.csv.done';
const PUT_AWAY: RemoteFile = { name: FILE, bytes: 100, modified: 1_000 };
const KNOWN: KnownFile = {
  ...PUT_AWAY,
  sha256: 'ab'.repeat(32),
  records: 3,
  blocks: { length: 1, sums: [] },
  foundAt: FOUND,
  order: 0,
};
const settings = asSettings({
  // All files are too large, and refused when they are looked at.
  limits: { fileBytes: 99, recordBytes: 1_000, unpackedBytes: 10_000, ratio: 100, depth: 10 },
  patienceMinutes: 1,
  inbox: '/inbox',
  archive: '/archive',
  results: '/results',
  refused: '/refused',
  pgp: { results: 'none', keyEncrypted: false },
});
const drop: Drop = {
  name: 'stock',
  files: '*.csv',
  format: { kind: 'ndjson' },
  encoding: 'utf-8',
  complete: { kind: 'doneFile', file: '{name}.done' },
  pgp: 'none',
  streams: [],
};

const notesInMemory = (): Notes => {
  const kept = new Map<string, JsonObject>();
  return {
    get: async (kind, key) => kept.get(`${kind}/${key}`),
    put: async (kind, notes) => notes.forEach(({ key, value }) => kept.set(`${kind}/${key}`, value)),
    pages: async function* () {
      yield [];
    },
    clear: async () => undefined,
  };
};

async function* nothing(): AsyncGenerator<Buffer> {
  yield Buffer.alloc(0);
}

/** A file server whose client is killed before one of its changes. */
class Server {
  changesLeft = Infinity;
  readonly ledger = new Ledger(notesInMemory());
  private readonly files = new Map<string, RemoteFile>();

  constructor(file: RemoteFile = PUT_AWAY) {
    this.drop(file);
  }

  /** Somebody puts the file there, and says that it is whole. */
  drop(file: RemoteFile = PUT_AWAY): void {
    this.files.set(`/inbox/${FILE}`, file);
    this.files.set(`/inbox/${TOLD}`, { name: TOLD, bytes: 0, modified: 1_001 });
  }

  in(folder: string): readonly string[] {
    return [...this.files.keys()].filter((path) => path.startsWith(`${folder}/`));
  }

  get deps(): PutAwayDeps {
    const { ledger } = this;
    const clock = { now: () => Date.parse(FOUND) };
    return { remote: this.remote, ledger, settings, keys: new PgpKeys(settings, {}), clock };
  }

  /** What the next run finds. */
  async look(): Promise<readonly Finding[]> {
    const found: Finding[] = [];
    const remote = { ...this.remote, text: async () => '', read: nothing };
    const { signal } = new AbortController();
    const deps = {
      ...this.deps,
      remote,
      signal,
      startedAt: FOUND,
      dryRun: false,
      sleep: async () => undefined,
    };
    for await (const finding of findings(drop, deps)) found.push(finding);
    return found;
  }

  private readonly remote: PutAwayDeps['remote'] = {
    list: async (folder) => this.in(folder).flatMap((path) => this.files.get(path) ?? []),
    stat: async (path) => this.files.get(path),
    write: async (path) => this.change(() => this.files.set(path, { name: path, bytes: 1, modified: 1 })),
    remove: async (path) => this.change(() => this.files.delete(path)),
    move: async (from, to) =>
      this.change(() => {
        const file = this.files.get(from);
        if (file === undefined) throw new Error(`${from} is not there`);
        this.files.delete(from);
        this.files.set(to, file);
      }),
  };

  private change(how: () => unknown): void {
    if ((this.changesLeft -= 1) < 0) throw new Error('killed');
    how();
  }
}

const archived = (server: Server): Promise<void> => finishFile(KNOWN, drop, server.deps);

describe('a file that is put away', () => {
  it.each([0, 1, 2, 3])(
    'and whose process is killed after %s changes leaves no done file behind',
    async (n) => {
      const server = new Server();
      server.changesLeft = n;
      await archived(server).catch(() => undefined);
      const left = server.in('/inbox');
      // The next file of that name would be taken for whole while it is written.
      expect(left).not.toEqual([`/inbox/${TOLD}`]);
      server.changesLeft = Infinity;
      await archived(server);
      expect(server.in('/inbox')).toEqual([]);
      expect(server.in('/archive')).toHaveLength(2);
    },
  );

  it.each([0, 1, 2, 3])(
    'as refused, and whose process is killed after %s changes, is put aside by the next run, with one answer',
    async (n) => {
      const server = new Server();
      server.changesLeft = n;
      await putAside(PUT_AWAY, 'it is broken', drop, server.deps).catch(() => undefined);
      server.changesLeft = Infinity;
      for (const finding of await server.look()) {
        if (finding.kind !== 'refused') throw new Error(`it is ${finding.kind}`);
        await putAside(finding.file, finding.reason, drop, server.deps);
      }
      expect(server.in('/inbox')).toEqual([]);
      expect(server.in('/refused')).toHaveLength(2);
      expect(server.in('/results')).toHaveLength(1);
      // The next one of that name waits for its own done file.
      expect(await server.ledger.refusing(drop.name, PUT_AWAY)).toBeUndefined();
      expect(await server.ledger.wasRefused(drop.name, FILE)).toBe(true);
    },
  );

  it.each([0, 1, 2, 3])(
    'as read once more has answers of its own, also when the process is killed after %s changes',
    async (n) => {
      const server = new Server();
      await archived(server);
      const [first] = server.in('/results');
      server.drop();
      const again = { ...KNOWN, foundAt: '2026-03-03T02:00:00.000Z' };
      server.changesLeft = n;
      await finishFile(again, drop, server.deps).catch(() => undefined);
      server.changesLeft = Infinity;
      await finishFile(again, drop, server.deps);
      const [one, other, ...more] = server.in('/results');
      expect([one, more]).toEqual([first, []]);
      expect(other).toContain(`.${Date.parse(again.foundAt)}.result.json`);
      expect(server.in('/archive')).toHaveLength(4);
    },
  );

  it.each<[string, (server: Server) => Promise<void>]>([
    ['read', archived],
    ['refused', ({ deps }) => putAside(PUT_AWAY, 'it is broken', drop, deps)],
    ['a duplicate', ({ deps }) => putAwayDuplicate(KNOWN, { of: 'x.csv', at: FOUND }, drop, deps)],
  ])('as %s leaves one that was dropped in its place meanwhile to be read', async (_how, putAway) => {
    const server = new Server({ ...PUT_AWAY, bytes: 120, modified: 1_060 });
    await putAway(server);
    expect(server.in('/inbox')).toEqual([`/inbox/${FILE}`, `/inbox/${TOLD}`]);
    expect([...server.in('/archive'), ...server.in('/refused')]).toEqual([]);
    expect(server.in('/results')).toHaveLength(1);
  });

  it.each<[string, (server: Server) => Promise<void>]>([
    ['read', archived],
    ['a duplicate', ({ deps }) => putAwayDuplicate(KNOWN, { of: 'x.csv', at: FOUND }, drop, deps)],
  ])('as %s is not taken for the next one that is as long and as old', async (_how, putAway) => {
    const server = new Server();
    await server.ledger.putFile(drop.name, KNOWN);
    await putAway(server);
    expect(await server.ledger.file(drop.name, PUT_AWAY)).toBeUndefined();
  });
});
