import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gatewaySettings } from '@quotebridge/components/gateway';
import { productCatalogSettings } from '@quotebridge/components/product-catalog';
import { productOrderSettings } from '@quotebridge/components/product-order';
import { quoteSettings } from '@quotebridge/components/quote';
import { rest } from '@quotebridge/connectors/rest';
import { s4hana } from '@quotebridge/connectors/s4hana';
import { salesforce } from '@quotebridge/connectors/salesforce';
import { sftp } from '@quotebridge/connectors/sftp';
import { describeSettings, type SettingsSchema } from '@quotebridge/platform/config';
import { isJsonObject, type Json, type JsonObject } from '@quotebridge/platform/core';
import { componentSettings } from '@quotebridge/tmf/component';
import { processSettings } from '../../apps/connector/src/settings';
import { operatorSettings } from '../../apps/operator/src/settings';
import { sandboxSettings } from '../../apps/sandbox/src/settings';
import { standaloneSettings } from '../../apps/standalone/src/settings';

const ROOT = path.resolve(__dirname, '../..');
const PAGE = path.join(ROOT, 'docs/guides/settings.md');
const PRETTIER = path.join(ROOT, 'node_modules/prettier/bin/prettier.cjs');
/** Set to 1, the page is written first. */
const update = process.env['UPDATE_DOCS'] === '1';

const INTRO = `# Settings

Made from the code by \`test/conformance/settings-docs.spec.ts\`, which fails when the two differ; change the code, then run
\`UPDATE_DOCS=1 npx jest --selectProjects conformance --testPathPatterns settings-docs\`.

Every process reads its settings from the environment, once, and lists everything that is missing or wrong before it ends. An empty
value counts as not given. Secrets are never shown in messages or logs.
`;

/** A component's own settings, without those that all components have. */
const own = (schema: SettingsSchema): SettingsSchema =>
  Object.fromEntries(Object.entries(schema).filter(([name]) => !(name in componentSettings)));

const cell = (text: string): string => text.replaceAll('|', '\\|');

const kindOf = (property: JsonObject): string => {
  const { enum: values, type } = property;
  if (Array.isArray(values)) return values.map((value) => `\`${String(value)}\``).join(', ');
  return typeof type === 'string' ? type : 'one of several';
};

const defaultOf = (value: Json | undefined, required: boolean): string => {
  if (value === undefined) return required ? '**required**' : 'not set';
  return `\`${typeof value === 'string' ? value : JSON.stringify(value)}\``;
};

/** Which alternative a setting belongs to: "`basic` only: ". */
const markOf = (choice: JsonObject): string => {
  const properties = isJsonObject(choice['properties']) ? Object.values(choice['properties']) : [];
  const mark = properties.find((property) => isJsonObject(property) && 'const' in property);
  return isJsonObject(mark) ? `\`${String(mark['const'])}\` only: ` : '';
};

/** A Markdown table of the settings of a connector; settings inside settings by their path. */
const describeSchema = (schema: JsonObject): string => {
  const rows = (part: JsonObject, prefix: string, only = ''): string[][] => {
    const required = Array.isArray(part['required']) ? part['required'] : [];
    const properties = isJsonObject(part['properties']) ? part['properties'] : {};
    const choices = Array.isArray(part['oneOf']) ? part['oneOf'].filter(isJsonObject) : [];
    const here = Object.entries(properties).flatMap(([name, value]) => {
      const property = isJsonObject(value) ? value : {};
      const about = property['description'];
      if ('const' in property) return [];
      const row = [
        `\`${prefix}${name}\``,
        kindOf(property),
        defaultOf(property['default'], required.includes(name)),
        `${only}${typeof about === 'string' ? about : ''}`,
      ].map(cell);
      const items = isJsonObject(property['items']) ? property['items'] : {};
      return [row, ...rows(property, `${prefix}${name}.`), ...rows(items, `${prefix}${name}[].`)];
    });
    return [...here, ...choices.flatMap((choice) => rows(choice, prefix, markOf(choice)))];
  };
  const table = [
    ['Setting', 'Value', 'Default', 'What it does'],
    ['---', '---', '---', '---'],
    ...rows(schema, ''),
  ];
  return `${table.map((row) => `| ${row.join(' | ')} |`).join('\n')}\n`;
};

const SECTIONS: readonly (readonly [title: string, table: string])[] = [
  ['Every component', describeSettings(componentSettings)],
  ['Product catalog, besides', describeSettings(own(productCatalogSettings))],
  ['Quote, besides', describeSettings(own(quoteSettings))],
  ['Product order, besides', describeSettings(own(productOrderSettings))],
  ['Business API, besides', describeSettings(own(gatewaySettings))],
  ['Connector process', describeSettings(processSettings)],
  ['Salesforce connector (`CONNECTOR_SETTINGS`, JSON)', describeSchema(salesforce.settingsSchema)],
  ['S/4HANA connector (`CONNECTOR_SETTINGS`, JSON)', describeSchema(s4hana.settingsSchema)],
  ['SFTP connector (`CONNECTOR_SETTINGS`, JSON)', describeSchema(sftp.settingsSchema)],
  ['REST connector (`CONNECTOR_SETTINGS`, JSON)', describeSchema(rest.settingsSchema)],
  ['Operator', describeSettings(operatorSettings)],
  ['Sandboxes', describeSettings(sandboxSettings)],
  ['`npm start`', describeSettings(standaloneSettings)],
];

describe('docs/guides/settings.md', () => {
  it('has every setting of the code, and no other', () => {
    const text = [INTRO, ...SECTIONS.map(([title, table]) => `## ${title}\n\n${table}`)].join('\n');
    const page = execFileSync(process.execPath, [PRETTIER, '--stdin-filepath', PAGE], {
      input: text,
      encoding: 'utf8',
    });
    if (update) writeFileSync(PAGE, page);
    expect(readFileSync(PAGE, 'utf8')).toBe(page);
  });
});
