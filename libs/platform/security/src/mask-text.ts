/** Patterns of personal data and secrets inside running text, each with what takes its place. */
const PATTERNS: readonly (readonly [RegExp, string])[] = [
  [/\b(Bearer|Basic|ApiKey)\s+[\w.~+/=-]{6,}/gi, '$1 [credential]'],
  [/\beyJ[\w-]{4,}\.[\w-]{4,}\.[\w-]*/g, '[token]'],
  [/\bqb_([0-9a-f]{16})_[\w-]{20,}/g, 'qb_$1_[secret]'],
  [/(:\/\/)[^\s/@:]{1,256}:[^\s/@]{1,256}@/g, '$1[credential]@'],
  [
    /([?&](?:access_token|refresh_token|token|api_?key|password|secret|code)=)[^&\s"']{1,4096}/gi,
    '$1[secret]',
  ],
  // The domain stays: it tells whose customer is meant without saying which person.
  [/[\w.%+-]{1,64}@((?:[\w-]{1,63}\.){1,8}[a-z]{2,24})\b/gi, '[e-mail]@$1'],
  // Only with a leading plus: without it ids, amounts and times would be taken for phone numbers.
  [/(?<![\w+])\+\d(?:[\s()./-]{0,2}\d){6,14}(?!\d)/g, '[phone]'],
];

/** What every pattern above needs somewhere; most texts have none of it and are done after one look. */
const WORTH_A_LOOK = /[@+=]|:\/\/|eyJ|qb_|bearer|basic|apikey/i;

const MAX_TEXT = 8_192;

/** The text with e-mail addresses, phone numbers, tokens and passwords replaced; cut at 8,192 characters. */
export const maskText = (text: string): string => {
  const short = text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}…` : text;
  if (!WORTH_A_LOOK.test(short)) return short;
  return PATTERNS.reduce((masked, [pattern, instead]) => masked.replace(pattern, instead), short);
};
