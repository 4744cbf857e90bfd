import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './paths.mjs';
import { SetupError } from './say.mjs';
import { filesBelow } from './sources.mjs';
import { clusterPrograms } from '../cluster/build.mjs';
import { forTests } from '../cluster/programs.mjs';
import { countCheck, countJest, countNodeTests, jestFailures } from './test-counts.mjs';

const bin = (path) => join(root, 'node_modules', path);

const check = (name, file, ...args) => ({
  name,
  args: [file, ...args],
  count: ({ code }) => countCheck(code),
});

// The same commit gives the same result: property tests take their cases from this seed (test/support/properties.ts).
const SEED = '20261121';

const jest = (name, logs) => {
  const report = join(logs, `${name}.json`);
  const text = () => (existsSync(report) ? readFileSync(report, 'utf8') : '');
  return {
    name,
    args: [
      bin('jest/bin/jest.js'),
      ...['--selectProjects', name, '--runInBand', '--json', `--outputFile=${report}`],
      ...['--passWithNoTests', `--seed=${SEED}`],
    ],
    count: ({ code }) => countJest(text(), code),
    failures: () => jestFailures(text()),
  };
};

const toolTests = () => ({
  name: 'tools',
  args: [
    ...['--test', '--test-reporter=tap'],
    ...filesBelow(['tools'])
      .filter((path) => path.endsWith('.spec.mjs'))
      .map((path) => join(root, path)),
  ],
  count: ({ code, stdout }) => countNodeTests(stdout, code),
});

/** A first build of the API server may take this long; what was compiled until then is not compiled again. */
const BUILD_WITHIN = 12 * 60_000;

// Needs an API server: a cluster that is given, or one that is built once with Go. Where neither is, it is skipped.
const clusterTests = (logs) => ({
  ...jest('cluster', logs),
  whyNot: async () => {
    try {
      await clusterPrograms(process.env, { within: BUILD_WITHIN, names: forTests });
      return undefined;
    } catch (error) {
      if (error instanceof SetupError) return error.message;
      throw error;
    }
  },
});

/**
 * The steps of `npm test` in rounds; inside a round the lanes run beside one another, a lane's steps in turn.
 * Checks need a core and little else, so they run beside the unit tests; what measures time runs alone.
 */
export const roundsOf = (logs) => [
  [
    [
      check('types', bin('typescript/bin/tsc'), '-p', 'tsconfig.json', '--noEmit'),
      check('lint', bin('eslint/bin/eslint.js'), '.', '--max-warnings', '0'),
      check('format', bin('prettier/bin/prettier.cjs'), '--check', '--log-level', 'warn', '.'),
      check('circular imports', join(root, 'tools/check-circular.mjs')),
      check('dead code', bin('knip/bin/knip.js'), '--no-progress'),
      check('generated files', join(root, 'tools/generate.mjs'), '--check'),
      check('lock file', join(root, 'tools/check-lock.mjs')),
      toolTests(),
    ],
    [jest('unit', logs)],
  ],
  [[jest('e2e', logs), jest('conformance', logs), jest('chaos', logs)]],
  [[clusterTests(logs)]],
];

/** The rounds with only the steps of those names; all of them when no name is given. */
export const pick = (rounds, names) =>
  names.length === 0
    ? rounds
    : rounds.map((lanes) => lanes.map((lane) => lane.filter(({ name }) => names.includes(name))));
