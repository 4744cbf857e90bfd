import { StringDecoder } from 'node:string_decoder';
import type { JsonObject } from '@quotebridge/platform/core';

/** The JSON objects of a stream that has one on each line, however it is cut into chunks. An unfinished last line is dropped. */
export async function* objectLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<JsonObject> {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  for await (const chunk of chunks) {
    const lines = (rest + decoder.write(Buffer.from(chunk))).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) if (line !== '') yield JSON.parse(line) as JsonObject;
  }
}
