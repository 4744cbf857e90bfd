// Runs `argv[3] argv[4]…` for as long as standard input stays open, with its process id in the file argv[2].
// When the input ends, because its owner asked for it or is gone, the server gets SIGTERM, and SIGKILL when it
// has not ended in time.
import { spawn } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';

const STOP_MAY_TAKE = 15_000;
const [pidFile, file, ...args] = process.argv.slice(2);
const server = spawn(file, args, { stdio: ['ignore', 'inherit', 'inherit'] });

const finish = (code) => {
  rmSync(pidFile, { force: true });
  process.exit(code);
};
server.on('error', (error) => {
  process.stderr.write(`${error.message}\n`);
  finish(127);
});
server.on('exit', (code, signal) => finish(code ?? (signal === 'SIGTERM' ? 0 : 1)));
if (server.pid !== undefined) writeFileSync(pidFile, String(server.pid));

const stop = () => {
  server.kill('SIGTERM');
  setTimeout(() => server.kill('SIGKILL'), STOP_MAY_TAKE).unref();
};
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, stop);
process.stdin.on('end', stop).on('error', stop).resume();
