import {
  AckPolicy,
  DeliverPolicy,
  type ConsumerConfig,
  type ConsumerInfo,
  type JetStreamManager,
} from '@nats-io/jetstream';
import { messageOf } from '@quotebridge/platform/core';
import { durableOf, durableOfPart } from './consumer-part';
import { OWNER_KEY, type ConsumerSpec } from './delivery';

/** Metadata of the first part: all parts have been made, so what it leaves aside is with the others. */
const PARTS_KEY = 'quotebridge-parts';

type Start = Pick<ConsumerConfig, 'deliver_policy'> &
  Partial<Pick<ConsumerConfig, 'opt_start_seq' | 'opt_start_time'>>;

/** The client tells of a stream or consumer that is not there by its message only. */
export const isNotFound = (thrown: unknown): boolean => /not found/i.test(messageOf(thrown));

const infoOf = async (
  manager: JetStreamManager,
  stream: string,
  durable: string,
): Promise<ConsumerInfo | undefined> => {
  try {
    return await manager.consumers.info(stream, durable);
  } catch (thrown) {
    if (isNotFound(thrown)) return undefined;
    throw thrown;
  }
};

const changeableOf = ({ subjects, ackWaitMs, concurrency, owner, part }: ConsumerSpec): object => {
  const metadata = {
    ...(owner === undefined ? {} : { [OWNER_KEY]: owner }),
    ...(part?.index === 0 ? { [PARTS_KEY]: String(part.of) } : {}),
  };
  return {
    filter_subjects: [...subjects],
    ack_wait: ackWaitMs * 1_000_000,
    max_ack_pending: concurrency,
    max_deliver: -1,
    ...(Object.keys(metadata).length === 0 ? {} : { metadata }),
  };
};

const startOf = ({ startAt = 'all' }: ConsumerSpec): Start => {
  if (startAt instanceof Date)
    return { deliver_policy: DeliverPolicy.StartTime, opt_start_time: startAt.toISOString() };
  return { deliver_policy: startAt === 'new' ? DeliverPolicy.New : DeliverPolicy.All };
};

/** Creates the durable consumer, or brings it up to date. */
const ensure = async (manager: JetStreamManager, spec: ConsumerSpec, start: Start): Promise<void> => {
  const { stream } = spec;
  const durable_name = durableOf(spec);
  const changeable = changeableOf(spec);
  const isThere = (): Promise<ConsumerInfo | undefined> => infoOf(manager, stream, durable_name);
  if ((await isThere()) === undefined) {
    try {
      await manager.consumers.add(stream, {
        durable_name,
        ack_policy: AckPolicy.Explicit,
        ...start,
        ...changeable,
      });
      return;
    } catch (thrown) {
      // Another process was faster.
      if ((await isThere()) === undefined) throw thrown;
    }
  }
  await manager.consumers.update(stream, durable_name, changeable);
};

/**
 * Creates a durable consumer without starting it: from now on nothing passes it by. Of one that is divided, all parts are made
 * before the first, which takes over the place of the undivided one: the others begin where that one was, so that what it had
 * not handled is with one of them.
 */
export const declareConsumer = async (manager: JetStreamManager, spec: ConsumerSpec): Promise<void> => {
  const { stream, durable, part } = spec;
  const anew = startOf(spec);
  if (part === undefined) return ensure(manager, spec, anew);
  const first = await infoOf(manager, stream, durable);
  if (first?.config.metadata?.[PARTS_KEY] !== undefined) return ensure(manager, spec, anew);
  const start: Start =
    first === undefined
      ? anew
      : { deliver_policy: DeliverPolicy.StartSequence, opt_start_seq: first.ack_floor.stream_seq + 1 };
  for (let index = part.of - 1; index >= 0; index -= 1)
    await ensure(manager, { ...spec, part: { index, of: part.of } }, start);
};

/** Messages that wait for a durable consumer, over all its parts, and those in work. */
export const lagOf = async (
  manager: JetStreamManager,
  stream: string,
  durable: string,
): Promise<{ waiting: number; inWork: number }> => {
  const first = await manager.consumers.info(stream, durable);
  const parts = Number(first.config.metadata?.[PARTS_KEY] ?? 1);
  const others = Array.from({ length: parts - 1 }, (_, at) => durableOfPart(durable, at + 1));
  const all = [first, ...(await Promise.all(others.map((name) => manager.consumers.info(stream, name))))];
  return {
    waiting: all.reduce((sum, { num_pending }) => sum + num_pending, 0),
    inWork: all.reduce((sum, { num_ack_pending }) => sum + num_ack_pending, 0),
  };
};
