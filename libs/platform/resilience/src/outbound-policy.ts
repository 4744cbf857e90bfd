import { lookup as dnsLookup } from 'node:dns/promises';
import { isIP, type LookupFunction } from 'node:net';
import { err, messageOf, ok, type Result } from '@quotebridge/platform/core';
import { Agent, buildConnector } from 'undici';
import { targetClassOf, type TargetClass } from './target-class';

/** A target that the outbound policy does not allow. */
export class OutboundRefused extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'OutboundRefused';
  }
}

/** One address of a name. */
export interface ResolvedAddress {
  readonly address: string;
  readonly family: 4 | 6;
}

/** Settings of an {@link OutboundPolicy}. */
export interface OutboundPolicyOptions {
  /** Classes of networks that may be called besides public ones; `npm start` allows `loopback`. */
  readonly allow?: readonly Exclude<TargetClass, 'public'>[];
  /** Host names (exact, lower case) that may resolve to any class, for example an ERP inside the company. */
  readonly allowHosts?: readonly string[];
  /** Refuse plain http. */
  readonly httpsOnly?: boolean;
  /** How a name becomes addresses; the machine's resolver by default. */
  readonly resolve?: (host: string) => Promise<readonly ResolvedAddress[]>;
}

const systemResolve = async (host: string): Promise<readonly ResolvedAddress[]> =>
  (await dnsLookup(host, { all: true })).map(({ address, family }) => ({
    address,
    family: family === 6 ? 6 : 4,
  }));

const bare = (host: string): string => host.replace(/^\[|\]$/g, '').toLowerCase();

/**
 * Where this process may connect to. A name is resolved once per connection and the connection goes to exactly the
 * checked address, so that a name server cannot answer differently between check and use.
 */
export class OutboundPolicy {
  private readonly allow: ReadonlySet<TargetClass>;
  private readonly allowHosts: ReadonlySet<string>;
  private readonly httpsOnly: boolean;
  private readonly resolve: (host: string) => Promise<readonly ResolvedAddress[]>;

  constructor(options: OutboundPolicyOptions = {}) {
    this.allow = new Set<TargetClass>(['public', ...(options.allow ?? [])]);
    this.allowHosts = new Set((options.allowHosts ?? []).map(bare));
    this.httpsOnly = options.httpsOnly ?? false;
    this.resolve = options.resolve ?? systemResolve;
  }

  /** Checks an address before it is stored, for example a callback of a hub. The error says what is refused. */
  async check(address: string): Promise<Result<readonly ResolvedAddress[], string>> {
    let url: URL;
    try {
      url = new URL(address);
    } catch {
      return err(`"${address}" is not an absolute address`);
    }
    const schemes = this.httpsOnly ? ['https:'] : ['https:', 'http:'];
    if (!schemes.includes(url.protocol))
      return err(`${url.protocol} is not allowed, use ${schemes.join(' or ')}`);
    if (url.username !== '' || url.password !== '')
      return err('an address must not carry a user or a password');
    return this.addressesOf(url.hostname);
  }

  /** The allowed addresses of a host, or why it is refused: one refused address refuses the name. */
  async addressesOf(hostname: string): Promise<Result<readonly ResolvedAddress[], string>> {
    const host = bare(hostname);
    const family = isIP(host);
    let found: readonly ResolvedAddress[];
    try {
      found = family === 0 ? await this.resolve(host) : [{ address: host, family: family === 6 ? 6 : 4 }];
    } catch (thrown) {
      return err(`the name ${host} cannot be resolved: ${messageOf(thrown)}`);
    }
    if (found.length === 0) return err(`the name ${host} has no address`);
    if (this.allowHosts.has(host)) return ok(found);
    const refused = found.map(({ address }) => targetClassOf(address)).find((kind) => !this.allow.has(kind));
    return refused === undefined ? ok(found) : err(`${host} is a ${refused} address, which is not allowed`);
  }

  /** An undici dispatcher whose every new connection obeys this policy. */
  agent(options: { readonly connectTimeoutMs?: number; readonly connections?: number } = {}): Agent {
    const connect = buildConnector({ timeout: options.connectTimeoutMs ?? 10_000, lookup: this.lookup });
    return new Agent({
      connections: options.connections ?? 32,
      connect: (target, callback) => {
        // Sockets look up names only; an address written out is checked here.
        if (isIP(bare(target.hostname)) === 0) return void connect(target, callback);
        void this.addressesOf(target.hostname).then((checked) =>
          checked.ok ? connect(target, callback) : callback(new OutboundRefused(checked.error), null),
        );
      },
    });
  }

  private readonly lookup: LookupFunction = (hostname, options, callback) => {
    void this.addressesOf(hostname).then((checked) => {
      if (!checked.ok) return callback(new OutboundRefused(checked.error), '');
      const [first] = checked.value;
      if (options.all === true)
        return callback(
          null,
          checked.value.map((entry) => ({ ...entry })),
        );
      return callback(null, first?.address ?? '', first?.family);
    });
  };
}
