import type { JsonObject } from '@quotebridge/platform/core';
import { stringify } from 'csv-stringify/sync';
import { toCell, toHeader, type IsText } from './csv-cell';
import type { Format } from './format';

const row = (cells: readonly string[]): string => stringify([cells], { quoted_match: /[\r\n]/ });

/** Turns resources into the text of a file, piece by piece. CSV has the given columns and no others. */
export class FileWriter {
  private first = true;

  constructor(
    private readonly format: Format,
    private readonly columns: readonly string[],
    private readonly isText: IsText,
  ) {}

  start(): string {
    if (this.format === 'json') return '[';
    return this.format === 'csv' ? row(this.columns.map(toHeader)) : '';
  }

  record(resource: JsonObject): string {
    const comma = this.first ? '\n' : ',\n';
    this.first = false;
    if (this.format === 'json') return `${comma}${JSON.stringify(resource)}`;
    if (this.format === 'ndjson') return `${JSON.stringify(resource)}\n`;
    const cells = this.columns.map((column) =>
      toCell(Object.hasOwn(resource, column) ? resource[column] : undefined, this.isText(toHeader(column))),
    );
    return row(cells);
  }

  end(): string {
    return this.format === 'json' ? '\n]\n' : '';
  }
}
