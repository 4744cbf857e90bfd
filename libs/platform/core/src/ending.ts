/**
 * Ends the process by SIGTERM or SIGINT, with 0: in order once the function that is given back has been told how, until
 * then at once. (The first process of a container that listens to no signal is not ended by one, so it must not wait
 * until it has started.) An end that fails is told, and its code is 1.
 */
export const endOnSignal = (failed: (thrown: unknown) => void): ((stop: () => Promise<unknown>) => void) => {
  let known: (() => Promise<unknown>) | undefined;
  let ending = false;
  const end = (): void => {
    if (ending) return;
    ending = true;
    if (known === undefined) return process.exit(0);
    known().then(
      () => process.exit(0),
      (thrown: unknown) => {
        failed(thrown);
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', end);
  process.on('SIGINT', end);
  return (stop) => {
    known = stop;
  };
};
