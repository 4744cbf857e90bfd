/** Where NATS servers are and who we are there, as the client library takes it. */
export interface BrokerAddress {
  /** Addresses without what stands before the @: fit for a log. */
  readonly servers: string[];
  readonly user?: string;
  readonly pass?: string;
  readonly token?: string;
}

const ADDRESS = /^(?<scheme>\w+:\/\/)?(?:(?<login>.*)@)?(?<host>[^@]*)$/s;

const loginOf = (text: string): Omit<BrokerAddress, 'servers'> => {
  const [name = '', ...password] = text.split(':');
  const user = decodeURIComponent(name);
  return password.length === 0 ? { token: user } : { user, pass: decodeURIComponent(password.join(':')) };
};

/**
 * Reads NATS addresses, separated by commas. `nats://user:password@host` logs in by name, `nats://token@host` by token,
 * as for the tools of NATS; the library itself looks at host and port only. The first login counts for all.
 */
export const readServers = (text: string): BrokerAddress => {
  const parts = text.split(',').map((one) => ADDRESS.exec(one.trim())?.groups ?? {});
  const login = parts.find(({ login: found }) => found !== undefined)?.['login'];
  return {
    servers: parts.map(({ scheme = '', host = '' }) => `${scheme}${host}`),
    ...(login === undefined ? {} : loginOf(login)),
  };
};
