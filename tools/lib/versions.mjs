/** The first dotted number in a text, such as `6.0.5` out of `db version v6.0.5`; undefined when there is none. */
export const versionIn = (text) => /\d+\.\d+(?:\.\d+)?/.exec(text)?.[0];

/** Whether dotted number `version` is `least` or later, compared part by part. */
export const atLeast = (version, least) => {
  const [have, need] = [version, least].map((text) => text.split('.').map(Number));
  for (let i = 0; i < need.length; i += 1) {
    const difference = (have[i] ?? 0) - need[i];
    if (difference !== 0) return difference > 0;
  }
  return true;
};
