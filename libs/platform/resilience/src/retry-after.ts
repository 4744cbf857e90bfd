/** The wait that a Retry-After header asks for (RFC 9110, 10.2.3: seconds or an HTTP date), in milliseconds. */
export const retryAfterMs = (value: string | undefined, nowMs: number): number | undefined => {
  const text = value?.trim() ?? '';
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1000;
  // A bare number such as 1.5 or -3 is neither form; Date.parse would take it for a year.
  if (!/[a-z]/i.test(text)) return undefined;
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : Math.max(0, at - nowMs);
};
