import fc from 'fast-check';

// `npm test` gives jest a fixed seed, so that the same commit gives the same result; `npm run fuzz` searches on from
// a new seed. See CONTRIBUTING.md.
fc.configureGlobal({ seed: jest.getSeed() });
