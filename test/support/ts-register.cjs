// Lets `node -r test/support/ts-register.cjs file.ts` run the sources as they are, for tests that need a process
// of their own: one in jest's sandbox can neither be killed nor load native ES modules.
const { readFileSync } = require('node:fs');
const Module = require('node:module');
const path = require('node:path');
const { transformSync } = require('@swc/core');

const root = path.resolve(__dirname, '../..');
const swcOptions = require(path.join(root, 'tools/swc-options.cjs'));
const { paths } = require(path.join(root, 'tsconfig.base.json')).compilerOptions;

const resolve = Module._resolveFilename;
Module._resolveFilename = function resolveAlias(request, ...rest) {
  const [target] = paths[request] ?? [];
  return resolve.call(this, target === undefined ? request : path.join(root, target), ...rest);
};
Module._extensions['.ts'] = (module, filename) => {
  const { code } = transformSync(readFileSync(filename, 'utf8'), {
    ...swcOptions,
    filename,
    sourceMaps: 'inline',
    configFile: false,
    swcrc: false,
  });
  module._compile(code, filename);
};
