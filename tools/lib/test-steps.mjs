import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './paths.mjs';
import { SetupError } from './say.mjs';
import { filesBelow } from './sources.mjs';
import { clusterPrograms } from '../cluster/build.mjs';
import { foreignDefinitions } from '../cluster/foreign-definitions.mjs';
import { whyNoNode } from '../cluster/node/possible.mjs';
import { forTests, node, onGiven } from '../cluster/programs.mjs';
import {
  countCheck,
  countJest,
  countNodeTests,
  jestFailures,
  jestProofs,
  jestSkips,
} from './test-counts.mjs';

const bin = (path) => join(root, 'node_modules', path);

const check = (name, file, ...args) => ({
  name,
  args: [file, ...args],
  count: ({ code }) => countCheck(code),
});

// The same commit gives the same result: property tests take their cases from this seed (test/support/properties.ts).
const SEED = '20261121';

const jest = (project, logs, { name = project, options = [], servers = false, tells = false } = {}) => {
  const report = join(logs, `${name.replaceAll(' ', '-')}.json`);
  const text = () => (existsSync(report) ? readFileSync(report, 'utf8') : '');
  return {
    name,
    group: project,
    servers,
    // The images of pods are larger than what memory should hold.
    inScratch: project !== 'pods',
    args: [
      bin('jest/bin/jest.js'),
      ...['--selectProjects', project, '--runInBand', '--json', `--outputFile=${report}`],
      ...['--passWithNoTests', `--seed=${SEED}`, ...options],
    ],
    count: ({ code }) => countJest(text(), code),
    failures: () => jestFailures(text()),
    proofs: () => [...(tells ? jestProofs(text()) : []), ...jestSkips(text())],
  };
};

/**
 * The tests of a project in as many steps. Jest keeps what it loaded until it ends: in parts, it stays small, and parts can
 * run beside one another; the smaller they are, the less one lane waits for another in the end.
 */
const parts = (project, count, logs, how = {}) =>
  Array.from({ length: count }, (_, index) =>
    jest(project, logs, {
      ...how,
      name: `${project} ${index + 1} of ${count}`,
      options: [`--shard=${index + 1}/${count}`],
    }),
  );

const nodeTests = (name, files) => ({
  name,
  args: ['--test', '--test-reporter=tap', ...files.map((path) => join(root, path))],
  count: ({ code, stdout }) => countNodeTests(stdout, code),
});

const toolTests = () =>
  nodeTests(
    'tools',
    filesBelow(['tools']).filter((path) => path.endsWith('.spec.mjs')),
  );

/** A first build of the API server may take this long; what was compiled until then is not compiled again. */
const BUILD_WITHIN = 15 * 60_000;

const whyNot = async (prepare) => {
  try {
    await prepare();
    return undefined;
  } catch (error) {
    if (error instanceof SetupError) return error.message;
    throw error;
  }
};

const whyNotBuilt = (names) => whyNot(() => clusterPrograms(process.env, { within: BUILD_WITHIN, names }));

// Needs an API server: a cluster that is given, or one that is built once with Go. Where neither is, it is skipped.
const clusterTests = (logs) => ({
  ...jest('cluster', logs, { tells: true }),
  whyNot: async () => {
    // Loaded only here: it reads YAML.
    const { givenCluster } = await import('../cluster/given.mjs');
    let given;
    const unusable = await whyNot(async () => (given = await givenCluster()));
    if (unusable !== undefined) return unusable;
    const names = given === undefined ? forTests : onGiven;
    return (await whyNotBuilt(names)) ?? whyNot(() => foreignDefinitions());
  },
});

// Needs a node of its own, with the images of this checkout, and rights that not every machine gives.
const podTests = (logs) => ({
  ...jest('pods', logs, { tells: true }),
  whyNot: async () => {
    const why = await whyNoNode();
    if (why !== undefined) return `No node can run pods here: ${why}.`;
    const unbuilt = await whyNotBuilt([...new Set([...forTests, ...node])]);
    if (unbuilt !== undefined) return unbuilt;
    // Loaded only here: it knows how to make images.
    const { whyNoNodeComesUp } = await import('../cluster/node/trial.mjs');
    return whyNoNodeComesUp();
  },
});

// Builds the Dockerfile with an engine out of Debian's packages, which wants rights that not every machine gives.
const dockerfileTests = () => ({
  ...nodeTests('dockerfile', ['tools/images/dockerfile.engine-spec.mjs']),
  inScratch: true,
  whyNot: async () => {
    const { whyNoBuilder } = await import('../images/builder-trial.mjs');
    return whyNoBuilder();
  },
});

/**
 * The steps of `npm test` in rounds. The lanes of a round run beside one another; each takes the next step when it is free,
 * so those that take long stand first. Tests wait a lot, so there are three lanes for two cores. A node and an API server share nothing: each has ports, or a network, of its own.
 * Steps that use `servers` get those of their lane; those `inScratch` have their temporary files beside the servers' data where these are in memory.
 */
export const roundsOf = (logs) => [
  {
    lanes: 3,
    steps: [
      ...parts('unit', 2, logs),
      check('types', bin('typescript/bin/tsc'), '-p', 'tsconfig.json', '--noEmit'),
      check('lint', bin('eslint/bin/eslint.js'), '.', '--max-warnings', '0'),
      check('format', bin('prettier/bin/prettier.cjs'), '--check', '--log-level', 'warn', '.'),
      check('circular imports', join(root, 'tools/check-circular.mjs')),
      check('dead code', bin('knip/bin/knip.js'), '--no-progress'),
      check('generated files', join(root, 'tools/generate.mjs'), '--check'),
      check('lock file', join(root, 'tools/check-lock.mjs')),
      toolTests(),
    ],
  },
  {
    lanes: 3,
    steps: [
      jest('chaos', logs),
      ...parts('e2e', 10, logs, { servers: true }),
      jest('conformance', logs, { servers: true }),
    ],
  },
  // Each of them in one step: in parts and three lanes they took longer, since both cores are busy already.
  { lanes: 2, steps: [clusterTests(logs), podTests(logs), dockerfileTests()] },
];

/** What runs only when it is asked for by name. */
const ON_REQUEST = ['cluster', 'pods', 'dockerfile'];

const isAsked = ({ name, group = name }, names) =>
  names.length === 0 ? !ON_REQUEST.includes(group) : names.includes(name) || names.includes(group);

/** The rounds with only the steps of those names, or of all parts of a test of that name; when no name is given, of `npm test`. */
export const pick = (rounds, names) =>
  rounds.map(({ lanes, steps }) => ({ lanes, steps: steps.filter((step) => isAsked(step, names)) }));
