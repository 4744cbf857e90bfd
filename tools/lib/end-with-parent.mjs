// Loaded before the app: ends it when `npm start` is gone, also after a SIGKILL. The channel closes then.
const DRAIN_MAY_TAKE = 15_000;

process.on('disconnect', () => {
  process.kill(process.pid, 'SIGTERM');
  setTimeout(() => process.exit(1), DRAIN_MAY_TAKE).unref();
});
process.channel?.unref();
