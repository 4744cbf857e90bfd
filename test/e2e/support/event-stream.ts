import { DeliverPolicy, jetstream } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';

const PAGE = 500;

/** Where a NATS server is, and who asks. */
export interface Broker {
  readonly servers: string;
  readonly user?: string;
  readonly pass?: string;
}

/** The envelope of every event in the stream of TMF events, in order, second copies included. */
export const envelopesInStream = async (broker: Broker): Promise<Record<string, unknown>[]> => {
  const connection = await connect({ ...broker });
  try {
    const envelopes: Record<string, unknown>[] = [];
    const consumer = await jetstream(connection).consumers.get('TMF_EVENTS', {
      deliver_policy: DeliverPolicy.All,
    });
    let left = (await consumer.info()).num_pending;
    while (left > 0) {
      const page = await consumer.fetch({ max_messages: Math.min(left, PAGE), expires: 5_000 });
      for await (const message of page) {
        left -= 1;
        envelopes.push(message.json<Record<string, unknown>>());
      }
    }
    return envelopes;
  } finally {
    await connection.close();
  }
};
