// Places where credentials stand in texts that nobody wrote for reading.
const PATTERNS: readonly RegExp[] = [
  /\b(bearer|basic)\s+[A-Za-z0-9+/=._~-]{6,}/gi,
  /\b(access_token|refresh_token|client_secret|password|assertion|sessionid)(["']?\s*[=:]\s*["']?)[^\s"'&,;]+/gi,
  /(:\/\/)[^/\s:@]+:[^/\s@]+(?=@)/g,
];

const MASK = '***';

/** Removes known secret values and everything that looks like a credential from a text meant for logs and records. */
export type Redactor = (text: string) => string;

/** A {@link Redactor} that also knows an instance's secrets. Values shorter than four characters are not looked for. */
export const redactor = (secrets: Readonly<Record<string, string>>): Redactor => {
  const values = Object.values(secrets)
    .flatMap((value) => [value, encodeURIComponent(value), Buffer.from(value).toString('base64')])
    .filter((value) => value.length >= 4)
    .sort((left, right) => right.length - left.length);
  return (text) => {
    let clean = text;
    for (const value of values) clean = clean.replaceAll(value, MASK);
    clean = clean.replace(PATTERNS[0] as RegExp, `$1 ${MASK}`);
    clean = clean.replace(PATTERNS[1] as RegExp, `$1$2${MASK}`);
    return clean.replace(PATTERNS[2] as RegExp, `$1${MASK}`);
  };
};
