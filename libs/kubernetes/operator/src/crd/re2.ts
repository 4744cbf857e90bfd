// What RE2, the expressions of the API server, does not have: look-around, back-references, classes without members.
const NOT_IN_RE2 = /\(\?<?[=!]|\\[1-9]|\\k<|\[\^?\]|\\c[A-Za-z]/;

/** An expression of JSON Schema (ECMA-262) as RE2 writes it; undefined when it cannot. */
export const re2Of = (pattern: string): string | undefined =>
  NOT_IN_RE2.test(pattern)
    ? undefined
    : pattern.replace(
        /\\u(?:\{([0-9A-Fa-f]+)\}|([0-9A-Fa-f]{4}))/g,
        (_, long: string | undefined, short: string) => `\\x{${long ?? short}}`,
      );
