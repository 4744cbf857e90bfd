import { jetstream, jetstreamManager, type JetStreamClient, type JetStreamManager } from '@nats-io/jetstream';
import { headers as natsHeaders, type MsgHdrs, type NatsConnection } from '@nats-io/nats-core';
import { connect } from '@nats-io/transport-node';
import { messageOf } from '@quotebridge/platform/core';
import { Acks } from './acks';
import { Consumption, type ConsumptionObserver } from './consumption';
import { durableOf } from './consumer-part';
import { deadLetterOf } from './dead-letter';
import { answered } from './answered';
import { declareConsumer, isNotFound, lagOf } from './declare-consumer';
import {
  BrokerUnavailable,
  KEY_HEADER,
  MESSAGE_ID_HEADER,
  PermanentError,
  type ConsumerSpec,
  type DeliveryHandler,
} from './delivery';
import { Link } from './link';
import { readAnswer, respondTo, type Running } from './responder';
import { readServers } from './servers';
import { STREAMS } from './topology';

const PUBLISH_TIMEOUT_MS = 5_000;
/** Room for headers, those of a dead letter included, below the largest message of the broker. */
const HEADER_BYTES = 8_192;
const DRAIN_MS = 2_000;

/** How to reach the broker. */
export interface EventBusOptions {
  /** One or more NATS addresses, separated by commas, with name and password or token where the broker wants them. */
  readonly servers: string;
  /** Name the broker shows for this client. */
  readonly name: string;
  readonly observer?: ConsumptionObserver;
}

/** What goes along with a published message. */
export interface PublishOptions {
  /** Becomes `Nats-Msg-Id`: the broker drops a second copy within its window. */
  readonly id: string;
  /** Order key. */
  readonly key: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A message that a listener hears. */
export interface Heard {
  readonly subject: string;
  json(): unknown;
}

const silent: ConsumptionObserver = { retry: () => undefined, deadLetter: () => undefined };

/**
 * The broker: durable events over JetStream, questions and answers over core NATS. Reconnects for ever; while it
 * is away publishing rejects with {@link BrokerUnavailable} and nothing is acknowledged, so the sender keeps what
 * it has.
 */
export class EventBus {
  private readonly running = new Set<Running>();
  private readonly link: Link;
  private readonly acks: Acks;

  private constructor(
    private readonly connection: NatsConnection,
    private readonly js: JetStreamClient,
    private readonly manager: JetStreamManager,
    private readonly observer: ConsumptionObserver,
  ) {
    this.acks = new Acks(connection, PUBLISH_TIMEOUT_MS);
    // A broker that comes back may have lost its streams; what cannot be made now is made with the next return.
    this.link = new Link(connection);
    this.link.onReturn(() => void this.ensureStreams().catch(() => undefined));
  }

  /** Connects and creates or updates every stream of the suite. */
  static async connect(options: EventBusOptions): Promise<EventBus> {
    const address = readServers(options.servers);
    const connection = await connect({
      ...address,
      name: options.name,
      maxReconnectAttempts: -1,
      reconnectTimeWait: 250,
      waitOnFirstConnect: false,
      // A broker that refuses the login for a while (its accounts are being reloaded) is tried again.
      ignoreAuthErrorAbort: true,
      // A stack trace for each request that is sent costs more than the request.
      noAsyncTraces: true,
    }).catch((thrown: unknown) => {
      throw new Error(`NATS cannot be reached at ${address.servers.join(', ')}: ${messageOf(thrown)}`, {
        cause: thrown,
      });
    });
    try {
      const manager = await jetstreamManager(connection);
      const bus = new EventBus(connection, jetstream(connection), manager, options.observer ?? silent);
      await bus.ensureStreams();
      return bus;
    } catch (thrown) {
      await connection.close();
      throw new Error(`NATS answers, but its streams cannot be made: ${messageOf(thrown)}`, {
        cause: thrown,
      });
    }
  }

  private async ensureStreams(): Promise<void> {
    const existing = new Set<string>();
    for await (const name of this.manager.streams.names()) existing.add(name);
    for (const spec of STREAMS) {
      if (existing.has(spec.name)) await this.manager.streams.update(spec.name, spec);
      else await this.manager.streams.add(spec);
    }
  }

  /**
   * Publishes to JetStream; resolves when the broker has stored the message. Rejects with
   * {@link BrokerUnavailable} when it has not, and with {@link PermanentError} when it never will.
   */
  async publish(subject: string, payload: object | string, options: PublishOptions): Promise<void> {
    const carried = natsHeaders();
    carried.append(KEY_HEADER, options.key);
    for (const [name, value] of Object.entries(options.headers ?? {})) carried.set(name, value);
    const text = typeof payload === 'string' ? payload : JSON.stringify(payload);
    await this.store(subject, Buffer.from(text), options.id, carried);
  }

  private async store(subject: string, payload: Uint8Array, id: string, carried: MsgHdrs): Promise<void> {
    this.link.require();
    const most = this.largestMessage;
    if (payload.length > most) {
      throw new PermanentError(
        `A message of ${payload.length} bytes on ${subject} is larger than NATS takes (${most}): raise its max_payload`,
      );
    }
    try {
      carried.set(MESSAGE_ID_HEADER, id);
      await this.acks.publish(subject, payload, carried);
    } catch (thrown) {
      throw new BrokerUnavailable(`NATS did not store a message on ${subject}: ${messageOf(thrown)}`, {
        cause: thrown,
      });
    }
  }

