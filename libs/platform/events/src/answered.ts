import { errors } from '@nats-io/nats-core';
import { BrokerUnavailable } from './delivery';

/** Errors of the client that say nothing but that the broker did not answer. */
const SILENCE = [
  errors.TimeoutError,
  errors.NoRespondersError,
  errors.ConnectionError,
  errors.ClosedConnectionError,
  errors.DrainingConnectionError,
] as const;

const isSilence = (thrown: unknown): boolean =>
  SILENCE.some((kind) => thrown instanceof kind) ||
  (thrown instanceof errors.RequestError && isSilence(thrown.cause));

/** What the broker answers to a command; {@link BrokerUnavailable} when it does not, also while its connection still stands. */
export const answered = async <T>(command: Promise<T>): Promise<T> => {
  try {
    return await command;
  } catch (thrown) {
    if (!isSilence(thrown)) throw thrown;
    throw new BrokerUnavailable('NATS does not answer', { cause: thrown });
  }
};
