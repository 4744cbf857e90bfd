import { parseExactly } from '@quotebridge/platform/core';
import { asRecord, tooLarge, type ParsedRecord, type ParserLimits, type RecordParser } from './parsed';

/** One JSON object per line; empty lines are skipped, a line that is none is a record with a problem. */
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
      return [{ number, line, data: { value: trimmed.slice(0, 200) }, problem: 'is no JSON' }];
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
      return last === '' ? [] : read(last);
    },
  };
};
