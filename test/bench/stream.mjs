// The event stream as the benchmark looks at it: how far it is, and how long events took to get there.
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { quantile } from './stats.mjs';

const STREAM = 'TMF_EVENTS';
const MOST_READ = 30_000;
const READ_WITHIN = 60_000;
const EVENT_TIME = /"eventTime":"([^"]+)"/;

/** Connects to the stream of all events. */
export const openStream = async (url) => {
  const connection = await connect({ servers: url, name: 'bench' });
  const manager = await jetstreamManager(connection);
  const last = async () => (await manager.streams.info(STREAM)).state.last_seq;
  return {
    version: connection.info?.version,
    last,
    purge: () => manager.streams.purge(STREAM),
    /**
     * Milliseconds from the making of an event (before its write) to the broker's time stamp: p50 and p99 of those
     * after the sequence number `from`.
     */
    lagSince: async (from) => {
      const end = Math.min(await last(), from + MOST_READ);
      if (end <= from) return undefined;
      const consumer = await jetstream(connection).consumers.get(STREAM, { opt_start_seq: from + 1 });
      const messages = await consumer.consume({ max_messages: 1_000 });
      const lags = [];
      const timer = setTimeout(() => messages.stop(), READ_WITHIN);
      for await (const message of messages) {
        const made = Date.parse(EVENT_TIME.exec(message.string())?.[1] ?? '');
        if (!Number.isNaN(made)) lags.push(message.info.timestampNanos / 1e6 - made);
        if (message.seq >= end) break;
      }
      clearTimeout(timer);
      return { events: lags.length, p50: quantile(lags, 0.5), p99: quantile(lags, 0.99) };
    },
    stop: () => connection.close(),
  };
};
