/** Clients of what is killed: they work beside one another until they are told to stop. A subclass begins when it is made. */
export abstract class Clients {
  /** Answers that no client should see. */
  readonly odd: string[] = [];
  protected running = true;
  private workers: readonly Promise<void>[] = [];

  async stop(): Promise<void> {
    this.running = false;
    await Promise.all(this.workers);
  }

  protected begin(clients: number): void {
    this.workers = Array.from({ length: clients }, (_, client) => this.work(client));
  }

  /** What one of them does while `running`. */
  protected abstract work(client: number): Promise<void>;
}
