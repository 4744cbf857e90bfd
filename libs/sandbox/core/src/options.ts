import type { Clock } from '@quotebridge/platform/core';

/** What every sandbox can be told at its start. */
export interface SandboxOptions {
  /** TCP port; 0 takes a free one. */
  readonly port: number;
  /** Address to listen on, for example `127.0.0.1`. */
  readonly host: string;
  /** JSON file that keeps what was written, so that the next start finds it. Without it everything is in memory. */
  readonly dataFile?: string;
  /** Seed of the made-up data; both sandboxes with the same seed and size fit together. */
  readonly seed?: number;
  /** 1 = about 40 materials and 10 customers; 100 = a hundred times as many. */
  readonly size?: number;
  /** Milliseconds that every answer takes at least. */
  readonly latencyMs?: number;
  readonly clock?: Clock;
}

/** A running sandbox. */
export interface Sandbox {
  /** Base address without a slash at the end. */
  readonly url: string;
  readonly port: number;
  close(): Promise<void>;
}
