import { isDeepStrictEqual } from 'node:util';
import type { Connector, ConnectorStatus } from './connector';

interface Written {
  readonly uid: string | undefined;
  /** What the status was when it was written over, each time that the watch has not told of yet, and what it is since. */
  readonly before: readonly (ConnectorStatus | undefined)[];
  readonly after: ConnectorStatus;
}

/**
 * Statuses that were written, until the watch tells of them. A look that comes sooner must not take the old one for the last
 * word: it would ask for a run again, and move the times of transitions.
 */
export class WrittenStatuses {
  private readonly known = new Map<string, Written>();

  note(key: string, { metadata: { uid }, status }: Connector, after: ConnectorStatus): void {
    const written = this.known.get(key);
    const before = written !== undefined && written.after === status ? written.before : [];
    this.known.set(key, { uid, before: [...before, status], after });
  }

  /** The Connector with its status as it was written last. */
  seen(key: string, connector: Connector): Connector {
    const written = this.known.get(key);
    if (written === undefined) return connector;
    // Nobody else writes it: one that is as it was before is one that the watch is late with.
    const isLate = written.before.some((before) => isDeepStrictEqual(connector.status, before));
    if (written.uid === connector.metadata.uid && isLate) return { ...connector, status: written.after };
    this.known.delete(key);
    return connector;
  }

  forget(key: string): void {
    this.known.delete(key);
  }
}