  /** Starts a durable consumer. Messages left in work by a crash are delivered first. */
  async consume(spec: ConsumerSpec, handler: DeliveryHandler): Promise<Running> {
    const consumption = new Consumption(
      {
        open: async () => {
          await this.declare(spec);
          const pending = await this.takeBackPending(spec);
          return { consumer: await this.js.consumers.get(spec.stream, durableOf(spec)), pending };
        },
        deadLetter: (message, burial) => {
          const { subject, id, headers } = deadLetterOf(message, spec.durable, burial);
          return this.store(subject, message.data, id, headers);
        },
      },
      spec,
      handler,
      this.observer,
    );
    await consumption.start();
    return this.tracked(consumption);
  }

  /**
   * Messages that a crashed process still holds would come back one by one and out of order. The consumer is set
   * back to the first of them instead; what was handled behind it comes again, which consumers must bear anyway.
   * Returns how many are still out when the server cannot do that (before 2.14): then only waiting helps.
   */
  private async takeBackPending(spec: ConsumerSpec): Promise<number> {
    const [stream, durable] = [spec.stream, durableOf(spec)];
    const { num_ack_pending: pending } = await this.manager.consumers.info(stream, durable);
    if (pending === 0) return 0;
    try {
      await this.manager.consumers.reset(stream, durable);
      return 0;
    } catch {
      return pending;
    }
  }

  /** Creates a durable consumer without starting it: from now on nothing passes it by. */
  async declare(spec: ConsumerSpec): Promise<void> {
    this.link.require();
    await answered(declareConsumer(this.manager, spec));
  }

  /** Asks over core NATS; rejects when nobody answers within the deadline or the other side failed. */
  async request(subject: string, payload: object, options: { timeoutMs: number }): Promise<unknown> {
    this.link.require();
    const timeout = { timeout: options.timeoutMs };
    return readAnswer(await this.connection.request(subject, JSON.stringify(payload), timeout));
  }

  /** Answers questions on a subject, sharing them with other processes of the same queue. */
  respond(subject: string, queue: string, handler: (payload: unknown) => Promise<object>): Running {
    return this.tracked(respondTo(this.connection, subject, queue, handler));
  }

  /** Calls every process that listens on a subject; nobody is told when none does or the broker is away. */
  signal(subject: string): void {
    if (this.link.isUp) this.connection.publish(subject);
  }

  /**
   * Hears what is published from now on, on every process that listens: for what is held in memory, not for what must
   * be done. `missed` is called when messages may have passed by unheard.
   */
  listen(subjects: readonly string[], hear: (message: Heard) => void, missed: () => void): Running {
    const callback = (failed: Error | null, message: Heard): void => (failed ? missed() : hear(message));
    const subscriptions = subjects.map((subject) => this.connection.subscribe(subject, { callback }));
    const forget = this.link.onReturn(missed);
    return this.tracked({
      stop: async () => {
        forget();
        for (const subscription of subscriptions) subscription.unsubscribe();
      },
    });
  }

  private tracked(running: Running): Running {
    const handle: Running = {
      stop: async () => {
        this.running.delete(handle);
        await running.stop();
      },
    };
    this.running.add(handle);
    return handle;
  }

  /** Messages that wait for a durable consumer and those in work, over all its parts: its lag. */
  lag(stream: string, durable: string): Promise<{ waiting: number; inWork: number }> {
    return answered(lagOf(this.manager, stream, durable));
  }

  /** The same; undefined when there is no such consumer, as in a broker that has lost it. */
  lagIfThere(stream: string, durable: string): Promise<{ waiting: number; inWork: number } | undefined> {
    return this.lag(stream, durable).catch((thrown: unknown) => {
      if (isNotFound(thrown)) return undefined;
      throw thrown;
    });
  }

  /** Removes a durable consumer and its place, if it is there; used when a subscription ends. */
  async forget(stream: string, durable: string): Promise<void> {
    try {
      await answered(this.manager.consumers.delete(stream, durable));
    } catch (thrown) {
      if (!isNotFound(thrown)) throw thrown;
    }
  }

  /** Bytes of the largest payload that the broker takes. */
  get largestMessage(): number {
    return (this.connection.info?.max_payload ?? Number.POSITIVE_INFINITY) - HEADER_BYTES;
  }

  /** The JetStream manager, for commands that look into streams. */
  get streams(): JetStreamManager {
    return this.manager;
  }

  /** Resolves when the broker answers within `timeoutMs`; rejects otherwise. For readiness probes. */
  async ping(timeoutMs = 1_000): Promise<void> {
    this.link.require();
    if (!(await settlesWithin(this.connection.flush(), timeoutMs)))
      throw new BrokerUnavailable(`NATS did not answer within ${timeoutMs} ms`);
  }

  /** Stops every consumer, lets what is in work finish, and disconnects; does not wait for a broker that is away. */
  async close(): Promise<void> {
    await Promise.all([...this.running].map((handle) => handle.stop()));
    if (this.connection.isClosed()) return;
    const drained = this.link.isUp && settlesWithin(this.connection.drain(), DRAIN_MS).catch(() => false);
    if (!(await drained)) await this.connection.close();
  }
}

/** Whether it resolves in time; rejects when it does. */
const settlesWithin = async (work: Promise<void>, ms: number): Promise<boolean> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), ms);
  });
  try {
    return await Promise.race([work.then(() => true), late]);
  } finally {
    clearTimeout(timer);
  }
};
