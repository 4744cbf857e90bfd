import { readReplicaSetCommand } from './replica-set-command';

const INIT = ['replica-set', 'init'];

describe('the replica-set command line', () => {
  it('is understood', () => {
    expect(
      readReplicaSetCommand([...INIT, '--name', 'qb', '--members', 'a-0.a:27017, a-1.a:27017,a-2.a:27017']),
    ).toEqual({
      ok: true,
      value: { name: 'qb', members: ['a-0.a:27017', 'a-1.a:27017', 'a-2.a:27017'], withinMs: 300_000 },
    });
  });

  it('takes the key of the members and the user to make', () => {
    const login = ['--key-file', '/k', '--user', 'qb', '--password-file', '/p'];
    expect(readReplicaSetCommand([...INIT, '--name', 'qb', '--members', 'a:1', ...login])).toMatchObject({
      ok: true,
      value: { access: { keyFile: '/k', user: 'qb', passwordFile: '/p' } },
    });
  });

  it.each([
    [['replica-set'], /no command "replica-set"/],
    [[...INIT, '--name', 'qb'], /needs --name and --members/],
    [[...INIT, '--members', 'a:1'], /needs --name and --members/],
    [[...INIT, '--name', 'qb', '--members', 'a'], /"a" is not a host and a port/],
    [[...INIT, '--name', 'qb', '--members', 'a:1,b:1'], /even number/],
    [[...INIT, '--name', 'qb', '--members', 'a:1', '--within', 'soon'], /"soon" is not a number/],
    [[...INIT, '--name', 'qb', '--members', 'a:1', '--user', 'x'], /belong together/],
    [[...INIT, '--force'], /--force/],
  ])('%j is refused with what is wrong', (args, message) => {
    expect(readReplicaSetCommand(args)).toEqual({ ok: false, error: expect.stringMatching(message) });
  });
});
