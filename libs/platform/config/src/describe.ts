import { maskCredentials } from './mask';
import { expectedOf } from './parse';
import { envName, type Setting, type SettingsSchema } from './schema';

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll(/\s*\n\s*/g, ' ');

const defaultOf = (setting: Setting): string => {
  const value = 'default' in setting ? setting.default : undefined;
  if (value === undefined) return setting.optional === true ? 'not set' : '**required**';
  const text = maskCredentials(Array.isArray(value) ? value.join(',') : String(value));
  return text === '' ? 'empty' : `\`${text}\``;
};

/** A Markdown table of a schema's settings, in its order, for the operators' guide. */
export const describeSettings = (schema: SettingsSchema): string => {
  const rows = Object.entries(schema).map(([key, setting]) =>
    [`\`${envName(key, setting)}\``, expectedOf(setting), defaultOf(setting), setting.doc].map(cell),
  );
  const table = [['Setting', 'Value', 'Default', 'What it does'], ['---', '---', '---', '---'], ...rows];
  return `${table.map((row) => `| ${row.join(' | ')} |`).join('\n')}\n`;
};
