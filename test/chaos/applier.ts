import { EventBus, eventIdOf, TMF_EVENTS, type ConsumptionObserver } from '@quotebridge/platform/events';
import { Inbox, isTransientStoreError, Store } from '@quotebridge/platform/store';

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const observer: ConsumptionObserver = {
  retry: (_durable, subject, attempt, reason) => say(`try ${attempt} of ${subject}: ${reason}`),
  deadLetter: (_durable, subject, reason) => say(`dead: ${subject}: ${reason}`),
};

// A consumer in a process of its own, to be killed: it writes down every event it applies, by resource.
const run = async (mongodb: string, nats: string, database: string): Promise<void> => {
  const store = await Store.connect({ uri: mongodb, database, appName: 'applier' });
  const bus = await EventBus.connect({ servers: nats, name: 'applier', observer });
  const inbox = await Inbox.open(store);
  await bus.consume(
    {
      durable: 'applier',
      stream: TMF_EVENTS,
      subjects: ['tmf.TMF620.category.>'],
      concurrency: 32,
      maxAttempts: 5,
      backoffMs: [50, 200],
      ackWaitMs: 1_000,
      startAt: 'new',
      isTransient: isTransientStoreError,
    },
    async (delivery) => {
      const { event } = delivery.json() as { event: { category: { id: string } } };
      const eventId = eventIdOf(delivery);
      const note = { $push: { events: eventId } } as object;
      await inbox.applyOnce('applier', eventId, async (session) => {
        const applied = store.collection('applied');
        await applied.updateOne({ _id: event.category.id }, note, { session, upsert: true });
      });
    },
  );
  say('{"ready":"applier"}');
};

run(process.argv[2] ?? '', process.argv[3] ?? '', process.argv[4] ?? '').catch((thrown: unknown) => {
  process.stderr.write(`${String(thrown)}\n`);
  process.exit(1);
});
