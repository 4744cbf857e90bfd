import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { clusterAddress } from './address';

describe('clusterAddress', () => {
  it('outside of a pod and without an address the sentence says what to set', () => {
    expect(() => clusterAddress({})).toThrow('KUBE_API_URL is not set');
  });

  it('a token that was replaced in its file is used within a minute', () => {
    const file = join(mkdtempSync(join(tmpdir(), 'token-')), 'token');
    let now = 0;
    writeFileSync(file, 'first\n');
    const { token } = clusterAddress({ url: 'https://127.0.0.1:6443', tokenFile: file }, () => now);
    expect(token?.()).toBe('first');
    writeFileSync(file, 'second\n');
    now = 59_000;
    expect(token?.()).toBe('first');
    now = 60_000;
    expect(token?.()).toBe('second');
  });

  it('over plain http no token is sent', () => {
    expect(clusterAddress({ url: 'http://127.0.0.1:8001' })).toEqual({ url: 'http://127.0.0.1:8001' });
  });
});
