/** Bytes that can be read from anywhere. */
export interface ByteSource {
  readonly bytes: number;
  read(from: number, to: number): AsyncIterable<Buffer>;
}
