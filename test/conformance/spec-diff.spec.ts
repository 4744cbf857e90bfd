import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';

// The official contracts are not ours to ship. TMF_SPEC_DIFF names the tool that compares a document with them; without
// it the place beside the repository is tried.
const root = join(__dirname, '..', '..');
const tool = resolve(root, process.env['TMF_SPEC_DIFF'] ?? '../shared/tmf/tools/spec-diff.mjs');
const available = existsSync(tool);
const onlyThere = available ? describe : describe.skip;

const BOTH = ['TMF620', 'TMF622', 'TMF629', 'TMF632', 'TMF637', 'TMF648', 'TMF669'];
// There is no contract of TMF699 v5 to compare with.
const APIS = [
  ...BOTH.flatMap((api) => [
    [api, 'v4'],
    [api, 'v5'],
  ]),
  ['TMF699', 'v4'],
];

onlyThere(
  `the official contracts${available ? '' : ' (skipped: set TMF_SPEC_DIFF to the comparison tool)'}`,
  () => {
    test.each(APIS)('%s %s: nothing is missing, nothing is stated differently', (api = '', version = '') => {
      const doc = join(root, 'tmf-specs', 'generated', `${api}-${version}.json`);
      const run = spawnSync(process.execPath, [tool, '--api', api, '--version', version, '--doc', doc], {
        encoding: 'utf8',
      });
      const summary = run.stdout.trim().split('\n').at(-1) ?? '';
      expect(summary).toMatch(/^0 missing, 0 mismatched of [1-9]\d* facts$/);
      expect(run.status).toBe(0);
    });
  },
);
