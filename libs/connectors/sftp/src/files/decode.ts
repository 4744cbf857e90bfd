import { FileProblem } from '../formats/parsed';

/** The text of bytes in an encoding (names of the WHATWG standard). Bytes that are none in it are a problem of the file. */
export async function* decoded(bytes: AsyncIterable<Buffer>, encoding: string): AsyncGenerator<string> {
  const decoder = new TextDecoder(encoding, { fatal: true });
  let at = 0;
  const decode = (chunk?: Buffer): string => {
    try {
      return chunk === undefined ? decoder.decode() : decoder.decode(chunk, { stream: true });
    } catch {
      const kind = chunk === undefined ? 'partial' : 'refused';
      throw new FileProblem(
        kind,
        `The file is not written in ${encoding}: there is something else near byte ${at}`,
      );
    }
  };
  for await (const chunk of bytes) {
    const text = decode(chunk);
    at += chunk.length;
    if (text !== '') yield text;
  }
  const rest = decode();
  if (rest !== '') yield rest;
}
