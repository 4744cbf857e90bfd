import type { Row } from './row';

const entriesAt = (index: Map<unknown, Map<string, Row>>, value: unknown): Map<string, Row> => {
  const known = index.get(value);
  if (known !== undefined) return known;
  const made = new Map<string, Row>();
  index.set(value, made);
  return made;
};

/** Rows by a property and its value, made when first asked for and kept in step by every write. */
export class RowIndex {
  private readonly names = new Map<string, Map<unknown, Map<string, Row>>>();

  rows(name: string, value: unknown, all: Iterable<[string, Row]>): Row[] {
    return [...(this.of(name, all).get(value)?.values() ?? [])];
  }

  /** To be told of every write. */
  moved(key: string, before: Row | undefined, row: Row | undefined): void {
    for (const [name, index] of this.names) {
      if (before !== undefined && before[name] !== row?.[name]) index.get(before[name])?.delete(key);
      if (row !== undefined) entriesAt(index, row[name]).set(key, row);
    }
  }

  private of(name: string, all: Iterable<[string, Row]>): Map<unknown, Map<string, Row>> {
    const known = this.names.get(name);
    if (known !== undefined) return known;
    const made = new Map<unknown, Map<string, Row>>();
    for (const [key, row] of all) entriesAt(made, row[name]).set(key, row);
    this.names.set(name, made);
    return made;
  }
}
