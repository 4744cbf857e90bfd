import { readFileSync } from 'node:fs';
import { err, isJsonObject, messageOf, ok, type Result } from '@quotebridge/platform/core';
import { FACTS, type Alert, type AlertKind } from './alert';

/** Texts of one kind of alert; `{name}` stands for a fact. */
export interface AlertTemplate {
  readonly subject: string;
  readonly text: string;
}

/** The texts of all kinds. */
export type AlertTemplates = Readonly<Record<AlertKind, AlertTemplate>>;

/** What an alert says, ready to be sent. */
export interface AlertText {
  readonly subject: string;
  readonly text: string;
}

/** The texts unless an operator gives others. */
export const DEFAULT_TEMPLATES: AlertTemplates = {
  runFailed: {
    subject: 'QuoteBridge: {instance} cannot read {stream}',
    text: 'The stream {stream} of the connector {instance} has failed {tries} times, last at {at}:\n\n{error}\n\nRun {run}. Its checkpoint is where it was; the next run goes on there.',
  },
  orderRefused: {
    subject: 'QuoteBridge: the ERP refused order {orderNumber}',
    text: 'The ERP refused the order {order} (number {orderNumber}) at {at}:\n\n{reason}\n\nThe order is {state} and waits for a correction.',
  },
  orderFailed: {
    subject: 'QuoteBridge: order {orderNumber} failed',
    text: 'The order {order} (number {orderNumber}) is {state} since {at}.\n\n{reason}',
  },
  deadLetter: {
    subject: 'QuoteBridge: {consumer} gave up a message',
    text: '{consumer} could not handle a message on {subject} in {tries} tries, last at {at}:\n\n{reason}\n\nRemove the cause, then replay it: dead-letters list, dead-letters replay.',
  },
  callFailed: {
    subject: 'QuoteBridge: {operation} fails',
    text: 'A call of {operation} ({version}) by {caller} was answered with {status} at {at}.\n\nError id {errorId}, order {order}. The transaction log and the logs have it.',
  },
};

const PLACE = /\{(\w+)\}/g;
const LINE = 200;

const placesOf = (text: string): string[] => [...text.matchAll(PLACE)].map(([, name = '']) => name);

const fill = (text: string, facts: Readonly<Record<string, string>>): string =>
  text.replace(PLACE, (_, name: string) => facts[name] || '-');

/** How many were held back is told below the text. */
const heldText = (held: number): string =>
  held === 0 ? '' : `\n\n${held} more of this kind and source were held back since the last message.`;

/** The text of an alert. A subject is one line, whatever the facts hold. */
export const textOf = (templates: AlertTemplates, alert: Alert, held: number): AlertText => {
  const { subject, text } = templates[alert.kind];
  const facts = { ...alert.facts, source: alert.source, at: alert.at };
  return {
    subject: fill(subject, facts).replace(/\s+/g, ' ').trim().slice(0, LINE),
    text: fill(text, facts) + heldText(held),
  };
};

const isKind = (name: string): name is AlertKind => Object.hasOwn(FACTS, name);

/** Texts of an operator laid over the default ones; refuses kinds and facts that do not exist. */
export const readTemplates = (json: string): Result<AlertTemplates, string> => {
  let given: unknown;
  try {
    given = JSON.parse(json);
  } catch {
    return err('is not JSON');
  }
  if (!isJsonObject(given)) return err('must be an object with the kinds of alerts as names');
  const merged: Record<AlertKind, AlertTemplate> = { ...DEFAULT_TEMPLATES };
  for (const [kind, template] of Object.entries(given)) {
    if (!isKind(kind)) return err(`${kind} is no kind of alert; there are ${Object.keys(FACTS).join(', ')}`);
    const { subject, text, ...rest } = isJsonObject(template) ? template : { subject: null };
    const [unknown] = Object.keys(rest);
    if (unknown !== undefined) return err(`${kind}.${unknown} is not known; a text has subject and text`);
    const own = { ...merged[kind] };
    for (const [part, value] of Object.entries({ subject, text })) {
      if (value === undefined) continue;
      if (typeof value !== 'string' || value.trim() === '') return err(`${kind}.${part} must be a text`);
      const names = [...FACTS[kind], 'source', 'at'];
      const wrong = placesOf(value).find((name) => !names.includes(name));
      if (wrong !== undefined)
        return err(
          `${kind}.${part} names {${wrong}}; there are ${names.map((name) => `{${name}}`).join(', ')}`,
        );
      Object.assign(own, { [part]: value });
    }
    merged[kind] = own;
  }
  return ok(merged);
};

/** The texts with those of an operator's file laid over; throws, naming the setting, when they cannot be used. */
export const loadTemplates = (file: string | undefined): AlertTemplates => {
  if (file === undefined) return DEFAULT_TEMPLATES;
  let json: string;
  try {
    json = readFileSync(file, 'utf8');
  } catch (thrown) {
    throw new Error(`ALERT_TEMPLATES: ${file} cannot be read: ${messageOf(thrown)}`, { cause: thrown });
  }
  const read = readTemplates(json);
  if (!read.ok) throw new Error(`ALERT_TEMPLATES: ${file} ${read.error}`);
  return read.value;
};
