import { SetupError } from '../../tools/lib/say.mjs';

/** Reads whole numbers from the command line (`--name=7`). `options`: name → [value unless given, least, what it is]. */
export const readNumbers = (options, args = process.argv.slice(2)) => {
  const given = new Map(args.map((arg) => arg.replace(/^--/, '').split('=')));
  for (const name of given.keys())
    if (!(name in options))
      throw new SetupError(`--${name} is not known; there are --${Object.keys(options).join(', --')}.`);
  return Object.fromEntries(
    Object.entries(options).map(([name, [otherwise, least, what]]) => {
      const value = Number(given.get(name) ?? otherwise);
      if (!Number.isInteger(value) || value < least)
        throw new SetupError(
          `--${name} (${what}) is "${given.get(name)}": expected a whole number from ${least}.`,
        );
      return [name, value];
    }),
  );
};
