import { isUtf8 } from 'node:buffer';

/** Longest record in characters: MongoDB holds 16 MB in a document. */
export const MAX_RECORD = 16 * 1024 * 1024;

/** A piece of a file; undefined text stands for one that is too long to be read. */
export interface Piece {
  readonly line: number;
  readonly text: string | undefined;
}

const NEWLINE = 0x0a;

/** Stands for bytes that are no UTF-8; no text has it by itself, and it goes through every reader. */
const DAMAGE = '\uFFFD\0\uFFFD';

/** Whether a text from {@link decoded} holds what was no UTF-8: stored as it is, it would be damaged for good. */
export const isDamaged = (text: string): boolean => text.includes(DAMAGE);

/** Bytes at the end that begin a character whose rest is in the next piece. */
const unfinished = (bytes: Buffer): number => {
  for (let back = 1; back <= Math.min(3, bytes.length); back += 1) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte < 0x80) return 0;
    if (byte >= 0xc0) return back < (byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2) ? back : 0;
  }
  return 0;
};

/** What is wrong in one line is no fault of those around it. */
const textOf = (bytes: Buffer): string => {
  if (isUtf8(bytes)) return bytes.toString('utf8');
  let text = '';
  for (let from = 0; from < bytes.length;) {
    const found = bytes.indexOf(NEWLINE, from);
    const end = found < 0 ? bytes.length : found + 1;
    const line = bytes.subarray(from, end);
    text += isUtf8(line) ? line.toString('utf8') : line.toString('utf8').replaceAll('\uFFFD', DAMAGE);
    from = end;
  }
  return text;
};

/** The text of a source of bytes, without its byte order mark. Fails when the source does. */
export async function* decoded(source: AsyncIterable<Uint8Array | string>): AsyncGenerator<string> {
  let rest = Buffer.alloc(0);
  let isStart = true;
  const shown = (text: string): string => {
    const whole = isStart && text.startsWith('\uFEFF') ? text.slice(1) : text;
    isStart &&= text === '';
    return whole;
  };
  for await (const chunk of source) {
    if (typeof chunk === 'string') yield shown(chunk);
    else {
      const bytes = Buffer.concat([rest, chunk]);
      const end = bytes.length - unfinished(bytes);
      rest = bytes.subarray(end);
      yield shown(textOf(bytes.subarray(0, end)));
    }
  }
  if (rest.length > 0) yield shown(textOf(rest));
}

/** Lines, counted from 1. Of one that is too long nothing is kept. */
export async function* lines(texts: AsyncIterable<string>, max = MAX_RECORD): AsyncGenerator<Piece> {
  let line = 1;
  let rest = '';
  let tooLong = false;
  const piece = (text: string): Piece => {
    const whole = rest + text;
    const result = { line, text: tooLong || whole.length > max ? undefined : whole.replace(/\r$/, '') };
    rest = '';
    tooLong = false;
    line += 1;
    return result;
  };
  for await (const text of texts) {
    let from = 0;
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', from)) {
      yield piece(text.slice(from, end));
      from = end + 1;
    }
    if (!tooLong) rest += text.slice(from);
    if (rest.length > max) {
      rest = '';
      tooLong = true;
    }
  }
  if (rest !== '' || tooLong) yield piece('');
}
