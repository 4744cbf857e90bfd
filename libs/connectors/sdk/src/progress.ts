import { laterCursor, type Cursor } from './cursor';

interface Step {
  readonly cursor: Cursor | undefined;
  settled: boolean;
}

/**
 * How far a run may move its checkpoint: over the unbroken row of settled steps from the start, however the answers
 * arrive (guarantee 5). Steps are numbered in the order of reading.
 */
export class Progress {
  private readonly open: Step[] = [];
  private first = 0;

  constructor(private reached: Cursor | undefined) {}

  /** Notes the next step; `cursor` is the place after it. Returns its number. */
  begin(cursor: Cursor | undefined): number {
    this.open.push({ cursor, settled: false });
    return this.first + this.open.length - 1;
  }

  /** Notes that everything in the step was accepted or quarantined. Returns the checkpoint when it moved. */
  settle(number: number): Cursor | undefined {
    const step = this.open[number - this.first];
    if (step !== undefined) step.settled = true;
    const before = this.reached;
    while (this.open[0]?.settled === true) {
      // The overlap window begins before the checkpoint, which must not move back.
      this.reached = laterCursor(this.reached, this.open.shift()?.cursor);
      this.first += 1;
    }
    return this.reached === before ? undefined : this.reached;
  }

  /** The checkpoint as it may be stored now. */
  get checkpoint(): Cursor | undefined {
    return this.reached;
  }
}
