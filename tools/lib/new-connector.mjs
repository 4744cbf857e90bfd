import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { SetupError } from './say.mjs';

const NAME = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;
/** What a new connector is made from: a small one that does everything once and passes the contract. */
const PATTERN = ['libs/connectors/fake', 'libs/sandbox/fake', 'test/e2e/connectors/fake.e2e-spec.ts'];
const TSCONFIG = 'tsconfig.base.json';

const capital = (word) => word[0].toUpperCase() + word.slice(1);

/** The pattern's text under another name: `fake` in paths and texts, `Fake`, `FAKE` and `fake` in names of code. */
export const renamed = (text, name) => {
  const words = name.split('-');
  const pascal = words.map(capital).join('');
  return text
    .replace(/FAKE/g, words.join('_').toUpperCase())
    .replace(/\bFake\b(?=[ '])/g, words.map(capital).join(' '))
    .replace(/Fake/g, pascal)
    .replace(/(?<=['"`/-])fake\b/g, name)
    .replace(/\bfake(?=[-.])/g, name)
    .replace(/\bfake\b/g, pascal[0].toLowerCase() + pascal.slice(1));
};

const filesBelow = (path) =>
  statSync(path).isDirectory() ? readdirSync(path).flatMap((entry) => filesBelow(join(path, entry))) : [path];

/** Makes connector, sandbox and contract test of a new system; gives the files it wrote. Changes nothing on a wrong name. */
export const newConnector = async (root, name) => {
  if (!NAME.test(name ?? ''))
    throw new SetupError(
      'Give the connector a name of lower-case words with dashes: npm run new:connector -- acme-crm',
    );
  for (const folder of [`libs/connectors/${name}`, `libs/sandbox/${name}`]) {
    if (existsSync(join(root, folder))) throw new SetupError(`There is a ${folder} already.`);
  }
  const written = [];
  for (const source of PATTERN.flatMap((path) => filesBelow(join(root, path)))) {
    const path = renamed(source.slice(root.length + 1), name);
    mkdirSync(dirname(join(root, path)), { recursive: true });
    const text = renamed(readFileSync(source, 'utf8'), name);
    const config = await resolveConfig(source);
    // Longer names break lines elsewhere.
    writeFileSync(join(root, path), await format(text, { ...config, filepath: source }));
    written.push(path);
  }
  const config = readFileSync(join(root, TSCONFIG), 'utf8');
  const lines = config.split('\n');
  const aliases = lines.filter((line) => line.includes('/fake"')).map((line) => renamed(line, name));
  const at = lines.findIndex((line) => line.includes('/fake"'));
  writeFileSync(join(root, TSCONFIG), [...lines.slice(0, at), ...aliases, ...lines.slice(at)].join('\n'));
  return [...written, TSCONFIG];
};
