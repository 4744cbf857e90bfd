import { messageOf, type Clock } from '@quotebridge/platform/core';

/** Where the SRV records of a name lead. */
export type ResolveSrv = (name: string) => Promise<readonly { readonly port: number }[]>;

/** Members of a cluster are added and moved now and then. */
const KEEP_MS = 5 * 60_000;
/** A name that cannot be asked for is not asked for with each reconcile of a thousand Connectors. */
const KEEP_FAILURE_MS = 30_000;

interface Known {
  readonly until: number;
  readonly ports: Promise<readonly number[] | undefined>;
}

/**
 * Ports that SRV records name, as those of `mongodb+srv://` addresses do: members of Atlas behind a private endpoint listen at
 * ports from 1024 on. What was found last holds while the names cannot be asked for; undefined: nothing was found yet.
 */
export class SrvPorts {
  private readonly known = new Map<string, Known>();

  constructor(
    private readonly resolve: ResolveSrv,
    private readonly clock: Clock,
    /** Told why nothing new was found; it is asked again by itself. */
    private readonly trouble: (name: string, reason: string) => void,
  ) {}

  of(name: string): Promise<readonly number[] | undefined> {
    const known = this.known.get(name);
    if (known !== undefined && this.clock.now() < known.until) return known.ports;
    const ports = this.ask(name, known?.ports);
    this.known.set(name, { until: this.clock.now() + KEEP_MS, ports });
    return ports;
  }

  private async ask(
    name: string,
    before: Known['ports'] | undefined,
  ): Promise<readonly number[] | undefined> {
    try {
      const ports = [...new Set((await this.resolve(name)).map(({ port }) => port))];
      if (ports.length > 0) return ports.sort((a, b) => a - b);
      this.trouble(name, 'there are no such records');
    } catch (thrown) {
      this.trouble(name, messageOf(thrown));
    }
    const last = before ?? Promise.resolve(undefined);
    this.known.set(name, { until: this.clock.now() + KEEP_FAILURE_MS, ports: last });
    return last;
  }
}
