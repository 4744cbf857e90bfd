import { headers as natsHeaders, type Msg, type NatsConnection } from '@nats-io/nats-core';
import { messageOf } from '@quotebridge/platform/core';

const ERROR_HEADER = 'Qb-Error';

/** Something that runs until it is stopped. */
export interface Running {
  stop(): Promise<void>;
}

/** Answers each question on a subject; one that cannot be read or handled is answered with the reason. */
export const respondTo = (
  connection: NatsConnection,
  subject: string,
  queue: string,
  handler: (payload: unknown) => Promise<object>,
): Running => {
  const inWork = new Set<Promise<void>>();
  const answer = async (message: Msg): Promise<void> => {
    try {
      message.respond(JSON.stringify(await handler(message.json())));
    } catch (thrown) {
      const marked = natsHeaders();
      marked.set(ERROR_HEADER, '1');
      message.respond(JSON.stringify(messageOf(thrown)), { headers: marked });
    }
  };
  const subscription = connection.subscribe(subject, {
    queue,
    callback: (broken, message) => {
      if (broken) return;
      // Who asked gets no answer when the connection is gone, and runs into his deadline.
      const work = answer(message)
        .catch(() => undefined)
        .finally(() => inWork.delete(work));
      inWork.add(work);
    },
  });
  return {
    stop: async () => {
      subscription.unsubscribe();
      await Promise.all(inWork);
    },
  };
};

/** The answer's value; throws what the other side could not do. */
export const readAnswer = (reply: Msg): unknown => {
  const value = reply.json();
  if (reply.headers?.has(ERROR_HEADER)) throw new Error(String(value));
  return value;
};
