/** One of so many parts into which the keys of a consumer are divided, so that processes can share its work. */
export interface ConsumerPart {
  /** From 0. */
  readonly index: number;
  readonly of: number;
}

const OFFSET = 0x811c9dc5;
const PRIME = 0x01000193;

/** The part to which a key belongs: the same one on every process and in every version (FNV-1a). */
export const partOf = (key: string, of: number): number => {
  let hash = OFFSET;
  for (let at = 0; at < key.length; at += 1) hash = Math.imul(hash ^ key.charCodeAt(at), PRIME);
  return (hash >>> 0) % of;
};

/** A consumer, or one part of it. */
interface Divided {
  readonly durable: string;
  readonly part?: ConsumerPart;
}

/** Name of the durable consumer in the broker. The first part has the name of the undivided one and takes over its place. */
export const durableOf = ({ durable, part }: Divided): string => durableOfPart(durable, part?.index ?? 0);

/** Name of the durable consumer of one part. */
export const durableOfPart = (durable: string, index: number): string =>
  index === 0 ? durable : `${durable}_${index}`;

/** True when a message of this key is for the consumer. */
export const isForPart = (key: string, part: ConsumerPart | undefined): boolean =>
  part === undefined || partOf(key, part.of) === part.index;
