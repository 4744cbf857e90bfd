interface Flight<T> {
  readonly result: Promise<T>;
  next?: Promise<T>;
}

/**
 * Lets those who ask the same question at the same time share one answer. A question joins only a call that starts
 * after it: an answer that was under way already may be older than what the asker has seen.
 */
export class SharedCalls<T> {
  private readonly flights = new Map<string, Flight<T>>();

  /** The answer for `key`; `run` is called at once, when the running call ends, or not at all. */
  call(key: string, run: () => Promise<T>): Promise<T> {
    const current = this.flights.get(key);
    if (current === undefined) return this.start(key, run);
    current.next ??= current.result.then(
      () => this.start(key, run),
      () => this.start(key, run),
    );
    return current.next;
  }

  private start(key: string, run: () => Promise<T>): Promise<T> {
    const flight: Flight<T> = { result: run() };
    this.flights.set(key, flight);
    const end = (): void => {
      if (flight.next === undefined) this.flights.delete(key);
    };
    flight.result.then(end, end);
    return flight.result;
  }
}
