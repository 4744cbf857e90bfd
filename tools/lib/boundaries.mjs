import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './paths.mjs';
import { filesBelow } from './sources.mjs';

// Small words such as Result, Json and Clock: no database, no network, no framework.
const CORE = 'scope:platform-core';

// Which kinds of projects a kind may import, by the `tags` of each project.json (DESIGN.md, "Layout").
const ALLOWED = {
  'type:app': [
    'type:component',
    'type:connector',
    'type:connector-sdk',
    'type:connector-runtime',
    'type:connector-list',
    'type:kubernetes',
    'type:sandbox',
    'type:sandbox-core',
    'type:cpq',
    'type:tmf',
    'type:platform',
  ],
  'type:connector': ['type:connector-sdk', 'type:platform'],
  'type:connector-sdk': ['type:platform'],
  'type:connector-runtime': ['type:connector-sdk', 'type:platform'],
  'type:connector-list': ['type:connector', 'type:connector-sdk'],
  'type:kubernetes': ['type:kubernetes', 'type:connector-sdk', 'type:platform'],
  'type:sandbox': ['type:sandbox-core', CORE],
  'type:sandbox-core': [CORE],
  'type:cpq': ['type:cpq', CORE],
  'type:tmf': ['type:tmf', 'type:platform'],
  'type:platform': ['type:platform'],
};

const componentScopes = () =>
  filesBelow(['libs/components'])
    .filter((path) => path.endsWith('/project.json'))
    .flatMap((path) => JSON.parse(readFileSync(join(root, path), 'utf8')).tags)
    .filter((tag) => tag.startsWith('scope:'));

/**
 * The constraints of `@nx/enforce-module-boundaries`. A component gets one of its own, because it may import
 * everything below it and the projects of its own scope, but no other component.
 */
export const depConstraints = () => [
  ...Object.entries(ALLOWED).map(([sourceTag, tags]) => ({ sourceTag, onlyDependOnLibsWithTags: tags })),
  ...[...new Set(componentScopes())].map((scope) => ({
    allSourceTags: ['type:component', scope],
    onlyDependOnLibsWithTags: [scope, 'type:cpq', 'type:tmf', 'type:platform'],
  })),
];
