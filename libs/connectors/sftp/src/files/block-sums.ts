import { createHash } from 'node:crypto';
import type { ByteSource } from './byte-source';

const LEAST_BLOCK = 256 * 1024;
const MOST_BLOCKS = 4096;

/** Checksums (SHA-256, base64) of a file's blocks, each of `length` bytes but the last. */
export interface Blocks {
  readonly length: number;
  readonly sums: string[];
}

/** Length of the blocks of a file: a note can hold all of their sums, and memory one block. */
export const blockLength = (bytes: number): number => Math.max(LEAST_BLOCK, Math.ceil(bytes / MOST_BLOCKS));

const sumOf = (chunks: readonly Buffer[]): string => {
  const hash = createHash('sha256');
  for (const chunk of chunks) hash.update(chunk);
  return hash.digest('base64');
};

/** Adds up a file that comes piece by piece. */
export class BlockSums {
  private readonly sums: string[] = [];
  private hash = createHash('sha256');
  private held = 0;

  constructor(private readonly length: number) {}

  add(chunk: Buffer): void {
    let rest = chunk;
    while (rest.length > 0) {
      const piece = rest.subarray(0, this.length - this.held);
      this.hash.update(piece);
      this.held += piece.length;
      rest = rest.subarray(piece.length);
      if (this.held === this.length) this.close();
    }
  }

  end(): Blocks {
    if (this.held > 0) this.close();
    return { length: this.length, sums: this.sums };
  }

  private close(): void {
    this.sums.push(this.hash.digest('base64'));
    this.hash = createHash('sha256');
    this.held = 0;
  }
}

/** A file that has changed since it was looked through, although its name, size and time are the same. */
export class FileChanged extends Error {
  constructor(from: number, to: number) {
    super(`The file is not what it was when it was looked through: bytes ${from} to ${to} have changed`);
    this.name = 'FileChanged';
  }
}

/** Collects a block at a time, and gives what is wanted of it when it is as it was. */
class BlockCheck {
  private held: Buffer[] = [];
  private bytes = 0;

  constructor(
    private readonly blocks: Blocks,
    private block: number,
    private readonly wanted: { readonly from: number; readonly to: number },
  ) {}

  *add(chunk: Buffer): Generator<Buffer> {
    let rest = chunk;
    while (rest.length > 0) {
      const piece = rest.subarray(0, this.blocks.length - this.bytes);
      this.held.push(piece);
      this.bytes += piece.length;
      rest = rest.subarray(piece.length);
      if (this.bytes === this.blocks.length) yield* this.end();
    }
  }

  *end(): Generator<Buffer> {
    if (this.bytes === 0) return;
    const { held, bytes, blocks, wanted } = this;
    let at = this.block * blocks.length;
    if (sumOf(held) !== blocks.sums[this.block]) throw new FileChanged(at, at + bytes);
    this.block += 1;
    this.held = [];
    this.bytes = 0;
    for (const chunk of held) {
      const part = chunk.subarray(Math.max(0, wanted.from - at), Math.max(0, wanted.to - at));
      at += chunk.length;
      if (part.length > 0) yield part;
    }
  }
}

/** Gives bytes only when the block they stand in is as it was; throws {@link FileChanged} before it gives others. */
export const checkedSource = (source: ByteSource, blocks: Blocks): ByteSource => ({
  bytes: source.bytes,
  async *read(from, to) {
    const first = Math.floor(from / blocks.length);
    const last = Math.min(source.bytes, Math.ceil(to / blocks.length) * blocks.length);
    const check = new BlockCheck(blocks, first, { from, to });
    for await (const chunk of source.read(first * blocks.length, last)) yield* check.add(chunk);
    yield* check.end();
  },
});
