import { isSftpFailed, SftpFailed } from './sftp-failed';
import { Session, type SessionOptions } from './session';

/** A file on the server. */
export interface RemoteFile {
  readonly name: string;
  readonly bytes: number;
  /** Seconds since the epoch, as the server gives it. */
  readonly modified: number;
}

/** Whether a file has not changed between two looks. */
export const isSame = (left: RemoteFile | undefined, right: RemoteFile): boolean =>
  left?.bytes === right.bytes && left.modified === right.modified;

/** What a reader of chunks can be told. */
export interface ReadRange {
  readonly path: string;
  /** First byte. */
  readonly from: number;
  /** First byte that is no longer read. */
  readonly to: number;
}

/** What fits into one packet of every server; ssh2 would ask twice for more. */
const CHUNK = 30 * 1024;
/** Reads on their way at once: hides the latency of the line, holds at most half a megabyte. */
const AHEAD = 16;
const TRIES = 4;
const FIRST_PAUSE_MS = 250;

const parentOf = (path: string): string => path.slice(0, path.lastIndexOf('/')) || '/';

/** Files of one server. A lost connection is opened again and the operation repeated, a few times. */
export class RemoteFiles {
  private session: Promise<Session> | undefined;

  constructor(
    private readonly options: SessionOptions,
    private readonly sleep: (ms: number) => Promise<void> = (ms) =>
      new Promise((resolve) => setTimeout(resolve, ms)),
  ) {}

  /** Regular files of a folder. */
  list(folder: string): Promise<readonly RemoteFile[]> {
    return this.again(async (session) => {
      const entries = await session.call<
        { filename: string; attrs: { size: number; mtime: number; isFile(): boolean } }[]
      >(`Listing ${folder}`, (sftp, done) => sftp.readdir(folder, done));
      return entries
        .filter(({ attrs }) => attrs.isFile())
        .map(({ filename, attrs }) => ({ name: filename, bytes: attrs.size, modified: attrs.mtime }));
    });
  }

  /** A file by its path, or undefined. */
  async stat(path: string): Promise<RemoteFile | undefined> {
    try {
      return await this.again(async (session) => {
        const { size, mtime } = await session.call<{ size: number; mtime: number }>(
          `Looking at ${path}`,
          (sftp, done) => sftp.stat(path, done),
        );
        return { name: path.slice(path.lastIndexOf('/') + 1), bytes: size, modified: mtime };
      });
    } catch (thrown) {
      if (isSftpFailed(thrown, 'missing')) return undefined;
      throw thrown;
    }
  }

  /** The bytes of a range in order. After a lost connection reading goes on at the byte where it stopped. */
  async *read({ path, from, to }: ReadRange, signal?: AbortSignal): AsyncGenerator<Buffer> {
    let at = from;
    for (let tries = 1; at < to; tries += 1) {
      try {
        for await (const chunk of this.readOnce({ path, from: at, to }, signal)) {
          at += chunk.length;
          tries = 1;
          yield chunk;
        }
        if (at < to) throw new SftpFailed('refused', `${path} ended at byte ${at} instead of ${to}`);
      } catch (thrown) {
        if (!isSftpFailed(thrown, 'connection') || tries >= TRIES || signal?.aborted === true) throw thrown;
        await this.sleep(FIRST_PAUSE_MS * 2 ** tries);
      }
    }
  }

  /** A small file as a whole; undefined when there is none. */
  async text(path: string, mostBytes: number): Promise<string | undefined> {
    const file = await this.stat(path);
    if (file === undefined) return undefined;
    if (file.bytes > mostBytes)
      throw new SftpFailed(
        'refused',
        `${path} has ${file.bytes} bytes, more than the ${mostBytes} that are read`,
      );
    const chunks: Buffer[] = [];
    for await (const chunk of this.read({ path, from: 0, to: file.bytes })) chunks.push(chunk);
    return Buffer.concat(chunks)
      .toString('utf8')
      .replace(/^\uFEFF/, '');
  }

