import type { Ids } from '@quotebridge/platform/core';
import type { SandboxOptions } from '@quotebridge/sandbox/core';
import type { S4Credentials } from './auth';

/** Settings of the S/4HANA sandbox beyond those of every sandbox. */
export interface S4SandboxOptions extends SandboxOptions {
  readonly credentials?: S4Credentials;
  /** The client that `sap-client` must name when it is sent; default 100. */
  readonly client?: string;
  /** Rows after which the server ends a page with `__next`; default 100. */
  readonly pageSize?: number;
  /**
   * How much of the after-sales business there is beside the hand-written materials; 1 is the whole of it, more are whole copies of
   * it up to 1,000, default 0.
   */
  readonly afterSales?: number;
  /** Moves each order to B after this many milliseconds and to C after twice as many. Default: never by itself. */
  readonly autoProgressMs?: number;
  /** Address that links begin with, when it is not the one in the Host header. */
  readonly publicUrl?: string;
  readonly ids?: Ids;
}
