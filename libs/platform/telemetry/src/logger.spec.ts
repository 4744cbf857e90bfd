import fc from 'fast-check';
import { contextFrom, createLogger, type Logger, type LogLevel } from './index';

const capture = (level: LogLevel = 'debug'): { log: Logger; lines: () => Record<string, unknown>[] } => {
  const written: string[] = [];
  const log = createLogger({
    service: 'quote',
    level,
    destination: { write: (line: string) => void written.push(line) },
  });
  return { log, lines: () => written.map((line) => JSON.parse(line) as Record<string, unknown>) };
};

describe('logger', () => {
  it('a record is one line with time, level, service, trace and error id', () => {
    const { log, lines } = capture();
    const context = contextFrom('00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01');
    log.error({ context, errorId: 'e-1', attempt: 2 }, 'The order could not be sent.');
    expect(lines()).toEqual([
      {
        level: 'error',
        time: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
        service: 'quote',
        trace_id: '0af7651916cd43dd8448eb211c80319c',
        span_id: 'b7ad6b7169203331',
        errorId: 'e-1',
        attempt: 2,
        message: 'The order could not be sent.',
      },
    ]);
  });

  it('records below the level are not written, and their fields are not even looked at', () => {
    const { log, lines } = capture('warn');
    const trap = {
      get expensive(): never {
        throw new Error('looked at');
      },
    };
    log.info(trap, 'not wanted');
    log.warn({}, 'wanted');
    expect(lines().map(({ message }) => message)).toEqual(['wanted']);
  });

  it('personal data is masked in fields, messages, errors and child fields', () => {
    const { log, lines } = capture();
    const error = new Error('mail to eve@example.com bounced');
    log
      .child({ email: 'eve@example.com', stream: 'accounts' })
      .warn({ error, phone: '12345' }, 'eve@example.com again');
    const [line] = lines();
    expect(JSON.stringify(line)).not.toContain('eve@');
    expect(line).toMatchObject({ email: '[personal]', stream: 'accounts', phone: '[personal]' });
    expect(line?.['error']).toMatchObject({ type: 'Error', message: 'mail to [e-mail]@example.com bounced' });
  });

  it('whatever the fields are, one valid line is written', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.anything()), (fields) => {
        const { log, lines } = capture();
        log.info({ ...fields, context: undefined }, 'any');
        expect(lines()).toMatchObject([{ level: 'info', service: 'quote', message: 'any' }]);
      }),
      {
        numRuns: 500,
        examples: ['valueOf', 'toString', '__proto__', 'level', 'message', 'toJSON'].map(
          (name): [Record<string, unknown>] => [{ [name]: 0 }],
        ),
      },
    );
  });

  it('a circular field does not stop the log', () => {
    const { log, lines } = capture();
    const circle: Record<string, unknown> = { name: 'a' };
    circle['self'] = circle;
    log.info({ circle }, 'round');
    expect(lines()).toHaveLength(1);
  });
});
