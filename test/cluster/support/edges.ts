import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import type { KubeObject } from '@quotebridge/kubernetes/client';

/** Longer than any answer takes; a policy refuses at once. */
const SILENT_AFTER = 20_000;

// Runs in the network of a pod: connects to each address and tells what came of it. A policy says "prohibited"
// (EHOSTUNREACH), which is not what a port says where nobody listens.
const KNOCK = `
const { connect } = require('node:net');
const knock = (address) => new Promise((done) => {
  const [host, port] = address.split(':');
  const socket = connect({ host, port: Number(port) });
  const end = (outcome) => { socket.destroy(); done(outcome); };
  socket.on('connect', () => end('open'));
  socket.on('error', ({ code }) => end(code === 'EHOSTUNREACH' ? 'prohibited' : code));
  socket.setTimeout(${SILENT_AFTER}, () => end('silent'));
});
Promise.all(process.argv.slice(1).map(knock)).then((all) => console.log(JSON.stringify(all)));
`;

/** A process of this machine that runs in a pod: its control group has the name of the pod in it. */
const processOf = ({ metadata }: KubeObject): string => {
  const isOwn = (pid: string): boolean => {
    try {
      return readFileSync(`/proc/${pid}/cgroup`, 'utf8').includes(`pod${metadata.uid ?? '?'}`);
    } catch {
      return false; // It has ended meanwhile.
    }
  };
  const found = readdirSync('/proc').find((name) => /^\d+$/.test(name) && isOwn(name));
  if (found === undefined) throw new Error(`No process of the pod ${metadata.name} runs`);
  return found;
};

const knockFrom = async (pod: KubeObject, addresses: readonly string[]): Promise<readonly string[]> => {
  const args = ['-t', processOf(pod), '-n', process.execPath, '-e', KNOCK, ...addresses];
  return JSON.parse((await promisify(execFile)('nsenter', args)).stdout) as string[];
};

/**
 * Which of the `targets` (name → IP:PORT) each pod may connect with, by the name of the pod. What nobody answers counts as
 * open: nothing has forbidden it.
 */
export const edgesOf = async (
  pods: Readonly<Record<string, KubeObject>>,
  targets: Readonly<Record<string, string>>,
): Promise<Readonly<Record<string, readonly string[]>>> => {
  const names = Object.keys(targets);
  const edgesFrom = async ([source, pod]: [string, KubeObject]): Promise<[string, readonly string[]]> => {
    const outcomes = await knockFrom(pod, Object.values(targets));
    // To itself everybody may speak, and by loopback.
    return [source, names.filter((name, i) => outcomes[i] !== 'prohibited' && name.split(':')[0] !== source)];
  };
  return Object.fromEntries(await Promise.all(Object.entries(pods).map(edgesFrom)));
};
