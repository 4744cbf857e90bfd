import { readCommand, tableOf } from './api-key-command';

describe('the api-key command line', () => {
  it.each([
    [
      ['api-key', 'create', '--name', 'CRM', '--role', 'sales'],
      { verb: 'create', wanted: { name: 'CRM', role: 'sales' } },
    ],
    [
      ['api-key', 'create', '--role=reader', '--name=a b', '--expires=2030-12-31'],
      {
        verb: 'create',
        wanted: { name: 'a b', role: 'reader', expiresAt: new Date('2030-12-31T00:00:00Z') },
      },
    ],
    [
      ['api-key', 'create', '--name', 'a', '--role', 'sales', '--approver-of', 'sales-manager, management'],
      { verb: 'create', wanted: { name: 'a', role: 'sales', approverOf: ['sales-manager', 'management'] } },
    ],
    [
      ['api-key', 'register', '--file', '/keys/a', '--name', 'catalog', '--role', 'reader'],
      { verb: 'register', file: '/keys/a', wanted: { name: 'catalog', role: 'reader' } },
    ],
    [['api-key', 'list'], { verb: 'list' }],
    [['api-key', 'revoke', '0123456789abcdef'], { verb: 'revoke', id: '0123456789abcdef' }],
  ])('%j is understood', (args, command) => {
    expect(readCommand(args)).toEqual({ ok: true, value: command });
  });

  it.each([
    [[], /no command ""/],
    [['keys'], /no command "keys"/],
    [['api-key'], /no command "api-key "/],
    [['api-key', 'drop'], /no command "api-key drop"/],
    [['api-key', 'create', '--name', 'x'], /needs --name and --role/],
    [['api-key', 'create', 'x', '--name', 'x', '--role', 'y'], /no command/],
    [['api-key', 'create', '--name', 'x', '--role', 'y', '--expires', 'soon'], /"soon" is not a date/],
    [['api-key', 'create', '--name', 'x', '--role', 'y', '--expires', '2030-13-01'], /is not a date/],
    [['api-key', 'register', '--name', 'x', '--role', 'y'], /needs --file/],
    [['api-key', 'create', '--name', 'x', '--role', 'y', '--file', 'z'], /goes with api-key register/],
    [['api-key', 'revoke'], /needs one id/],
    [['api-key', 'revoke', 'a', 'b'], /needs one id/],
    [['api-key', 'list', '--force'], /--force/],
  ])('%j is refused with what is wrong', (args, message) => {
    expect(readCommand(args)).toEqual({ ok: false, error: expect.stringMatching(message) });
  });

  it('the list is a table whose columns line up', () => {
    const base = { role: 'reader', createdAt: new Date('2026-01-01T00:00:00Z') };
    const lines = tableOf([
      { ...base, id: '0123456789abcdef', name: 'a long name', state: 'active' },
      {
        ...base,
        id: 'fedcba9876543210',
        name: 'b',
        state: 'expired',
        approverOf: ['sales-manager', 'management'],
        expiresAt: new Date('2026-02-01T00:00:00Z'),
      },
    ]);
    expect(lines).toEqual([
      'ID                NAME         ROLE    APPROVER OF               STATE    CREATED                   EXPIRES',
      '0123456789abcdef  a long name  reader  -                         active   2026-01-01T00:00:00.000Z  -',
      'fedcba9876543210  b            reader  sales-manager,management  expired  2026-01-01T00:00:00.000Z  2026-02-01T00:00:00.000Z',
    ]);
  });
});
