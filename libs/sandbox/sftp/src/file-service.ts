import * as fs from 'node:fs';
import { posix } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Faults } from '@quotebridge/sandbox/core';
import { utils, type Connection, type SFTPWrapper, type Attributes, type FileEntry } from 'ssh2';

const { OPEN_MODE, STATUS_CODE } = utils.sftp;

/** What answers the requests of one client. */
interface FileServiceOptions {
  /** Folder that the client sees as `/`. */
  readonly root: string;
  readonly faults: Faults;
  readonly latencyMs: number;
}

type Handle =
  | { readonly kind: 'file'; readonly file: fs.promises.FileHandle; readonly path: string }
  | { readonly kind: 'folder'; readonly path: string; told: boolean };

/** Thrown to answer a request with a status. */
class Status extends Error {
  constructor(readonly code: number) {
    super(`status ${code}`);
  }
}

const attributesOf = (stats: fs.Stats): Attributes => ({
  mode: stats.mode,
  uid: 1000,
  gid: 1000,
  size: stats.size,
  atime: Math.floor(stats.atimeMs / 1000),
  mtime: Math.floor(stats.mtimeMs / 1000),
});

const statusOf = (thrown: unknown): number => {
  if (thrown instanceof Status) return thrown.code;
  // By shape, not by class: errors of the file system may come from another realm.
  const code = typeof thrown === 'object' && thrown !== null && 'code' in thrown ? thrown.code : '';
  if (code === 'ENOENT' || code === 'ENOTDIR') return STATUS_CODE.NO_SUCH_FILE;
  return code === 'EACCES' || code === 'EPERM' ? STATUS_CODE.PERMISSION_DENIED : STATUS_CODE.FAILURE;
};

const flagsOf = (flags: number): string => {
  if ((flags & OPEN_MODE.WRITE) === 0) return 'r';
  if ((flags & OPEN_MODE.TRUNC) !== 0) return (flags & OPEN_MODE.READ) !== 0 ? 'w+' : 'w';
  return (flags & OPEN_MODE.APPEND) !== 0 ? 'a' : 'r+';
};

/** Faults of the file service itself. `path` narrows them to paths with a text, `method` to a request such as READ. */
export const FILE_FAULTS = [
  { name: 'refuseSignIn', description: 'The next sign-in is refused.' },
  { name: 'otherHostKey', description: 'The next connection shows another host key.' },
  { name: 'dropConnection', description: 'A request is not answered and the connection is cut.' },
  { name: 'stall', description: 'A request is never answered.' },
  { name: 'failRequest', description: 'A request is answered with a failure.' },
  { name: 'denyRequest', description: 'A request is answered with "permission denied".' },
  { name: 'shortRead', description: 'A read gives only half of what was asked for.' },
  { name: 'corruptRead', description: 'A read gives one wrong byte.' },
];

/** Serves a folder over SFTP version 3 (draft-ietf-secsh-filexfer-02). */
export class FileService {
  private readonly handles = new Map<number, Handle>();
  private last = 0;

  constructor(
    private readonly sftp: SFTPWrapper,
    private readonly client: Connection,
    private readonly options: FileServiceOptions,
  ) {}

  serve(): void {
    const { sftp } = this;
    sftp.on('OPEN', (id, path, flags) =>
      this.answer(id, 'OPEN', path, async () => {
        const file = await fs.promises.open(this.at(path), flagsOf(flags));
        sftp.handle(id, this.keep({ kind: 'file', file, path }));
      }),
    );
    sftp.on('READ', (id, handle, offset, length) => {
      const open = this.file(handle);
      this.answer(id, 'READ', open?.path ?? '', () => this.read(id, open, offset, length));
    });
    sftp.on('WRITE', (id, handle, offset, data) => {
      const open = this.file(handle);
      this.answer(id, 'WRITE', open?.path ?? '', async () => {
        if (open === undefined) throw new Status(STATUS_CODE.FAILURE);
        await open.file.write(data, 0, data.length, offset);
        sftp.status(id, STATUS_CODE.OK);
      });
    });
    sftp.on('FSTAT', (id, handle) => {
      const open = this.file(handle);
      this.answer(id, 'FSTAT', open?.path ?? '', async () => {
        if (open === undefined) throw new Status(STATUS_CODE.FAILURE);
        sftp.attrs(id, attributesOf(await open.file.stat()));
      });
    });
    sftp.on('CLOSE', (id, handle) => {
      const key = handle.length === 4 ? handle.readUInt32BE() : 0;
      const open = this.handles.get(key);
      this.handles.delete(key);
      this.answer(id, 'CLOSE', open?.path ?? '', async () => {
        if (open?.kind === 'file') await open.file.close();
        sftp.status(id, open === undefined ? STATUS_CODE.FAILURE : STATUS_CODE.OK);
      });
    });
    sftp.on('OPENDIR', (id, path) =>
      this.answer(id, 'OPENDIR', path, async () => {
        if (!(await fs.promises.stat(this.at(path))).isDirectory())
          throw new Status(STATUS_CODE.NO_SUCH_FILE);
        sftp.handle(id, this.keep({ kind: 'folder', path, told: false }));
      }),
    );
    sftp.on('READDIR', (id, handle) => {
      const open = this.handles.get(handle.length === 4 ? handle.readUInt32BE() : 0);
      this.answer(id, 'READDIR', open?.path ?? '', async () => {
        if (open?.kind !== 'folder') throw new Status(STATUS_CODE.FAILURE);
        if (open.told) return sftp.status(id, STATUS_CODE.EOF);
        open.told = true;
        sftp.name(id, await this.entries(open.path));
      });
    });
    sftp.on('STAT', (id, path) => this.stat(id, 'STAT', path));
    sftp.on('LSTAT', (id, path) => this.stat(id, 'LSTAT', path));
    sftp.on('REALPATH', (id, path) =>
      this.answer(id, 'REALPATH', path, async () => {
        const filename = posix.resolve('/', path);
        sftp.name(id, [
          { filename, longname: filename, attrs: attributesOf(await fs.promises.stat(this.options.root)) },
        ]);
      }),
    );
    sftp.on('REMOVE', (id, path) => this.done(id, 'REMOVE', path, () => fs.promises.unlink(this.at(path))));
    sftp.on('MKDIR', (id, path) => this.done(id, 'MKDIR', path, () => fs.promises.mkdir(this.at(path))));
    sftp.on('RMDIR', (id, path) => this.done(id, 'RMDIR', path, () => fs.promises.rmdir(this.at(path))));
    sftp.on('SETSTAT', (id, path) => this.done(id, 'SETSTAT', path, async () => undefined));
    sftp.on('FSETSTAT', (id) => this.done(id, 'FSETSTAT', '', async () => undefined));
    sftp.on('RENAME', (id, from, to) =>
      this.done(id, 'RENAME', from, async () => {
        // Version 3 of the protocol refuses to replace a file.
        if (fs.existsSync(this.at(to))) throw new Status(STATUS_CODE.FAILURE);
        await fs.promises.rename(this.at(from), this.at(to));
      }),
    );
  }

