import fc from 'fast-check';
import { readServers } from './servers';

describe('addresses of NATS', () => {
  it.each([
    ['nats://a:4222', { servers: ['nats://a:4222'] }],
    ['a:4222', { servers: ['a:4222'] }],
    ['nats://a:4222, tls://b:4222', { servers: ['nats://a:4222', 'tls://b:4222'] }],
    ['nats://me:secret@a:4222', { servers: ['nats://a:4222'], user: 'me', pass: 'secret' }],
    ['nats://s3cret@a:4222', { servers: ['nats://a:4222'], token: 's3cret' }],
    [
      'nats://a,nats://me:x@b,nats://you:y@c',
      { servers: ['nats://a', 'nats://b', 'nats://c'], user: 'me', pass: 'x' },
    ],
    ['tls://[::1]:4222', { servers: ['tls://[::1]:4222'] }],
  ])('%s is read', (text, address) => {
    expect(readServers(text)).toEqual(address);
  });

  it('any name and password come through when they are percent-encoded, and neither is in the addresses', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', minLength: 1 }),
        fc.string({ unit: 'grapheme' }),
        (user, pass) => {
          const text = `nats://${encodeURIComponent(user)}:${encodeURIComponent(pass)}@host:4222`;
          expect(readServers(text)).toEqual({ servers: ['nats://host:4222'], user, pass });
        },
      ),
    );
  });
});
