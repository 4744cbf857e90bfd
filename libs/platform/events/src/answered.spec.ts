import { errors } from '@nats-io/nats-core';
import { answered } from './answered';
import { BrokerUnavailable } from './delivery';

describe('a command to the broker', () => {
  it.each([
    ['is late', new errors.TimeoutError()],
    ['has nobody who hears it', new errors.NoRespondersError('$JS.API')],
    ['is about a connection that is closed', new errors.ClosedConnectionError()],
    ['is late below', new errors.RequestError('failed', { cause: new errors.TimeoutError() })],
  ])('that %s says that the broker is away', async (_what, thrown) => {
    await expect(answered(Promise.reject(thrown))).rejects.toThrow(BrokerUnavailable);
  });

  it('that the broker refuses keeps the reason, and an answer is what it is', async () => {
    const refused = new Error('consumer name already in use');
    await expect(answered(Promise.reject(refused))).rejects.toBe(refused);
    await expect(answered(Promise.resolve(7))).resolves.toBe(7);
  });
});
