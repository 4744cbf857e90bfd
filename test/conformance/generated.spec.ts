import { execFileSync, spawnSync } from 'node:child_process';
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const TOOL = join(__dirname, '..', '..', 'tools', 'generate.mjs');

const generate = (...args: string[]): { status: number | null; stdout: string; stderr: string } =>
  spawnSync(process.execPath, [TOOL, ...args], { encoding: 'utf8' });

test('the committed documents and types are what the models say', () => {
  const { status, stderr } = generate('--check');
  expect(stderr).toBe('');
  expect(status).toBe(0);
});

test('a file that was changed, lost or added by hand is named', () => {
  const folder = mkdtempSync(join(tmpdir(), 'generated-'));
  try {
    execFileSync(process.execPath, [TOOL, '--into', folder]);
    appendFileSync(join(folder, 'TMF620-v4.json'), ' ');
    rmSync(join(folder, 'types', 'tmf622.ts'));
    writeFileSync(join(folder, 'TMF999-v4.json'), '{}');
    const { status, stderr } = generate('--check', '--into', folder);
    expect(status).toBe(1);
    expect(stderr.split('\n').slice(1, -1)).toEqual([
      '  TMF620-v4.json differs from the models',
      `  ${join('types', 'tmf622.ts')} is missing`,
      '  TMF999-v4.json belongs to no model',
    ]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