  private stat(id: number, request: string, path: string): void {
    this.answer(id, request, path, async () =>
      this.sftp.attrs(id, attributesOf(await fs.promises.stat(this.at(path)))),
    );
  }

  /** Closes what a client left open. */
  async end(): Promise<void> {
    const open = [...this.handles.values()];
    this.handles.clear();
    for (const handle of open) if (handle.kind === 'file') await handle.file.close().catch(() => undefined);
  }

  private at(path: string): string {
    return posix.join(this.options.root, posix.resolve('/', path));
  }

  private keep(handle: Handle): Buffer {
    this.last += 1;
    this.handles.set(this.last, handle);
    const key = Buffer.alloc(4);
    key.writeUInt32BE(this.last);
    return key;
  }

  private file(handle: Buffer): Extract<Handle, { kind: 'file' }> | undefined {
    const open = this.handles.get(handle.length === 4 ? handle.readUInt32BE() : 0);
    return open?.kind === 'file' ? open : undefined;
  }

  private async entries(path: string): Promise<FileEntry[]> {
    const found: FileEntry[] = [];
    for (const filename of await fs.promises.readdir(this.at(path))) {
      const stats = await fs.promises.stat(this.at(posix.join(path, filename))).catch(() => undefined);
      if (stats === undefined) continue;
      const kind = stats.isDirectory() ? 'd' : '-';
      found.push({
        filename,
        longname: `${kind}rw-r--r-- 1 sandbox sandbox ${stats.size} ${filename}`,
        attrs: attributesOf(stats),
      });
    }
    return found;
  }

  private async read(
    id: number,
    open: Extract<Handle, { kind: 'file' }> | undefined,
    offset: number,
    length: number,
  ): Promise<void> {
    if (open === undefined) throw new Status(STATUS_CODE.FAILURE);
    const target = { method: 'READ', url: open.path };
    const wanted = Math.min(length, 256 * 1024);
    const half =
      this.options.faults.take('shortRead', target) === undefined
        ? wanted
        : Math.max(1, Math.floor(wanted / 2));
    const { bytesRead, buffer } = await open.file.read(Buffer.alloc(half), 0, half, offset);
    if (bytesRead === 0) return this.sftp.status(id, STATUS_CODE.EOF);
    if (this.options.faults.take('corruptRead', target) !== undefined) buffer[0] = (buffer[0] ?? 0) ^ 1;
    this.sftp.data(id, buffer.subarray(0, bytesRead));
  }

  private done(id: number, request: string, path: string, work: () => Promise<unknown>): void {
    this.answer(id, request, path, async () => {
      await work();
      this.sftp.status(id, STATUS_CODE.OK);
    });
  }

  private answer(id: number, request: string, path: string, work: () => Promise<unknown>): void {
    void this.play({ method: request, url: path })
      .then(async (isCut) => {
        if (!isCut) await work();
      })
      .catch((thrown: unknown) => this.sftp.status(id, statusOf(thrown)));
  }

  /** Plays the faults that come before the work; true when there is to be no answer. */
  private async play(target: { method: string; url: string }): Promise<boolean> {
    const { faults, latencyMs } = this.options;
    if (latencyMs > 0) await sleep(latencyMs);
    const delay = faults.take('delay', target);
    if (delay !== undefined) await sleep(delay.ms ?? 1000);
    if (faults.take('dropConnection', target) !== undefined) {
      this.client.end();
      return true;
    }
    if (faults.take('stall', target) !== undefined) return true;
    if (faults.take('denyRequest', target) !== undefined) throw new Status(STATUS_CODE.PERMISSION_DENIED);
    if (faults.take('failRequest', target) !== undefined) throw new Status(STATUS_CODE.FAILURE);
    return false;
  }
}
