// What jest does with TypeScript: a module that a file imports is loaded when something of it is used for the first time.
const swc = require('@swc/jest');
const swcCore = require('@swc/core');
const SPECIFIER = /\bfrom\s+'([^']+)'/g;
const createTransformer = (options) => {
  const inner = swc.createTransformer(options);
  return {
    ...inner,
    process: (source, filename, jest) => {
      const lazy = [...new Set([...source.matchAll(SPECIFIER)].map(([, s]) => s))];
      const base = { ...options, jsc: { ...options.jsc, transform: { ...options.jsc.transform, hidden: { jest: true } } } };
      return swcCore.transformSync(source, { ...base, module: { type: 'commonjs', lazy }, filename });
    },
  };
};
module.exports = { createTransformer, ...createTransformer };
