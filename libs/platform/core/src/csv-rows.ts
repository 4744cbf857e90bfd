/** How CSV text is written (RFC 4180), and how long a record may be, in characters. */
export interface CsvDialect {
  readonly delimiter: string;
  readonly quote: string;
  readonly maxRecord: number;
  /** Lines at the start that are no CSV. */
  readonly skipLines?: number;
}

/** A record of CSV text; `line` is the one where it begins, from 1. */
export type CsvRow =
  | {
      readonly line: number;
      readonly cells: readonly string[];
      /** Set on a line that may be part of a broken record before it: believe it only when all its cells are there. */
      readonly isSuspect: boolean;
    }
  | { readonly line: number; readonly problem: string; readonly kind: 'quote' | 'unclosed' | 'tooLong' };

/** A record whose last cell is quoted and goes on in the next line. */
interface Begun {
  readonly cells: string[];
  readonly cell: string;
}

type Scan = { readonly cells: string[] } | { readonly problem: string } | { readonly begun: Begun };

/** Reads a line, as what goes on with `begun` where that is given: each line is looked at once, however long its record is. */
const scan = (text: string, { delimiter, quote }: CsvDialect, begun?: Begun): Scan => {
  if (begun === undefined && !text.includes(quote)) return { cells: text.split(delimiter) };
  const cells = begun?.cells ?? [];
  let quoted = begun?.cell;
  let at = 0;
  for (;;) {
    if (quoted === undefined && text[at] !== quote) {
      const end = text.indexOf(delimiter, at);
      const cell = text.slice(at, end < 0 ? text.length : end);
      if (cell.includes(quote))
        return {
          problem: `has a quote in the middle of column ${cells.length + 1}; double it and quote the column`,
        };
      cells.push(cell);
      if (end < 0) return { cells };
      at = end + 1;
      continue;
    }
    let from = quoted === undefined ? at + 1 : at;
    let cell = quoted ?? '';
    for (;;) {
      const end = text.indexOf(quote, from);
      if (end < 0) return { begun: { cells, cell: cell + text.slice(from) } };
      cell += text.slice(from, end);
      at = end + 1;
      if (text[at] !== quote) break;
      cell += quote;
      from = at + 1;
    }
    cells.push(cell);
    quoted = undefined;
    if (at >= text.length) return { cells };
    if (text[at] !== delimiter) return { problem: `has text behind the quoted column ${cells.length}` };
    at += 1;
  }
};

const withoutReturn = (line: string): string => (line.endsWith('\r') ? line.slice(0, -1) : line);

interface Open {
  readonly line: number;
  readonly lines: string[];
  length: number;
  begun?: Begun;
}

/**
 * Reads CSV text piece by piece into records. A quote that does not belong there spoils its own record only: what was
 * read as part of it is read again, line by line.
 */
export class CsvRows {
  private rest = '';
  private line = 1;
  private isTooLong = false;
  private open: Open | undefined;
  private suspectUntil = 0;

  constructor(private readonly dialect: CsvDialect) {}

  /** The records that end in this piece. */
  push(text: string): CsvRow[] {
    const rows: CsvRow[] = [];
    let from = 0;
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', from)) {
      this.endOfLine(this.rest + text.slice(from, end), rows);
      from = end + 1;
    }
    if (!this.isTooLong) this.rest += text.slice(from);
    if (this.rest.length > this.dialect.maxRecord) {
      this.rest = '';
      this.isTooLong = true;
    }
    return rows;
  }

  /** The records that are left when the text has ended. */
  end(): CsvRow[] {
    const rows: CsvRow[] = [];
    if (this.rest !== '' || this.isTooLong) this.endOfLine(this.rest, rows);
    while (this.open) this.giveUp(this.open, 'has a quote that is never closed', 'unclosed', rows);
    return rows;
  }

  private endOfLine(line: string, rows: CsvRow[]): void {
    const isTooLong = this.isTooLong || line.length > this.dialect.maxRecord;
    this.rest = '';
    this.isTooLong = false;
    if (!isTooLong) return this.take([line], rows);
    while (this.open) this.giveUp(this.open, 'has a quote that is not closed', 'quote', rows);
    const problem = `is longer than ${this.dialect.maxRecord} characters`;
    rows.push({ line: this.line, problem, kind: 'tooLong' });
    this.line += 1;
  }

  /** Takes whole lines in; those of a record that turns out to be broken come back, without its first. */
  private take(lines: readonly string[], rows: CsvRow[]): void {
    // The next line is the last one.
    const left = [...lines].reverse();
    for (let line = left.pop(); line !== undefined; line = left.pop()) {
      const again = this.takeLine(line, rows);
      for (let index = again.length - 1; index >= 0; index -= 1) left.push(again[index] ?? '');
    }
  }

  private takeLine(line: string, rows: CsvRow[]): readonly string[] {
    const open: Open = this.open ?? { line: this.line, lines: [], length: 0 };
    this.line += 1;
    if (open.line <= (this.dialect.skipLines ?? 0)) return [];
    if (open.lines.length === 0 && (line === '' || line === '\r')) return [];
    open.lines.push(line);
    open.length += line.length + 1;
    const text = withoutReturn(line);
    const found = scan(text, this.dialect, open.begun);
    if ('begun' in found) {
      const { cells, cell } = found.begun;
      // The end of the line is in the cell.
      open.begun = { cells, cell: `${cell}${line.slice(text.length)}\n` };
      this.open = open;
      return open.length > this.dialect.maxRecord
        ? this.broken(open, 'has a quote that is not closed', 'quote', rows)
        : [];
    }
    if ('problem' in found) return this.broken(open, found.problem, 'quote', rows);
    this.open = undefined;
    rows.push({ line: open.line, cells: found.cells, isSuspect: open.line <= this.suspectUntil });
    return [];
  }

  /** Reports a record by its first line and gives back the others. */
  private broken(
    { line, lines }: Open,
    problem: string,
    kind: 'quote' | 'unclosed',
    rows: CsvRow[],
  ): readonly string[] {
    this.open = undefined;
    this.suspectUntil = Math.max(this.suspectUntil, line + lines.length - 1);
    this.line = line + 1;
    rows.push({ line, problem, kind });
    return lines.slice(1);
  }

  private giveUp(open: Open, problem: string, kind: 'quote' | 'unclosed', rows: CsvRow[]): void {
    this.take(this.broken(open, problem, kind, rows), rows);
  }
}
