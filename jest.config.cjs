// One config, six projects: the folder and the suffix say the level of a test.
// One pattern for all libs: jest tries each pattern on each import, those of packages included.
const moduleNameMapper = {
  '^@quotebridge/tmf-specs$': '<rootDir>/tmf-specs/src/index.ts',
  '^@quotebridge/(.+)$': '<rootDir>/libs/$1/src/index.ts',
};

const project = (displayName, testMatch) => ({
  setupFilesAfterEnv: ['<rootDir>/test/support/properties.ts', '<rootDir>/test/support/timeouts.ts'],
  displayName,
  rootDir: __dirname,
  testMatch,
  testEnvironment: 'node',
  moduleNameMapper,
  transform: { '^.+\\.ts$': ['@swc/jest', require('./tools/swc-options.cjs')] },
  modulePathIgnorePatterns: ['<rootDir>/dist/'],
  // Beside the sources, because the folder for temporary files is another one for each run of npm test.
  cacheDirectory: '<rootDir>/node_modules/.cache/jest',
});

module.exports = {
  projects: [
    project('unit', [
      '<rootDir>/libs/**/*.spec.ts',
      '<rootDir>/apps/**/*.spec.ts',
      '<rootDir>/tmf-specs/**/*.spec.ts',
    ]),
    project('e2e', ['<rootDir>/test/e2e/**/*.e2e-spec.ts']),
    project('conformance', ['<rootDir>/test/conformance/**/*.spec.ts']),
    project('chaos', ['<rootDir>/test/chaos/**/*.spec.ts']),
    project('cluster', ['<rootDir>/test/cluster/*.cluster-spec.ts']),
    project('pods', ['<rootDir>/test/cluster/pods/*.cluster-spec.ts']),
  ],
};
