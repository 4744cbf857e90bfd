import { spawn } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/**
 * Runs a command to its end, never through a shell.
 * Gives `{ code, stdout, stderr }`; code is -1 when it could not start, -2 when the time limit (ms) ended it.
 */
export const exec = (command, args, { timeout, ...options } = {}) =>
  new Promise((done) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options });
    const output = { stdout: '', stderr: '' };
    let timedOut = false;
    for (const name of ['stdout', 'stderr']) {
      child[name]?.setEncoding('utf8').on('data', (text) => (output[name] += text));
    }
    const timer =
      timeout === undefined
        ? undefined
        : setTimeout(() => {
            timedOut = true;
            child.kill('SIGKILL');
          }, timeout);
    const end = (code) => {
      clearTimeout(timer);
      done({ code: timedOut ? -2 : code, ...output });
    };
    child.on('error', (error) => {
      output.stderr += error.message;
      end(-1);
    });
    child.on('close', (code) => end(code ?? -1));
  });

const isExecutable = (file) => {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
};

/** The first executable of that name on PATH, or undefined. */
export const onPath = (name, env = process.env) => {
  const suffixes = process.platform === 'win32' ? ['.exe', '.cmd'] : [''];
  return (env.PATH ?? '')
    .split(delimiter)
    .filter((folder) => folder !== '')
    .flatMap((folder) => suffixes.map((suffix) => join(folder, name + suffix)))
    .find(isExecutable);
};

/** The last lines of a text that say something, for an error message. */
export const lastLines = (text, count = 3) =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .slice(-count)
    .join(' ');
