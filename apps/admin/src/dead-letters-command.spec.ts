import { deadLetterTable, readDeadLettersCommand } from './dead-letters-command';

describe('the dead-letters command line', () => {
  it.each([
    [['list'], { verb: 'list' }],
    [['list', '--consumer', 'quote-order-notes'], { verb: 'list', consumer: 'quote-order-notes' }],
    [['replay', '7'], { verb: 'replay', sequences: [7] }],
    [['replay', '7', '12'], { verb: 'replay', sequences: [7, 12] }],
    [['replay', '--all'], { verb: 'replay-all' }],
    [['replay', '--all', '--consumer=a'], { verb: 'replay-all', consumer: 'a' }],
  ])('%j is understood', (args, command) => {
    expect(readDeadLettersCommand(['dead-letters', ...args])).toEqual({ ok: true, value: command });
  });

  it.each([
    [[], /no command "dead-letters "/],
    [['drop'], /no command "dead-letters drop"/],
    [['list', '7'], /no command/],
    [['list', '--all'], /no command/],
    [['replay'], /needs a sequence or --all/],
    [['replay', '0'], /"0" is not a sequence/],
    [['replay', '7', 'x'], /"x" is not a sequence/],
    [['replay', '1.5'], /is not a sequence/],
    [['replay', '--all', '7'], /not both/],
    [['replay', '7', '--consumer', 'a'], /--consumer goes with/],
    [['list', '--force'], /--force/],
  ])('%j is refused with what is wrong', (args, message) => {
    const read = readDeadLettersCommand(['dead-letters', ...args]);
    expect(read).toEqual({ ok: false, error: expect.stringMatching(message) });
  });

  it('the list is a table whose columns line up', () => {
    const letter = {
      sequence: 7,
      consumer: 'c',
      subject: 'tmf.a',
      messageId: 'm',
      reason: 'no such quote',
      attempts: 3,
      told: false,
      at: '2026-01-01T00:00:00.000Z',
      payload: '{}',
    };
    expect(deadLetterTable([letter, { ...letter, sequence: 12, consumer: 'longer' }])).toEqual([
      'SEQUENCE  AT                        CONSUMER  SUBJECT  TRIES  REASON',
      '7         2026-01-01T00:00:00.000Z  c         tmf.a    3      no such quote',
      '12        2026-01-01T00:00:00.000Z  longer    tmf.a    3      no such quote',
    ]);
  });
});