  /** Writes a file beside its place and then puts it there, so that nobody sees half of it. */
  async write(path: string, chunks: AsyncIterable<string | Uint8Array>): Promise<void> {
    await this.makeFolder(parentOf(path));
    const beside = `${path}.part`;
    const session = await this.opened();
    const handle = await session.call<Buffer>(`Writing ${beside}`, (sftp, done) =>
      sftp.open(beside, 'w', done),
    );
    let at = 0;
    for await (const chunk of chunks) {
      const bytes = typeof chunk === 'string' ? Buffer.from(chunk, 'utf8') : Buffer.from(chunk);
      for (let start = 0; start < bytes.length; start += CHUNK) {
        const length = Math.min(CHUNK, bytes.length - start);
        await session.call<void>(`Writing ${beside}`, (sftp, done) =>
          sftp.write(handle, bytes, start, length, at, done),
        );
        at += length;
      }
    }
    await session.call<void>(`Writing ${beside}`, (sftp, done) => sftp.close(handle, done));
    await this.remove(path);
    await this.move(beside, path);
  }

  /** Moves a file. True when it is there afterwards, also when an earlier try has moved it. */
  async move(from: string, to: string): Promise<void> {
    await this.makeFolder(parentOf(to));
    try {
      await this.again((session) =>
        session.call<void>(`Moving ${from} to ${to}`, (sftp, done) => sftp.rename(from, to, done)),
      );
    } catch (thrown) {
      // The answer of an earlier try may have been lost.
      const moved = isSftpFailed(thrown, 'missing') && (await this.stat(to)) !== undefined;
      if (!moved) throw thrown;
    }
  }

  async remove(path: string): Promise<void> {
    if ((await this.stat(path)) === undefined) return;
    await this.again((session) =>
      session.call<void>(`Removing ${path}`, (sftp, done) => sftp.unlink(path, done)),
    );
  }

  async close(): Promise<void> {
    const session = this.session;
    this.session = undefined;
    await session?.then(
      (open) => open.close(),
      () => undefined,
    );
  }

  private async makeFolder(path: string): Promise<void> {
    if (path === '/' || (await this.stat(path)) !== undefined) return;
    await this.makeFolder(parentOf(path));
    try {
      await this.again((session) =>
        session.call<void>(`Making the folder ${path}`, (sftp, done) => sftp.mkdir(path, done)),
      );
    } catch (thrown) {
      // Another replica may have been faster.
      if ((await this.stat(path)) === undefined) throw thrown;
    }
  }

  private async *readOnce({ path, from, to }: ReadRange, signal?: AbortSignal): AsyncGenerator<Buffer> {
    const session = await this.opened();
    const what = `Reading ${path}`;
    const handle = await session.call<Buffer>(what, (sftp, done) => sftp.open(path, 'r', done));
    const chunkAt = (at: number): Promise<Buffer> =>
      session.call<Buffer>(what, (sftp, done) => {
        const wanted = Math.min(CHUNK, to - at);
        sftp.read(handle, Buffer.allocUnsafe(wanted), 0, wanted, at, (error, bytes, buffer) =>
          done(error, error ? undefined : buffer.subarray(0, bytes)),
        );
      });
    const ahead: { readonly at: number; readonly chunk: Promise<Buffer> }[] = [];
    let next = from;
    try {
      for (;;) {
        signal?.throwIfAborted();
        while (ahead.length < AHEAD && next < to) {
          const chunk = chunkAt(next);
          // It is awaited later; until then its failure is nobody's.
          chunk.catch(() => undefined);
          ahead.push({ at: next, chunk });
          next += CHUNK;
        }
        const first = ahead.shift();
        if (first === undefined) return;
        let chunk = await first.chunk;
        const wanted = Math.min(CHUNK, to - first.at);
        // A server may answer with less than it was asked for.
        while (chunk.length < wanted) {
          const more = await chunkAt(first.at + chunk.length);
          if (more.length === 0) break;
          chunk = Buffer.concat([chunk, more.subarray(0, wanted - chunk.length)]);
        }
        if (chunk.length > 0) yield chunk;
        if (chunk.length < wanted) return;
      }
    } finally {
      await Promise.allSettled(ahead.map(({ chunk }) => chunk));
      if (!session.isOver)
        await session.call<void>(what, (sftp, done) => sftp.close(handle, done)).catch(() => undefined);
    }
  }

  private async opened(): Promise<Session> {
    const kept = await this.session?.catch(() => undefined);
    if (kept !== undefined && !kept.isOver) return kept;
    this.session = Session.open(this.options);
    return this.session;
  }

  private async again<T>(work: (session: Session) => Promise<T>): Promise<T> {
    for (let tries = 1; ; tries += 1) {
      try {
        return await work(await this.opened());
      } catch (thrown) {
        if (!isSftpFailed(thrown, 'connection') || tries >= TRIES) throw thrown;
        await this.sleep(FIRST_PAUSE_MS * 2 ** tries);
      }
    }
  }
}
