import { mongo } from 'mongoose';

/** Server states that pass: stepping down, shutting down, not (yet) primary. Reads carry no label for them. */
const PASSING = new Set([91, 189, 10107, 11600, 11602, 13435, 13436]);

const LABELS = ['TransientTransactionError', 'RetryableWriteError', 'UnknownTransactionCommitResult'];

const UNREACHABLE = /^Mongo(ose)?(Network|ServerSelection|PoolCleared|NotConnected|TopologyClosed|WaitQueue)/;

/** Fields that only a lost connection, a server not found or a pool without a connection leave in an error. */
const FIELDS_OF_UNREACHABLE = ['beforeHandshake', 'reason', 'address'];

const isPassing = (code: unknown): boolean => typeof code === 'number' && PASSING.has(code);

/**
 * What ended a bulk operation comes in an error class of its own, which takes over the fields of the cause and
 * neither its name nor its labels.
 */
const isBulkCutOff = (thrown: Error): boolean =>
  thrown instanceof mongo.MongoBulkWriteError &&
  (FIELDS_OF_UNREACHABLE.some((field) => field in thrown) ||
    isPassing(thrown.result.getWriteConcernError()?.code));

/** True for failures that pass when the server is back: worth a retry, never a verdict on the data. */
export const isTransientStoreError = (thrown: unknown): boolean => {
  if (!(thrown instanceof Error)) return false;
  if (UNREACHABLE.test(thrown.name) || isBulkCutOff(thrown)) return true;
  if ('code' in thrown && isPassing(thrown.code)) return true;
  const labels: readonly unknown[] =
    'errorLabels' in thrown && Array.isArray(thrown.errorLabels) ? thrown.errorLabels : [];
  return labels.some((label) => LABELS.includes(String(label)));
};
