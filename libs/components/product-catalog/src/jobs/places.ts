import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, realpath, rename, rm, stat } from 'node:fs/promises';
import { dirname, relative, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { err, messageOf, ok, type Result } from '@quotebridge/platform/core';
import type { OutboundPolicy } from '@quotebridge/platform/resilience';
import { request } from 'undici';

const TIMEOUT_MS = 60_000;

const refuseMissing = async (url: string, path: string): Promise<void> => {
  const found = await stat(path).catch((thrown: NodeJS.ErrnoException) => {
    if (thrown.code === 'ENOENT') return undefined;
    throw new Error(`${url} cannot be read (${thrown.code ?? 'no reason'})`, { cause: thrown });
  });
  if (found === undefined) throw new Error(`There is no file ${url}`);
  if (!found.isFile()) throw new Error(`${url} is no file`);
};

/** Where jobs read from and write to: http(s) addresses that the policy allows, and files in one folder. */
export class JobPlaces {
  /** `folder`: where `file:` addresses may lead; undefined to refuse them all. */
  constructor(
    private readonly policy: OutboundPolicy,
    private readonly folder: string | undefined,
  ) {}

  /** Says why an address cannot be used. */
  async check(url: string): Promise<Result<void, string>> {
    if (url.startsWith('file:')) {
      const file = this.fileOf(url);
      return file.ok ? ok(undefined) : file;
    }
    const target = await this.policy.check(url);
    return target.ok ? ok(undefined) : target;
  }

  /** Opens an address for reading. The stream fails when the source breaks off. */
  async read(url: string): Promise<Readable> {
    if (url.startsWith('file:')) {
      const file = this.fileOf(url);
      if (!file.ok) throw new Error(file.error);
      await refuseMissing(url, file.value);
      await this.refuseLinkOut(file.value);
      return createReadStream(file.value);
    }
    const answer = await request(url, {
      dispatcher: this.policy.agent(),
      headersTimeout: TIMEOUT_MS,
      bodyTimeout: TIMEOUT_MS,
    }).catch((thrown: unknown) => {
      throw new Error(`${url} does not answer: ${messageOf(thrown)}`, { cause: thrown });
    });
    if (answer.statusCode !== 200) {
      await answer.body.dump();
      throw new Error(`${url} answered ${answer.statusCode}`);
    }
    return answer.body;
  }

  /** Writes a stream to an address: a file appears only when it is complete, an http(s) target gets one PUT. */
  async write(url: string, contentType: string, content: AsyncIterable<string>): Promise<void> {
    if (url.startsWith('file:')) return this.writeFile(url, content);
    const stalled = new AbortController();
    const reason = new Error(`${url} took nothing more for ${TIMEOUT_MS / 1_000} seconds`);
    const watch = setTimeout(() => stalled.abort(reason), TIMEOUT_MS);
    async function* watched(): AsyncGenerator<string> {
      for await (const piece of content) {
        watch.refresh();
        yield piece;
      }
      watch.refresh();
    }
    const answer = await request(url, {
      method: 'PUT',
      dispatcher: this.policy.agent(),
      headers: { 'content-type': contentType },
      body: Readable.from(watched(), { objectMode: false }),
      // It would count from the first byte sent, and sending may take long.
      headersTimeout: 0,
      signal: stalled.signal,
    }).finally(() => clearTimeout(watch));
    await answer.body.dump();
    if (answer.statusCode >= 300) throw new Error(`${url} answered ${answer.statusCode}`);
  }

  private async writeFile(url: string, content: AsyncIterable<string>): Promise<void> {
    const file = this.fileOf(url);
    if (!file.ok) throw new Error(file.error);
    await mkdir(dirname(file.value), { recursive: true });
    await this.refuseLinkOut(dirname(file.value));
    const part = `${file.value}.part`;
    try {
      await pipeline(Readable.from(content, { objectMode: false }), createWriteStream(part));
      await rename(part, file.value);
    } catch (thrown) {
      await rm(part, { force: true });
      throw thrown;
    }
  }

  /** A link in the folder may lead out of it, which its address does not show. */
  private async refuseLinkOut(path: string): Promise<void> {
    const inside = relative(await realpath(this.folder ?? ''), await realpath(path));
    if (inside.startsWith('..')) throw new Error('must lie in the jobs folder of this server');
  }

  private fileOf(url: string): Result<string, string> {
    if (this.folder === undefined) return err('files are switched off; use an http(s) address');
    const root = resolve(this.folder);
    try {
      const path = resolve(fileURLToPath(url));
      const inside = relative(root, path);
      return inside === '' || inside.startsWith('..')
        ? err('must lie in the jobs folder of this server')
        : ok(path);
    } catch (thrown) {
      return err(`is not a usable file address: ${messageOf(thrown)}`);
    }
  }
}
