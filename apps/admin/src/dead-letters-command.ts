import { parseArgs } from 'node:util';
import { err, messageOf, ok, type Result } from '@quotebridge/platform/core';
import {
  listDeadLetters,
  replayDeadLetter,
  type DeadLetter,
  type EventBus,
} from '@quotebridge/platform/events';
import type { CommandOutput } from './command-output';
import { columns } from './columns';

const PAGE = 100;

/** What the command line asked for. */
export type DeadLettersCommand =
  | { readonly verb: 'list'; readonly consumer?: string }
  | { readonly verb: 'replay'; readonly sequences: readonly number[] }
  | { readonly verb: 'replay-all'; readonly consumer?: string };

/** How the command is used. */
export const DEAD_LETTERS_USAGE = [
  '  dead-letters list [--consumer <name>]           shows messages that could not be handled, oldest first',
  '  dead-letters replay <sequence>...               hands these to the consumer again and removes them',
  '  dead-letters replay --all [--consumer <name>]   the same with all that there are now',
].join('\n');

const readSequences = (words: readonly string[]): Result<DeadLettersCommand, string> => {
  const wrong = words.find((word) => !/^[1-9]\d{0,14}$/.test(word));
  if (wrong !== undefined) return err(`"${wrong}" is not a sequence; "dead-letters list" shows them.`);
  if (words.length === 0) return err('dead-letters replay needs a sequence or --all.');
  return ok({ verb: 'replay', sequences: words.map(Number) });
};

/** Reads the arguments after the program's name. The error says what is wrong with them. */
export const readDeadLettersCommand = (args: readonly string[]): Result<DeadLettersCommand, string> => {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: { all: { type: 'boolean' }, consumer: { type: 'string' } },
      allowPositionals: true,
    });
    const [, verb, ...words] = positionals;
    const only = values.consumer === undefined ? {} : { consumer: values.consumer };
    if (verb === 'list' && words.length === 0 && values.all !== true) return ok({ verb, ...only });
    if (verb !== 'replay') return err(`There is no command "dead-letters ${verb ?? ''}".`);
    if (values.all !== true) {
      return values.consumer === undefined
        ? readSequences(words)
        : err('--consumer goes with --all or list.');
    }
    return words.length === 0
      ? ok({ verb: 'replay-all', ...only })
      : err('Give sequences or --all, not both.');
  } catch (thrown) {
    return err(messageOf(thrown));
  }
};

const HEADINGS = ['SEQUENCE', 'AT', 'CONSUMER', 'SUBJECT', 'TRIES', 'REASON'];

/** The dead letters as a table. */
export const deadLetterTable = (letters: readonly DeadLetter[]): string[] =>
  columns([
    HEADINGS,
    ...letters.map(({ sequence, at, consumer, subject, attempts, reason }) => [
      String(sequence),
      at,
      consumer,
      subject,
      String(attempts),
      reason,
    ]),
  ]);

const allLetters = async (bus: EventBus, consumer: string | undefined): Promise<DeadLetter[]> => {
  const found: DeadLetter[] = [];
  for (let from = 1; ;) {
    const page = await listDeadLetters(bus, from, PAGE);
    found.push(...page.filter((letter) => consumer === undefined || letter.consumer === consumer));
    if (page.length < PAGE) return found;
    from = (page.at(-1)?.sequence ?? from) + 1;
  }
};

/** Does what was asked. Rejects, with the sentence for the person at the terminal, at the first that fails. */
export const runDeadLettersCommand = async (
  command: DeadLettersCommand,
  bus: EventBus,
): Promise<CommandOutput> => {
  if (command.verb === 'list') {
    const letters = await allLetters(bus, command.consumer);
    return letters.length === 0
      ? { result: [], notes: ['There are no dead letters.'] }
      : { result: deadLetterTable(letters), notes: [] };
  }
  const sequences =
    command.verb === 'replay'
      ? command.sequences
      : (await allLetters(bus, command.consumer)).map(({ sequence }) => sequence);
  const result: string[] = [];
  for (const sequence of sequences) {
    const { subject, consumer } = await replayDeadLetter(bus, sequence);
    result.push(`${sequence} ${subject} ${consumer}`);
  }
  return {
    result,
    notes: [`Sent ${sequences.length} again. What fails once more comes back to the dead letters.`],
  };
};
