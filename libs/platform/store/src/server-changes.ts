import type { mongo } from 'mongoose';

const processOf = ({ type, topologyVersion }: mongo.ServerDescription): string =>
  `${type} ${topologyVersion?.processId.toHexString() ?? ''}`;

/**
 * Counts how often another server process may have begun to answer: a restart, another primary, a connection that
 * was lost. What was learnt of the process before counts no more.
 */
export const serverChangesOf = (client: mongo.MongoClient): (() => number) => {
  let changes = 0;
  client.on('serverDescriptionChanged', ({ previousDescription, newDescription }) => {
    if (processOf(previousDescription) !== processOf(newDescription)) changes += 1;
  });
  return () => changes;
};
