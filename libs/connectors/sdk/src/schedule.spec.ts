import * as fc from 'fast-check';
import { dueAfter, readSchedule, type Schedule } from './schedule';

const times = (schedule: Schedule, from: string, count: number): string[] => {
  const found: string[] = [];
  let at = Date.parse(from);
  while (found.length < count) {
    at = dueAfter(schedule, at);
    found.push(new Date(at).toISOString().slice(0, 16));
  }
  return found;
};

describe('schedules', () => {
  it.each([
    [
      'daily is at 02:00 of the time zone',
      'daily',
      'Europe/Berlin',
      '2026-06-01T12:00Z',
      ['2026-06-02T00:00'],
    ],
    ['hourly is at the full hour', 'hourly', 'UTC', '2026-06-01T12:10Z', ['2026-06-01T13:00']],
    [
      'a time that the change to summer time leaves out comes once, right after it',
      '30 2 * * *',
      'Europe/Berlin',
      '2026-03-28T12:00Z',
      ['2026-03-29T01:00', '2026-03-30T00:30'],
    ],
    [
      'a time that the change to winter time repeats comes once',
      '30 2 * * *',
      'Europe/Berlin',
      '2026-10-24T12:00Z',
      ['2026-10-25T00:30', '2026-10-26T01:30'],
    ],
    [
      'hours go on through the change to winter time',
      'hourly',
      'America/New_York',
      '2026-11-01T04:30Z',
      ['2026-11-01T05:00', '2026-11-01T06:00', '2026-11-01T07:00'],
    ],
    [
      'hours go on through the change to summer time',
      'hourly',
      'America/New_York',
      '2026-03-08T05:30Z',
      ['2026-03-08T06:00', '2026-03-08T07:00', '2026-03-08T08:00'],
    ],
    [
      'an interval begins at the end of the last round',
      'every 5m',
      'UTC',
      '2026-06-01T12:00Z',
      ['2026-06-01T12:05'],
    ],
  ])('%s', (_name, text, timeZone, from, expected) => {
    expect(times(readSchedule(text, timeZone), from, expected.length)).toEqual(expected);
  });

  it('event never comes by itself', () => {
    expect(dueAfter(readSchedule('event', 'UTC'), 0)).toBe(Infinity);
  });

  it.each([
    ['now and then', 'UTC', '"now and then" is no schedule'],
    ['0 25 * * *', 'UTC', 'is no schedule'],
    ['every 5 parsecs', 'UTC', 'after "every" comes a duration'],
    ['every 10ms', 'UTC', 'at least 1s'],
    ['daily', 'Mars/Olympus', 'time zone "Mars/Olympus"'],
    ['0 2 31 2 *', 'UTC', 'never comes'],
  ])('%s in %s is refused with a reason', (text, timeZone, reason) => {
    expect(() => readSchedule(text, timeZone)).toThrow(reason);
  });

  it('the nightly run comes once on every day of the year, whatever the time zone does', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(
          'Europe/Berlin',
          'America/New_York',
          'Australia/Lord_Howe',
          'Africa/Cairo',
          'Asia/Kolkata',
        ),
        fc.integer({ min: 0, max: 23 }),
        fc.integer({ min: 0, max: 59 }),
        fc.integer({ min: 0, max: 364 }),
        (timeZone, hour, minute, day) => {
          const schedule = readSchedule(`${minute} ${hour} * * *`, timeZone);
          const dayOf = new Intl.DateTimeFormat('en-CA', { timeZone });
          const first = dueAfter(schedule, Date.UTC(2026, 0, 1, 12) + day * 86_400_000);
          const second = dueAfter(schedule, first);
          const days = (Date.parse(dayOf.format(second)) - Date.parse(dayOf.format(first))) / 86_400_000;
          expect(days).toBe(1);
        },
      ),
    );
  });
});
