import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { productVersion } from './product-version';

describe('the version of the product', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'qb-version-'));
  const inside = path.join(folder, 'app/dist/libs');
  mkdirSync(inside, { recursive: true });
  afterAll(() => rmSync(folder, { recursive: true }));

  it.each([
    ['{"name":"quotebridge","version":"1.2.3-rc.1"}', '1.2.3-rc.1'],
    ['{"name":"quotebridge"}', 'unknown'],
    ['[]', 'unknown'],
  ])('of the package.json %s above the code is %s', (content, version) => {
    writeFileSync(path.join(folder, 'app/package.json'), content);
    expect(productVersion(inside)).toBe(version);
  });

  it('is the one of the checkout when code runs out of it, and unknown where nothing says it', () => {
    expect(productVersion()).toMatch(/^\d+\.\d+\.\d+/);
    expect(productVersion(path.parse(folder).root)).toBe('unknown');
  });
});
