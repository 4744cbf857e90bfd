import {
  AckPolicy,
  DeliverPolicy,
  jetstream,
  jetstreamManager,
  type JetStreamClient,
  type JetStreamManager,
  type JsMsg,
} from '@nats-io/jetstream';
import { headers as natsHeaders, type NatsConnection } from '@nats-io/nats-core';
import { connect } from '@nats-io/transport-node';
import { messageOf } from '@quotebridge/platform/core';
import { Consumption, type ConsumptionObserver } from './consumption';
import { KEY_HEADER, type ConsumerSpec, type DeliveryHandler } from './delivery';
import { STREAMS } from './topology';

/** How to reach the broker. */
export interface EventBusOptions {
  /** One or more NATS addresses, separated by commas. */
  readonly servers: string;
  /** Name the broker shows for this client. */
  readonly name: string;
  readonly token?: string;
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

/** Something that runs until it is stopped. */
export interface Running {
  stop(): Promise<void>;
}

const silent: ConsumptionObserver = { retry: () => undefined, deadLetter: () => undefined };

/**
 * The broker: durable events over JetStream, questions and answers over core NATS. Reconnects for ever; while it
 * is away publishing rejects and nothing is acknowledged, so the sender keeps what it has.
 */
export class EventBus {
  private readonly running = new Set<Running>();

  private constructor(
    private readonly connection: NatsConnection,
    private readonly js: JetStreamClient,
    private readonly manager: JetStreamManager,
    private readonly observer: ConsumptionObserver,
  ) {}

  /** Connects and creates or updates every stream of the suite. */
  static async connect(options: EventBusOptions): Promise<EventBus> {
    const connection = await connect({
      servers: options.servers.split(',').map((server) => server.trim()),
      name: options.name,
      maxReconnectAttempts: -1,
      reconnectTimeWait: 250,
      waitOnFirstConnect: false,
      ...(options.token === undefined ? {} : { token: options.token }),
    });
    const manager = await jetstreamManager(connection);
    const bus = new EventBus(connection, jetstream(connection), manager, options.observer ?? silent);
    await bus.ensureStreams();
    return bus;
  }

  private async ensureStreams(): Promise<void> {
    const existing = new Set<string>();
    for await (const name of this.manager.streams.names()) existing.add(name);
    for (const spec of STREAMS) {
      if (existing.has(spec.name)) await this.manager.streams.update(spec.name, spec);
      else await this.manager.streams.add(spec);
    }
  }

  /** Publishes to JetStream; resolves when the broker has stored the message. */
  async publish(subject: string, payload: object | string, options: PublishOptions): Promise<void> {
    const carried = natsHeaders();
    carried.set(KEY_HEADER, options.key);
    for (const [name, value] of Object.entries(options.headers ?? {})) carried.set(name, value);
    const text = typeof payload === 'string' ? payload : JSON.stringify(payload);
    await this.js.publish(subject, text, { msgID: options.id, headers: carried, timeout: 5_000 });
  }

  /** Starts a durable consumer. Messages left in work by a crash are delivered first. */
  async consume(spec: ConsumerSpec, handler: DeliveryHandler): Promise<Running> {
    await this.declare(spec);
    await this.letPendingLapse(spec);
    const consumer = await this.js.consumers.get(spec.stream, spec.durable);
    const consumption = new Consumption(
      consumer,
      spec,
      handler,
      (message, reason, attempts) => this.toDeadLetters(spec, message, reason, attempts),
      this.observer,
    );
    await consumption.start();
    const handle: Running = {
      stop: async () => {
        this.running.delete(handle);
        await consumption.stop();
      },
    };
    this.running.add(handle);
    return handle;
  }

  /** Creates a durable consumer without starting it: from now on nothing passes it by. */
  async declare(spec: ConsumerSpec): Promise<void> {
    const changeable = {
      filter_subjects: [...spec.subjects],
      ack_wait: spec.ackWaitMs * 1_000_000,
      max_ack_pending: spec.concurrency * 2,
      max_deliver: -1,
    };
    try {
      await this.manager.consumers.info(spec.stream, spec.durable);
      await this.manager.consumers.update(spec.stream, spec.durable, changeable);
    } catch (thrown) {
      if (!/not found/i.test(messageOf(thrown))) throw thrown;
      await this.manager.consumers.add(spec.stream, {
        durable_name: spec.durable,
        ack_policy: AckPolicy.Explicit,
        deliver_policy: spec.startAt === 'new' ? DeliverPolicy.New : DeliverPolicy.All,
        ...changeable,
      });
    }
  }

