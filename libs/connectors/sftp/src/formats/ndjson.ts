import { parseExactly } from '@quotebridge/platform/core';
import {
  asRecord,
  FileProblem,
  tooLarge,
  type ParsedRecord,
  type ParserLimits,
  type RecordParser,
} from './parsed';

const NO_JSON = 'is no JSON';
/** How an object or a list begins. */
const BEGUN = /^\s*[{[]/;

/**
 * One JSON object per line; empty lines are skipped, a line that is none is a record with a problem. The last line of a file
 * that is still written is none yet.
 */
export const ndjsonParser = ({ recordBytes }: ParserLimits): RecordParser => {
  let rest = '';
  let line = 0;
  let number = 0;
  const read = (text: string): ParsedRecord[] => {
    line += 1;
    const trimmed = text.trim();
    if (trimmed === '') return [];
    number += 1;
    if (trimmed.length > recordBytes) throw tooLarge(line, recordBytes);
    try {
      return [{ number, line, ...asRecord(parseExactly(trimmed)) }];
    } catch {
      return [{ number, line, data: { value: trimmed.slice(0, 200) }, problem: NO_JSON }];
    }
  };
  return {
    push: (text) => {
      const lines = text.split('\n');
      lines[0] = rest + (lines[0] ?? '');
      rest = lines.pop() ?? '';
      if (rest.length > recordBytes) throw tooLarge(line + 1, recordBytes);
      return lines.flatMap(read);
    },
    end: () => {
      const last = rest;
      rest = '';
      const records = last === '' ? [] : read(last);
      if (records.some(({ problem }) => problem === NO_JSON) && BEGUN.test(last))
        throw new FileProblem('partial', `The file ends in the middle of the record at line ${line}`);
      return records;
    },
  };
};
