import { targetClassOf, type TargetClass } from '@quotebridge/platform/resilience';

/** Networks from which nobody calls over the internet: an address of theirs on the way is that of one more proxy. */
const OWN: ReadonlySet<TargetClass> = new Set<TargetClass>(['loopback', 'link-local', 'private']);
/** Clients say what the addresses are: the memory of known ones is emptied before it grows without end. */
const MAX_KNOWN = 10_000;

/**
 * Tells which addresses of `X-Forwarded-For` are proxies, the nearest first: who is connected to us, and further ones with
 * an address that is not public. What stands before the first other one was written by the client, who could give himself
 * a new address with each request.
 */
export const trustedProxies = (): ((address: string, hop: number) => boolean) => {
  const known = new Map<string, boolean>();
  return (address, hop) => {
    if (hop === 0) return true;
    const remembered = known.get(address);
    if (remembered !== undefined) return remembered;
    const isOwn = OWN.has(targetClassOf(address));
    if (known.size >= MAX_KNOWN) known.clear();
    known.set(address, isOwn);
    return isOwn;
  };
};
