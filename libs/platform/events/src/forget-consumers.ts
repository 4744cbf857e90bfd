import { jetstreamManager, type JetStreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { OWNER_KEY } from './delivery';
import { readServers } from './servers';
import { STREAMS } from './topology';

const ANSWER_MS = 5_000;

type Place = readonly [stream: string, durable: string];

const placesOf = async (manager: JetStreamManager, owner: string): Promise<readonly Place[]> => {
  const ours = new Set(STREAMS.map(({ name }) => name));
  const places: Place[] = [];
  for await (const stream of manager.streams.names()) {
    if (!ours.has(stream)) continue;
    for await (const { name, config } of manager.consumers.list(stream)) {
      if (config.metadata?.[OWNER_KEY] === owner) places.push([stream, name]);
    }
  }
  return places;
};

/**
 * Removes every durable consumer of an owner (`ConsumerSpec.owner`) from a broker, and gives their names. Makes no
 * streams; the processes of the owner must have ended, or they make their consumers again. Rejects when the broker does
 * not answer.
 */
export const forgetConsumers = async (servers: string, owner: string): Promise<readonly string[]> => {
  const connection = await connect({
    ...readServers(servers),
    name: `forget ${owner}`,
    timeout: ANSWER_MS,
    reconnect: false,
  });
  try {
    const manager = await jetstreamManager(connection, { timeout: ANSWER_MS });
    const places = await placesOf(manager, owner);
    for (const [stream, durable] of places) await manager.consumers.delete(stream, durable);
    return places.map(([, durable]) => durable);
  } finally {
    await connection.close();
  }
};
