import { BlockList, isIP } from 'node:net';

/** What kind of network an address belongs to. */
export type TargetClass = 'public' | 'loopback' | 'private' | 'link-local' | 'reserved';

type Range = readonly [network: string, prefix: number];

const listOf = (ranges: readonly Range[]): BlockList => {
  const list = new BlockList();
  for (const [network, prefix] of ranges)
    list.addSubnet(network, prefix, isIP(network) === 6 ? 'ipv6' : 'ipv4');
  return list;
};

// IANA special-purpose registries; the first list that matches names the class.
const CLASSES: readonly (readonly [TargetClass, BlockList])[] = [
  [
    'loopback',
    listOf([
      ['127.0.0.0', 8],
      ['::1', 128],
    ]),
  ],
  [
    'link-local',
    listOf([
      ['169.254.0.0', 16],
      ['fe80::', 10],
    ]),
  ],
  [
    'private',
    listOf([
      ['10.0.0.0', 8],
      ['172.16.0.0', 12],
      ['192.168.0.0', 16],
      ['100.64.0.0', 10],
      ['fc00::', 7],
    ]),
  ],
  [
    'reserved',
    listOf([
      ['0.0.0.0', 8],
      ['192.0.0.0', 24],
      ['192.0.2.0', 24],
      ['198.18.0.0', 15],
      ['198.51.100.0', 24],
      ['203.0.113.0', 24],
      ['224.0.0.0', 4],
      ['240.0.0.0', 4],
      ['::', 128],
      // Translation prefixes wrap any IPv4 address, a private one as well.
      ['64:ff9b::', 96],
      ['64:ff9b:1::', 48],
      ['100::', 64],
      ['2001:db8::', 32],
      ['2002::', 16],
      ['fec0::', 10],
      ['ff00::', 8],
    ]),
  ],
];

/** The class of an IP address; text that is no IP address counts as reserved. IPv4 inside IPv6 is seen through. */
export const targetClassOf = (address: string): TargetClass => {
  const family = isIP(address);
  if (family === 0) return 'reserved';
  const type = family === 6 ? 'ipv6' : 'ipv4';
  return CLASSES.find(([, list]) => list.check(address, type))?.[0] ?? 'public';
};
