import type { Json, JsonObject } from '@quotebridge/platform/core';

/** A record of a file. */
export interface ParsedRecord {
  /** From 1, in the order of the file. */
  readonly number: number;
  /** Line where it begins, from 1. */
  readonly line: number;
  readonly data: JsonObject;
  /** Why the record by itself cannot be read, for example a missing field; the file goes on behind it. */
  readonly problem?: string;
}

/**
 * A file that cannot be read. `partial`: it ends too early or does not match what was announced, so the rest may
 * still come. `refused`: it never will be read as it is.
 */
export class FileProblem extends Error {
  constructor(
    readonly kind: 'partial' | 'refused',
    message: string,
  ) {
    super(message);
    this.name = 'FileProblem';
  }
}

/** Parses decoded text, piece by piece; gives the records of each piece. Throws {@link FileProblem}. */
export interface RecordParser {
  push(text: string): ParsedRecord[];
  end(): ParsedRecord[];
}

/** What any parser is told. */
export interface ParserLimits {
  readonly recordBytes: number;
  readonly depth: number;
}

/** A value that is a record, or a note why it is none. */
export const asRecord = (value: Json): Pick<ParsedRecord, 'data' | 'problem'> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? { data: value }
    : { data: { value }, problem: 'is no object' };

/** The problem of a record that is larger than allowed. */
export const tooLarge = (line: number, bytes: number): FileProblem =>
  new FileProblem('refused', `The record at line ${line} is larger than ${bytes} bytes`);