  /**
   * A crashed predecessor's messages come back only after the acknowledgement wait; newer messages of the same
   * key would overtake them, so wait for that first.
   */
  private async letPendingLapse(spec: ConsumerSpec): Promise<void> {
    const { num_ack_pending: pending } = await this.manager.consumers.info(spec.stream, spec.durable);
    if (pending > 0) await new Promise((resolve) => setTimeout(resolve, spec.ackWaitMs + 100));
  }

  private async toDeadLetters(
    spec: ConsumerSpec,
    message: JsMsg,
    reason: string,
    attempts: number,
  ): Promise<void> {
    const { stream, streamSequence } = message.info;
    const carried = natsHeaders();
    for (const name of message.headers?.keys() ?? []) {
      if (!name.startsWith('Nats-')) carried.set(name, message.headers?.get(name) ?? '');
    }
    carried.set('Qb-Subject', message.subject);
    carried.set('Qb-Message-Id', message.headers?.get('Nats-Msg-Id') ?? '');
    carried.set('Qb-Consumer', spec.durable);
    carried.set('Qb-Reason', reason.replace(/[\r\n]+/g, ' ').slice(0, 1_000));
    carried.set('Qb-Attempts', String(attempts));
    await this.js.publish(`dlq.${spec.durable}`, message.data, {
      msgID: `${spec.durable}:${stream}:${streamSequence}`,
      headers: carried,
    });
  }

  /** Asks over core NATS; rejects when nobody answers within the deadline. */
  async request(subject: string, payload: object, options: { timeoutMs: number }): Promise<unknown> {
    const reply = await this.connection.request(subject, JSON.stringify(payload), {
      timeout: options.timeoutMs,
    });
    return reply.json();
  }

  /** Answers questions on a subject, sharing them with other processes of the same queue. */
  respond(subject: string, queue: string, handler: (payload: unknown) => Promise<object>): Running {
    const subscription = this.connection.subscribe(subject, { queue });
    const loop = (async () => {
      for await (const message of subscription) {
        void handler(message.json()).then(
          (answer) => message.respond(JSON.stringify(answer)),
          (thrown: unknown) => message.respond(JSON.stringify({ error: messageOf(thrown) })),
        );
      }
    })();
    const handle: Running = {
      stop: async () => {
        this.running.delete(handle);
        await subscription.drain();
        await loop;
      },
    };
    this.running.add(handle);
    return handle;
  }

  /** Messages that wait for a durable consumer and those in work: its lag. */
  async lag(stream: string, durable: string): Promise<{ waiting: number; inWork: number }> {
    const info = await this.manager.consumers.info(stream, durable);
    return { waiting: info.num_pending, inWork: info.num_ack_pending };
  }

  /** Removes a durable consumer and its place; used when a subscription ends. */
  async forget(stream: string, durable: string): Promise<void> {
    await this.manager.consumers.delete(stream, durable);
  }

  /** The JetStream manager, for commands that look into streams. */
  get streams(): JetStreamManager {
    return this.manager;
  }

  /** Resolves when the broker answers within `timeoutMs`; rejects otherwise. For readiness probes. */
  async ping(timeoutMs = 1_000): Promise<void> {
    if (this.connection.isClosed()) throw new Error('The connection to NATS is closed');
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`NATS did not answer within ${timeoutMs} ms`)), timeoutMs);
    });
    try {
      await Promise.race([this.connection.flush(), late]);
    } finally {
      clearTimeout(timer);
    }
  }

  /** Stops every consumer, lets what is in work finish, and disconnects. */
  async close(): Promise<void> {
    await Promise.all([...this.running].map((handle) => handle.stop()));
    await this.connection.drain();
  }
}
