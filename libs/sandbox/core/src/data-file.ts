import { mkdirSync, readFileSync } from 'node:fs';
import { open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { messageOf } from '@quotebridge/platform/core';
import type { TableChanges, Tables } from './tables';

interface Stored {
  readonly format: 1;
  readonly seededAt: number;
  readonly changes: TableChanges;
}

/**
 * Keeps what was written since the seed in one JSON file, so that a second start finds the vendor's data again.
 * The file is replaced as a whole (written beside it, synced, renamed), so a kill leaves the old or the new one.
 */
export class DataFile {
  private saved = 0;
  private running: Promise<void> = Promise.resolve();

  constructor(
    private readonly path: string,
    private readonly tables: Tables,
  ) {
    mkdirSync(dirname(path), { recursive: true });
  }

  /** The kept content, or undefined on a first start. A broken file is refused rather than overwritten. */
  read(): { seededAt: number; changes: TableChanges } | undefined {
    let text: string;
    try {
      text = readFileSync(this.path, 'utf8');
    } catch {
      return undefined;
    }
    try {
      const stored = JSON.parse(text) as Stored;
      if (stored.format !== 1) throw new Error(`its format is ${String(stored.format)}, expected 1`);
      return stored;
    } catch (thrown) {
      throw new Error(
        `The sandbox data file ${this.path} is unreadable (${messageOf(thrown)}); remove it to start over.`,
      );
    }
  }

  /** Call after a load: what is in memory now is what the file holds. */
  markSaved(): void {
    this.saved = this.tables.revision;
  }

  /** Resolves when everything written before the call is on disk; callers that come together share one write. */
  flush(seededAt: number): Promise<void> {
    const wanted = this.tables.revision;
    const save = (): Promise<void> | undefined => (this.saved >= wanted ? undefined : this.write(seededAt));
    // A failed save is told to its own caller and must not stop the next one.
    this.running = this.running.then(save, save);
    return this.running;
  }

  private async write(seededAt: number): Promise<void> {
    const revision = this.tables.revision;
    const stored: Stored = { format: 1, seededAt, changes: this.tables.changes() };
    const beside = `${this.path}.new`;
    const file = await open(beside, 'w');
    try {
      await file.writeFile(JSON.stringify(stored));
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(beside, this.path);
    this.saved = revision;
  }
}
