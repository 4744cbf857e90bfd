/** Whether an address, or a name to bind to, is reachable from this machine only (IPv4, IPv6, IPv4 in IPv6). */
export const isLoopback = (address: string): boolean =>
  address === 'localhost' || address === '::1' || /^(::ffff:)?127(\.\d{1,3}){3}$/i.test(address);
