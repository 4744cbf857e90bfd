/** Longest record in characters: MongoDB holds 16 MB in a document. */
export const MAX_RECORD = 16 * 1024 * 1024;

/** A piece of a file; undefined text stands for one that is too long to be read. */
export interface Piece {
  readonly line: number;
  readonly text: string | undefined;
}

/** The text of a source of bytes, without its byte order mark. Fails when the source does. */
export async function* decoded(source: AsyncIterable<Uint8Array | string>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  for await (const chunk of source)
    yield typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true });
  yield decoder.decode();
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
