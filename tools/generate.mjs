#!/usr/bin/env node
// Writes tmf-specs/generated from tmf-specs/models:  node tools/generate.mjs
// With --check nothing is written; the run fails and lists every committed file that differs from what it would be.
// With --into FOLDER another folder takes the place of tmf-specs/generated.
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { documentOf } from '../tmf-specs/generator/document.mjs';
import { readModels } from '../tmf-specs/generator/models.mjs';
import { typesOf } from '../tmf-specs/generator/types.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const into = process.argv.indexOf('--into');
const target = into < 0 ? join(root, 'tmf-specs', 'generated') : resolve(process.argv[into + 1] ?? '.');
const shown = relative(process.cwd(), target);

/** Every generated file: path below the target folder → text. */
const generate = () => {
  const files = new Map();
  for (const model of readModels(join(root, 'tmf-specs', 'models'))) {
    const document = documentOf(model);
    files.set(`${model.api}-${model.version}.json`, `${JSON.stringify(document, null, 1)}\n`);
    if (model.version === 'v5') {
      files.set(join('types', `${model.api.toLowerCase()}.ts`), typesOf(model.api, document));
    }
  }
  return files;
};

const filesBelow = (folder) =>
  existsSync(folder)
    ? readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    : [];

const read = (name) => {
  const file = join(target, name);
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
};

const differences = (files) => [
  ...[...files].flatMap(([name, text]) => {
    const found = read(name);
    if (found === undefined) return [`${name} is missing`];
    return found === text ? [] : [`${name} differs from the models`];
  }),
  ...filesBelow(target)
    .filter((name) => !files.has(name))
    .map((name) => `${name} belongs to no model`),
];

const write = (files) => {
  for (const name of filesBelow(target)) if (!files.has(name)) rmSync(join(target, name));
  for (const [name, text] of files) {
    mkdirSync(dirname(join(target, name)), { recursive: true });
    writeFileSync(join(target, name), text);
  }
};

const files = generate();
const changed = differences(files);
if (!process.argv.includes('--check')) {
  write(files);
  console.log(`${files.size} files in ${shown}, ${changed.length} changed`);
} else if (changed.length > 0) {
  console.error(`${shown} is not what tmf-specs/models say; run "npm run generate":`);
  for (const line of changed) console.error(`  ${line}`);
  process.exitCode = 1;
} else {
  console.log(`${files.size} generated files are up to date`);
}
