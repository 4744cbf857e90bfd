import { fingerprint } from './children/fingerprint';

/** Where the connectors of a namespace keep what is theirs: two that share one of these share names in it. */
export interface Platform {
  /** Brokers as `host:port` behind a mark of the user: users may have accounts of their own, which share nothing. */
  readonly brokers: ReadonlySet<string>;
  /** Databases as `host:port/database`. */
  readonly databases: ReadonlySet<string>;
  /** Where all of these listen, databases by SRV records at the usual port. */
  readonly ports: readonly number[];
  /** Where SRV records say where the databases listen: their name, and the ports of the brokers. */
  readonly srv?: { readonly name: string; readonly brokerPorts: readonly number[] };
}

const MONGODB_PORT = 27_017;
const NATS_PORT = 4_222;
/** Where databases and brokers listen unless their addresses say otherwise. */
export const USUAL_PORTS: readonly number[] = [MONGODB_PORT, NATS_PORT];

const SERVICE = /\.svc(\.[a-z0-9.-]+)?$/;

/** A name as it is meant in a namespace: a Service may be named by less than its whole name. */
const wholeName = (host: string, namespace: string): string => {
  const name = host.toLowerCase().replace(SERVICE, '');
  return name.includes('.') || name.startsWith('[') || name === 'localhost' ? name : `${name}.${namespace}`;
};

/** The servers in an address or a list of addresses, credentials left out, as `host:port`. */
export const serversIn = (address: string, namespace: string, port: number): readonly string[] =>
  address.split(',').flatMap((part) => {
    const bare = part
      .trim()
      .replace(/^[a-z+]+:\/\//i, '')
      .replace(/^.*@/, '')
      .replace(/[/?].*$/, '');
    const [, host = '', own] = /^(\[[^\]]*\]|[^:]*)(?::(\d+))?$/.exec(bare) ?? [];
    return host === '' ? [] : [`${wholeName(host, namespace)}:${own ?? port}`];
  });

/** The name that a driver asks for where the members of a `mongodb+srv` address are; undefined for other addresses. */
export const srvNameIn = (address: string): string | undefined => {
  const [, host] = /^mongodb\+srv:\/\/(?:[^@/]*@)?([^/?,:]+)/i.exec(address.trim()) ?? [];
  const [, service = 'mongodb'] = /[?&]srvServiceName=([^&]+)/i.exec(address) ?? [];
  return host === undefined ? undefined : `_${service}._tcp.${host.toLowerCase()}`;
};

const userIn = (address: string): string =>
  /^(?:[a-z+]+:\/\/)?([^:@/]*)[^@/]*@/i.exec(address.trim())?.[1] ?? '';

/** The first login counts for all. A token stands where a user does, so neither is kept as it is. */
const brokersIn = (address: string, namespace: string): readonly string[] => {
  const user = address.split(',').map(userIn).find(Boolean) ?? '';
  return serversIn(address, namespace, NATS_PORT).map((server) => `${fingerprint(user, 8)}@${server}`);
};

const DATABASE = 'quotebridge_connectors';

// Without an address the usual one: the Secret may be written in parts.
const portsIn = (servers: readonly string[], usual: number): readonly number[] =>
  servers.length === 0 ? [usual] : servers.map((server) => Number(server.slice(server.lastIndexOf(':') + 1)));

/** Reads what connectors of a namespace are given; `textOf` gives the values of the Secret they share. */
export const platformOf = (textOf: (key: string) => string | undefined, namespace: string): Platform => {
  const database = textOf('CONNECTOR_DATABASE') ?? DATABASE;
  const addresses = [textOf('MONGODB_URI') ?? '', textOf('NATS_URL') ?? ''] as const;
  const [databases, brokers] = addresses;
  const servers = serversIn(databases, namespace, MONGODB_PORT);
  const brokerPorts = portsIn(serversIn(brokers, namespace, NATS_PORT), NATS_PORT);
  const name = srvNameIn(databases);
  return {
    brokers: new Set(brokersIn(brokers, namespace)),
    databases: new Set(servers.map((server) => `${server}/${database}`)),
    ports: [...new Set([...portsIn(servers, MONGODB_PORT), ...brokerPorts])],
    ...(name === undefined ? {} : { srv: { name, brokerPorts } }),
  };
};

/** Where the servers of a platform listen, as far as that can be known now. */
export const portsOf = async (
  platform: Platform | undefined,
  srvPortsOf: (name: string) => Promise<readonly number[] | undefined>,
): Promise<readonly number[] | undefined> => {
  if (platform?.srv === undefined) return platform?.ports;
  const { name, brokerPorts } = platform.srv;
  const found = await srvPortsOf(name);
  return found === undefined ? undefined : [...new Set([...found, ...brokerPorts])];
};

const meet = (a: ReadonlySet<string>, b: ReadonlySet<string>): boolean => [...a].some((one) => b.has(one));

/** Whether names of one would be names of the other. */
export const isShared = (a: Platform, b: Platform): boolean =>
  meet(a.brokers, b.brokers) || meet(a.databases, b.databases);
