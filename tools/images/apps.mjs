import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { filesBelow } from '../lib/sources.mjs';

/** Apps that are one process on a machine of its own making, not a service to be run in a container. */
const NOT_CONTAINERS = new Set(['standalone']);

const COMPONENT = { env: { HOST: '0.0.0.0', PORT: '8080' }, ports: [8080] };

// Node.js 24 lets short-lived objects take three times as much as Node.js 20 does.
const SMALL_YOUNG_GENERATION = '--max-semi-space-size=8';

// A process of ours has a core or less: helpers would take turns with the thread that answers (ADR 0034), and what is marked step by
// step keeps what dies meanwhile (ADR 0041). Node.js takes these from the command line only, not from NODE_OPTIONS.
const COLLECTOR = ['--single-threaded-gc', '--no-incremental-marking'];

/** All that an image tells Node.js, for who runs an app as its image does. */
export const NODE_FLAGS = [SMALL_YOUNG_GENERATION, ...COLLECTOR];

// What differs from a component that listens on 8080.
const SPECIAL = {
  admin: { env: {}, ports: [] },
  connector: { env: { HOST: '0.0.0.0', PORT: '8090' }, ports: [8090] },
  sandbox: { env: { SANDBOX_HOST: '0.0.0.0' }, ports: [8022, 8443, 8444, 8445, 8446] },
};

const settingsOf = (app) => SPECIAL[app] ?? COMPONENT;

/** Names of the apps that become images. */
export const imageApps = (base) =>
  readdirSync(join(base, 'apps'))
    .filter((name) => existsSync(join(base, 'apps', name, 'src/main.ts')) && !NOT_CONTAINERS.has(name))
    .sort();

/** Where the compiled entry of an app is, below the folder `/app` of its image. */
export const entryOf = (app) => `dist/apps/${app}/src/main.js`;

/** The run configuration of an app's image (OCI image-spec, config.md). */
export const configOf = (app, { user, version }) => {
  const { env, ports } = settingsOf(app);
  const all = { PATH: '/usr/bin', NODE_ENV: 'production', NODE_OPTIONS: SMALL_YOUNG_GENERATION, ...env };
  return {
    User: user,
    ExposedPorts: Object.fromEntries(ports.map((port) => [`${port}/tcp`, {}])),
    Env: Object.entries(all).map(([name, value]) => `${name}=${value}`),
    Entrypoint: ['node', ...COLLECTOR, entryOf(app)],
    WorkingDir: '/app',
    Labels: {
      'org.opencontainers.image.title': `quotebridge/${app}`,
      'org.opencontainers.image.version': version,
      'org.opencontainers.image.licenses': 'Apache-2.0',
    },
  };
};

const compiled = (base, folders) =>
  filesBelow(
    folders.map((folder) => `dist/${folder}`),
    base,
  )
    .filter((path) => !path.endsWith('.map'))
    .map((path) => ({ path: `app/${path}`, type: 'file', from: join(base, path) }));

// The outside systems that sandboxes play are no part of a product.
const isSandbox = ({ path }) => path.startsWith('app/dist/libs/sandbox/');

/** What all apps share of the compiled code. */
export const sharedEntries = (base) =>
  compiled(base, ['libs', 'tmf-specs']).filter((entry) => !isSandbox(entry));

/** What tells the code of an image its version. */
export const releaseEntry = (version) => ({
  path: 'app/package.json',
  type: 'file',
  content: `${JSON.stringify({ name: 'quotebridge', version, private: true })}\n`,
});

/**
 * Starts an app where nothing but its files can differ from one app to the next: a Dockerfile sets the same variables and the same
 * command for all. The variables are defaults.
 */
export const starterEntry = (app) => ({
  path: 'app/main.js',
  type: 'file',
  content: `for (const [name, value] of Object.entries(${JSON.stringify(settingsOf(app).env)})) process.env[name] ??= value;
require(${JSON.stringify(`./${entryOf(app)}`)});
`,
});

/** What only one app has. */
export const appEntries = (base, app) => [
  ...compiled(base, [`apps/${app}`]),
  ...(app === 'sandbox' ? compiled(base, ['libs/sandbox']) : []),
];
