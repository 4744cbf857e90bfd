import { randomUUID } from 'node:crypto';
import { loadSettings, type SettingsOf, type SettingsSchema } from '@quotebridge/platform/config';
import {
  EventBus,
  type IngestOutcome,
  type IngestRecord,
  type RecordOutcome,
  type Running,
} from '@quotebridge/platform/events';
import {
  startComponent,
  type Component,
  type ComponentSettings,
  type componentSettings,
  type RunningComponent,
} from '@quotebridge/tmf/component';
import { eventually } from './eventually';
import { startMongo, type TestMongo } from './mongo';
import { startNats } from './nats';

/** An event envelope as it went over the bus. */
export interface SeenEvent {
  readonly eventType: string;
  readonly event: Readonly<Record<string, Record<string, unknown>>>;
}

/** One component with a database and a NATS of its own. */
export interface ComponentSuite {
  readonly component: RunningComponent;
  readonly mongodb: TestMongo;
  readonly database: string;
  /** Sends records as a connector does and gives what became of each. */
  ingest(resource: string, records: readonly IngestRecord[]): Promise<readonly RecordOutcome[]>;
  /** Waits for an event of this type about the resource with this id. */
  event(type: string, id: string): Promise<SeenEvent>;
  readonly events: readonly SeenEvent[];
  close(): Promise<void>;
}

const consumer = (durable: string, stream: string, subject: string) => ({
  durable,
  stream,
  subjects: [subject],
  concurrency: 1,
  maxAttempts: 1,
  backoffMs: [100],
  ackWaitMs: 5_000,
});

/** Starts the component without access control. */
export const startComponentSuite = async <S extends SettingsSchema & typeof componentSettings>(
  component: Component<SettingsOf<S> & ComponentSettings>,
  schema: S,
  env: Readonly<Record<string, string>> = {},
): Promise<ComponentSuite> => {
  const run = randomUUID();
  const [mongodb, nats] = await Promise.all([startMongo(), startNats()]);
  const database = mongodb.database(component.name);
  const settings = loadSettings(schema, {
    AUTH: 'off',
    LOG_LEVEL: 'error',
    DATABASE: database,
    MONGODB_URI: mongodb.uri,
    NATS_URL: nats.url,
    ...env,
  }) as SettingsOf<S> & ComponentSettings;
  const running = await startComponent(component, settings);
  const bus = await EventBus.connect({ servers: nats.url, name: `e2e-${component.name}` });
  const answers: IngestOutcome[] = [];
  const events: SeenEvent[] = [];
  const consuming: Running[] = [
    await bus.consume(consumer(`outcomes-${run}`, 'INGEST', `ingest.outcome.${run}`), async (delivery) => {
      answers.push(delivery.json() as IngestOutcome);
    }),
    await bus.consume(consumer(`events-${run}`, 'TMF_EVENTS', 'tmf.>'), async (delivery) => {
      events.push(delivery.json() as SeenEvent);
    }),
  ];
  let batches = 0;
  return {
    component: running,
    mongodb,
    database,
    events,
    ingest: async (resource, records) => {
      batches += 1;
      const batch = batches;
      const message = { run, batch, source: 'erp', resource, records };
      await bus.publish(`ingest.${resource}`, message, { id: `${run}:${batch}`, key: run });
      const answer = await eventually(`the outcome of batch ${batch}`, () =>
        answers.find((one) => one.batch === batch),
      );
      return answer.outcomes;
    },
    event: (type, id) =>
      eventually(`${type} of ${id}`, () =>
        events.find(
          ({ eventType, event }) =>
            eventType === type && Object.values(event).some((resource) => resource['id'] === id),
        ),
      ),
    close: async () => {
      await Promise.all(consuming.map((one) => one.stop()));
      await bus.close();
      await running.close();
      await nats.stop();
      await mongodb.stop();
    },
  };
};
