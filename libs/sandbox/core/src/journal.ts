/** One request that a sandbox saw. */
export interface JournalEntry {
  readonly at: string;
  readonly method: string;
  readonly url: string;
  /** Status of the answer; 0 when the connection was cut. */
  readonly status: number;
  readonly ms: number;
  /** Names of the faults shown to this request. */
  readonly faults: readonly string[];
  /** The body as sent, cut at 4,000 characters; left out for token requests. */
  readonly body?: string;
}

/** The last requests of a sandbox, oldest first. */
export class Journal {
  private entries: JournalEntry[] = [];

  constructor(private readonly limit = 1000) {}

  add(entry: JournalEntry): void {
    this.entries.push(entry);
    if (this.entries.length > this.limit) this.entries.splice(0, this.entries.length - this.limit);
  }

  list(): readonly JournalEntry[] {
    return this.entries;
  }

  clear(): void {
    this.entries = [];
  }
}
