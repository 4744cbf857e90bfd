// What the tools tell a person: one line per fact, on standard error so that scripts can read standard output.

/** A failure a person can act on: shown as its one sentence, without a stack. */
export class SetupError extends Error {}

export const say = (text) => process.stderr.write(`${text}\n`);

/** Seconds since `start` (from performance.now) as `1.2 s`. */
export const secondsSince = (start) => `${((performance.now() - start) / 1000).toFixed(1)} s`;

/** Runs a tool's main function and makes every failure an exit code and a sentence. */
export const runTool = async (main) => {
  try {
    process.exitCode = (await main()) ?? 0;
  } catch (error) {
    say(error instanceof SetupError ? `\nquotebridge: ${error.message}` : `\n${error?.stack ?? error}`);
    process.exitCode = 1;
  }
};
