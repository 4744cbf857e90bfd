/** What rounds are made of. */
export interface RoundsOptions {
  /** One round; work of many steps looks at the signal between them. `'again'` asks for the next one without a pause. */
  readonly round: (stopping: AbortSignal) => Promise<'again' | void>;
  /** Milliseconds between the end of a round and the next. */
  readonly pauseMs: number;
  /** A round threw; the next one comes after the pause. */
  readonly onError: (thrown: unknown) => void;
}

/** Work done in rounds, never two at a time, from now until it is stopped. */
export class Rounds {
  private readonly stopping = new AbortController();
  private isDue = false;
  private endPause: (() => void) | undefined;
  private readonly working: Promise<void>;

  constructor(private readonly options: RoundsOptions) {
    this.working = this.run();
  }

  /** There is something to do: the pause ends, or none follows the round that is going on. */
  look(): void {
    this.isDue = true;
    this.endPause?.();
  }

  /** Lets the round that is going on end, and no other begin. */
  async stop(): Promise<void> {
    this.stopping.abort();
    this.endPause?.();
    await this.working;
  }

  private async run(): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      this.isDue = false;
      const next = await this.guarded(signal);
      if (next !== 'again' && !signal.aborted && !this.isDue) await this.pause();
    }
  }

  private async guarded(signal: AbortSignal): Promise<'again' | void> {
    try {
      return await this.options.round(signal);
    } catch (thrown) {
      this.options.onError(thrown);
    }
  }

  private pause(): Promise<void> {
    return new Promise((resolve) => {
      const finish = (): void => {
        clearTimeout(timer);
        this.endPause = undefined;
        resolve();
      };
      const timer = setTimeout(finish, this.options.pauseMs);
      this.endPause = finish;
    });
  }
}
