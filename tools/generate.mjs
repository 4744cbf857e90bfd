#!/usr/bin/env node
// Writes tmf-specs/generated from tmf-specs/models, crds and a part of charts from the code:  node tools/generate.mjs
// With --check nothing is written; the run fails and lists every committed file that differs from what it would be.
// With --into FOLDER another folder takes the place of tmf-specs/generated, and the others are left alone.
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { documentOf } from '../tmf-specs/generator/document.mjs';
import { readModels } from '../tmf-specs/generator/models.mjs';
import { typeFiles } from '../tmf-specs/generator/types.mjs';
import { chartFiles } from './lib/charts.mjs';
import { kubernetesFiles } from './lib/crds.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const into = process.argv.indexOf('--into');
const specs = into < 0 ? join(root, 'tmf-specs', 'generated') : resolve(process.argv[into + 1] ?? '.');

/** Every file made from the models: path below the target folder → text. */
const specFiles = () => {
  const files = new Map();
  const typed = new Map();
  for (const model of readModels(join(root, 'tmf-specs', 'models'))) {
    const document = documentOf(model);
    files.set(`${model.api}-${model.version}.json`, `${JSON.stringify(document, null, 1)}\n`);
    if (model.version === 'v5') typed.set(model.api, document);
  }
  for (const [name, text] of typeFiles(typed)) files.set(join('types', name), text);
  return files;
};

// The charts come after the compiler, which the first of them starts.
const codeFiles = async () => [...kubernetesFiles(), ...(await chartFiles())];

const targets = [
  { folder: specs, source: 'the models', stray: 'belongs to no model', files: specFiles() },
  ...(into < 0 ? await codeFiles() : []).map((target) => ({
    ...target,
    source: 'the code',
    stray: 'is made from nothing',
  })),
];

const filesBelow = (folder) =>
  existsSync(folder)
    ? readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    : [];

const read = (file) => (existsSync(file) ? readFileSync(file, 'utf8') : undefined);

// A folder of generated files has no others, unless it says so.
const strays = ({ folder, files, amongOthers = false }) =>
  amongOthers ? [] : filesBelow(folder).filter((name) => !files.has(name));

const differences = ({ folder, source, stray, files, amongOthers }) => [
  ...[...files].flatMap(([name, text]) => {
    const found = read(join(folder, name));
    if (found === undefined) return [`${name} is missing`];
    return found === text ? [] : [`${name} differs from ${source}`];
  }),
  ...strays({ folder, files, amongOthers }).map((name) => `${name} ${stray}`),
];

const write = ({ folder, files, amongOthers }) => {
  for (const name of strays({ folder, files, amongOthers })) rmSync(join(folder, name));
  for (const [name, text] of files) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
};

for (const target of targets) {
  const shown = relative(process.cwd(), target.folder);
  const changed = differences(target);
  if (!process.argv.includes('--check')) {
    write(target);
    console.log(`${target.files.size} files in ${shown}, ${changed.length} changed`);
  } else if (changed.length > 0) {
    console.error(
      `${shown} is not what ${target.source === 'the models' ? 'tmf-specs/models say' : 'the code says'}; run "npm run generate":`,
    );
    for (const line of changed) console.error(`  ${line}`);
    process.exitCode = 1;
  } else {
    console.log(`${target.files.size} generated files in ${shown} are up to date`);
  }
}
