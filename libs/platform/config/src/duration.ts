const UNITS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const FORM = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/;

/** Milliseconds of a text such as `500ms`, `1.5s` or `2h`; undefined when it is none or no whole millisecond. */
export const parseDuration = (text: string): number | undefined => {
  const [, amount, unit] = FORM.exec(text) ?? [];
  if (amount === undefined || unit === undefined) return undefined;
  const exact = Number(amount) * UNITS[unit as keyof typeof UNITS];
  const whole = Math.round(exact);
  return Number.isSafeInteger(whole) && Math.abs(exact - whole) < 1e-6 ? whole : undefined;
};
