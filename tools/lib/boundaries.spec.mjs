import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ESLint } from 'eslint';
import { root } from './paths.mjs';

const RULE = '@nx/enforce-module-boundaries';
// The rule alone, without types: what is asked here are imports.
const eslint = new ESLint({
  cwd: root,
  overrideConfig: {
    files: ['**/*.ts'],
    languageOptions: { parserOptions: { project: null } },
  },
  ruleFilter: ({ ruleId }) => ruleId === RULE,
});

const verdict = async (from, alias) => {
  const [result] = await eslint.lintText(`import { x } from '${alias}';\nx();\n`, {
    filePath: join(root, from),
  });
  assert.equal(result.fatalErrorCount, 0, JSON.stringify(result.messages));
  return result.messages.length === 0 ? 'allowed' : 'refused';
};

const cases = [
  ['allowed', 'apps/standalone/src/main.ts', '@quotebridge/components/quote'],
  ['allowed', 'apps/standalone/src/main.ts', '@quotebridge/connectors/s4hana'],
  ['allowed', 'apps/standalone/src/main.ts', '@quotebridge/sandbox/s4hana'],
  ['allowed', 'libs/components/quote/src/index.ts', '@quotebridge/cpq/pricing'],
  ['allowed', 'libs/components/quote/src/index.ts', '@quotebridge/tmf/query'],
  ['allowed', 'libs/components/quote/src/index.ts', '@quotebridge/platform/events'],
  ['refused', 'libs/components/quote/src/index.ts', '@quotebridge/components/product-order'],
  ['refused', 'libs/components/quote/src/index.ts', '@quotebridge/connectors/sdk'],
  ['refused', 'libs/components/quote/src/index.ts', '@quotebridge/sandbox/core'],
  ['allowed', 'libs/connectors/s4hana/src/index.ts', '@quotebridge/connectors/sdk'],
  ['allowed', 'libs/connectors/s4hana/src/index.ts', '@quotebridge/platform/resilience'],
  ['refused', 'libs/connectors/s4hana/src/index.ts', '@quotebridge/connectors/salesforce'],
  ['refused', 'libs/connectors/s4hana/src/index.ts', '@quotebridge/tmf/query'],
  ['refused', 'libs/connectors/s4hana/src/index.ts', '@quotebridge/components/quote'],
  ['allowed', 'libs/components/quote/src/x.spec.ts', '../../../tmf/versions/src/testing/laws'],
  ['refused', 'libs/components/quote/src/index.ts', '../../../tmf/versions/src/testing/laws'],
  ['refused', 'libs/components/quote/src/x.spec.ts', '../../../tmf/versions/src/index'],
  ['refused', 'libs/connectors/sdk/src/index.ts', '@quotebridge/connectors/s4hana'],
  ['allowed', 'libs/connectors/runtime/src/index.ts', '@quotebridge/connectors/sdk'],
  ['refused', 'libs/connectors/runtime/src/index.ts', '@quotebridge/connectors/s4hana'],
  ['refused', 'libs/connectors/s4hana/src/index.ts', '@quotebridge/connectors/runtime'],
  ['allowed', 'apps/standalone/src/main.ts', '@quotebridge/connectors/runtime'],
  ['allowed', 'libs/connectors/all/src/index.ts', '@quotebridge/connectors/s4hana'],
  ['refused', 'libs/connectors/s4hana/src/index.ts', '@quotebridge/connectors/all'],
  ['allowed', 'apps/standalone/src/main.ts', '@quotebridge/kubernetes/operator'],
  ['allowed', 'libs/kubernetes/operator/src/index.ts', '@quotebridge/connectors/sdk'],
  ['refused', 'libs/kubernetes/operator/src/index.ts', '@quotebridge/connectors/all'],
  ['refused', 'libs/components/quote/src/index.ts', '@quotebridge/kubernetes/client'],
  ['refused', 'apps/standalone/src/main.ts', '../../connector/src/connectors'],
  ['allowed', 'libs/sandbox/s4hana/src/index.ts', '@quotebridge/sandbox/core'],
  ['refused', 'libs/sandbox/s4hana/src/index.ts', '@quotebridge/connectors/s4hana'],
  ['allowed', 'libs/sandbox/s4hana/src/index.ts', '@quotebridge/platform/core'],
  ['refused', 'libs/sandbox/s4hana/src/index.ts', '@quotebridge/platform/resilience'],
  ['allowed', 'libs/cpq/pricing/src/index.ts', '@quotebridge/platform/core'],
  ['refused', 'libs/cpq/pricing/src/index.ts', '@quotebridge/platform/store'],
  ['refused', 'libs/cpq/pricing/src/index.ts', '@quotebridge/tmf/query'],
  ['allowed', 'libs/tmf/query/src/index.ts', '@quotebridge/platform/core'],
  ['allowed', 'libs/tmf/query/src/index.ts', '@quotebridge/tmf-specs'],
  ['refused', 'libs/tmf/query/src/index.ts', '@quotebridge/components/quote'],
  ['refused', 'libs/platform/core/src/index.ts', '@quotebridge/tmf/query'],
];

for (const [expected, from, alias] of cases) {
  const skip = existsSync(join(root, from, '..')) ? false : 'the project has no code yet';
  test(`${from} importing ${alias} is ${expected}`, { skip }, async () => {
    assert.equal(await verdict(from, alias), expected);
  });
}
