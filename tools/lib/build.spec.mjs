import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { build } from './build.mjs';
import { tempDir } from './temp.mjs';

const swcOptions = readFileSync(new URL('../swc-options.cjs', import.meta.url), 'utf8');
const paths = { '@quotebridge/platform/core': ['libs/platform/core/src/index.ts'] };

const checkout = (t, files) => {
  const base = tempDir();
  const all = {
    'tools/swc-options.cjs': swcOptions,
    'tsconfig.base.json': JSON.stringify({ compilerOptions: { paths } }),
    'libs/platform/core/src/index.ts': `export const word = (): string => 'core';\n`,
    ...files,
  };
  for (const [path, text] of Object.entries(all)) write(base, path, text);
  return base;
};

const write = (base, path, text) => {
  mkdirSync(dirname(join(base, path)), { recursive: true });
  writeFileSync(join(base, path), text);
};

const run = (base, path) =>
  execFileSync(process.execPath, ['--enable-source-maps', join(base, 'dist', path)], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });

const importing = `import { word } from '@quotebridge/platform/core';\n`;

test('an alias is found from a file at any depth', (t) => {
  const deep = [
    'apps/a/src/main.ts',
    'apps/a/src/b/c/d/main.ts',
    'libs/x/y/src/main.ts',
    'tmf-specs/main.ts',
  ];
  const base = checkout(
    t,
    Object.fromEntries(deep.map((path) => [path, `${importing}console.log(word());\n`])),
  );
  write(base, 'libs/platform/core/src/own.ts', `${importing}console.log(word());\n`);
  build({ base });
  for (const path of [...deep, 'libs/platform/core/src/own.ts']) {
    assert.equal(run(base, path.replace('.ts', '.js')), 'core\n', path);
  }
});

test('the same words inside a text are no import, and one with an alias as a text stays as it is', (t) => {
  const base = checkout(t, {
    'apps/a/src/main.ts': `${importing}console.log(word(), "@quotebridge/platform/core");\n`,
  });
  build({ base });
  assert.equal(run(base, 'apps/a/src/main.js'), 'core @quotebridge/platform/core\n');
});

test('an alias that no tsconfig knows is refused with the file that uses it', (t) => {
  const base = checkout(t, {
    'apps/a/src/main.ts': `import { x } from '@quotebridge/not/there';\nconsole.log(x);\n`,
  });
  assert.throws(() => build({ base }), /apps\/a\/src\/main\.ts imports @quotebridge\/not\/there/);
});

test('a second build does nothing, a changed file is built again, a removed one leaves', (t) => {
  const base = checkout(t, {
    'apps/a/src/main.ts': `${importing}console.log(word());\n`,
    'apps/a/src/gone.ts': 'export const gone = 1;\n',
  });
  assert.deepEqual(build({ base }), { built: 3, removed: 0, total: 3 });
  assert.deepEqual(build({ base }), { built: 0, removed: 0, total: 3 });
  write(base, 'libs/platform/core/src/index.ts', `export const word = (): string => 'changed';\n`);
  rmSync(join(base, 'apps/a/src/gone.ts'));
  assert.deepEqual(build({ base }), { built: 1, removed: 1, total: 2 });
  assert.equal(run(base, 'apps/a/src/main.js'), 'changed\n');
  assert.equal(existsSync(join(base, 'dist/apps/a/src/gone.js')), false);
});

test('a build that was cut off is made whole by the next one', (t) => {
  const base = checkout(t, { 'apps/a/src/main.ts': `${importing}console.log(word());\n` });
  build({ base });
  rmSync(join(base, 'dist/libs/platform/core/src/index.js'));
  assert.equal(build({ base }).built, 1);
  assert.equal(run(base, 'apps/a/src/main.js'), 'core\n');
});

test('files that code reads are copied, tests and project files are not', (t) => {
  const base = checkout(t, {
    'tmf-specs/generated/x.json': '{"a":1}',
    'libs/a/b/project.json': '{}',
    'libs/a/b/src/c.spec.ts': 'export {};\n',
  });
  build({ base });
  assert.equal(readFileSync(join(base, 'dist/tmf-specs/generated/x.json'), 'utf8'), '{"a":1}');
  assert.equal(existsSync(join(base, 'dist/libs/a')), false);
});

test('a stack shows the line of the source', (t) => {
  const base = checkout(t, {
    'apps/a/src/main.ts': `interface A {\n  a: string;\n}\nconst fail = (_: A): never => {\n  throw new Error('here');\n};\nfail({ a: '' });\n`,
  });
  build({ base });
  assert.throws(
    () => run(base, 'apps/a/src/main.js'),
    ({ stderr }) => /apps\/a\/src\/main\.ts:5/.test(stderr),
  );
});
