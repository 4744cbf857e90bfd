// How the measurement of the business API writes its figures.

/** Milliseconds, or a dash where nothing was measured. */
export const ms = (value) => (value === undefined ? '-' : `${value.toFixed(1)} ms`);

/** Writes one figure behind its name. */
export const line = (name, text) => process.stdout.write(`${name.padEnd(29)} ${text}\n`);
