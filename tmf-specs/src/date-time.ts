const DATE_TIME =
  /^(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d)(?::(\d\d)(?:\.\d+)?)?(?:[Zz]|[+-](\d\d):?(\d\d))?$/;

const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

const isLeap = (year: number): boolean => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;

/**
 * True for a date-time of RFC 3339. The seconds and the offset may be left out, because TM Forum's own examples
 * and test kits leave them out (`2017-08-27T00:00`).
 */
export const isDateTime = (text: string): boolean => {
  const match = DATE_TIME.exec(text);
  if (match === null) return false;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, zoneHour = 0, zoneMinute = 0] = match
    .slice(1)
    .map((part) => Number(part ?? 0));
  const days = month === 2 && isLeap(year) ? 29 : (DAYS[month - 1] ?? 0);
  return (
    day >= 1 && day <= days && hour < 24 && minute < 60 && second <= 60 && zoneHour < 24 && zoneMinute < 60
  );
};
