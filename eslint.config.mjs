import nx from '@nx/eslint-plugin';
import prettier from 'eslint-config-prettier';
import tseslint from 'typescript-eslint';
import { depConstraints } from './tools/lib/boundaries.mjs';
import { cacheProjectGraph } from './tools/lib/project-graph.mjs';

await cacheProjectGraph();

const CODE = ['apps/**/*.ts', 'libs/**/*.ts', 'tmf-specs/**/*.ts', 'test/**/*.ts'];
const TESTS = ['**/*.spec.ts', '**/*.e2e-spec.ts', 'test/**/*.ts', '**/testing/**/*.ts'];
/** The edges of the system: only here is the environment of the process read. */
const EDGES = [
  'apps/*/src/main.ts',
  'libs/platform/instrumentation/src/index.ts',
  'test/**/*.ts',
  '**/*.spec.ts',
];

const boundaries = (...allow) => ({
  enforceBuildableLibDependency: false,
  depConstraints: depConstraints(),
  allow,
});

export default tseslint.config(
  { ignores: ['**/node_modules/', '**/dist/', '.nx/', '.quotebridge/', 'coverage/', 'tmf-specs/generated/'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error', noInlineConfig: true } },
  {
    files: CODE,
    extends: [...tseslint.configs.recommended, prettier],
    plugins: { '@nx': nx },
    languageOptions: {
      parserOptions: { project: ['./tsconfig.json'], tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      '@nx/enforce-module-boundaries': ['error', boundaries()],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/ban-ts-comment': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/return-await': ['error', 'error-handling-correctness-only'],
      '@typescript-eslint/only-throw-error': 'error',
      '@typescript-eslint/prefer-promise-reject-errors': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/no-unnecessary-type-assertion': 'error',
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/no-implied-eval': 'error',
      eqeqeq: ['error', 'always'],
      'no-console': 'error',
      'no-param-reassign': 'error',
      'no-return-assign': 'error',
      'prefer-const': 'error',
      'no-restricted-properties': [
        'error',
        {
          object: 'process',
          property: 'env',
          message: 'Read settings with @quotebridge/platform/config in main.ts.',
        },
      ],
      'no-restricted-syntax': [
        'error',
        { selector: 'ExportDefaultDeclaration', message: 'Named exports only.' },
        { selector: 'TSEnumDeclaration', message: 'A union of string literals says the same without code.' },
      ],
      'no-restricted-imports': [
        'error',
        {
          patterns: [{ group: ['@quotebridge/*/*/*'], message: 'A lib is imported by its index only.' }],
        },
      ],
    },
  },
  { files: EDGES, rules: { 'no-restricted-properties': 'off' } },
  {
    // What helps tests only stands beside the tests: it is in no index.
    files: TESTS,
    rules: {
      '@nx/enforce-module-boundaries': ['error', boundaries('/testing(/|$)', '/test/(.+/)?support(/|$)')],
    },
  },
  { files: [...TESTS, 'apps/standalone/**/*.ts'], rules: { 'no-console': 'off' } },
  {
    files: ['**/*.mjs', '**/*.cjs', '**/*.js'],
    extends: [prettier],
    languageOptions: { ecmaVersion: 2024 },
    rules: {
      eqeqeq: ['error', 'always'],
      'no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      'no-const-assign': 'error',
      'no-dupe-keys': 'error',
      'no-unreachable': 'error',
      'prefer-const': 'error',
    },
  },
);
