import type { Clock } from '@quotebridge/platform/core';
import { Lease, leaseHolders, type Store } from '@quotebridge/platform/store';
import type { ConnectorStores } from './ports';
import { mongoAliases } from './stores/aliases';
import { mongoBudget } from './stores/budget';
import { mongoCheckpoints } from './stores/checkpoints';
import { mongoConcerns } from './stores/concerns';
import type { StoresContext } from './stores/context';
import { mongoFingerprints } from './stores/fingerprints';
import { mongoJournal } from './stores/journal';
import { mongoNotes } from './stores/notes';
import { mongoQuarantine } from './stores/quarantine';
import { mongoRuns } from './stores/runs';

/** The stores of one instance in MongoDB. Instances may share a database: every key begins with the instance. */
export const mongoStores = async (store: Store, instance: string, clock: Clock): Promise<ConnectorStores> => {
  const context: StoresContext = {
    store,
    instance,
    clock,
    key: (...words) => [instance, ...words].join('/'),
  };
  const notes = await mongoNotes(context);
  return {
    checkpoints: mongoCheckpoints(context),
    runs: await mongoRuns(context),
    quarantine: await mongoQuarantine(context),
    fingerprints: await mongoFingerprints(context),
    journal: mongoJournal(context),
    notes,
    concerns: await mongoConcerns(context, notes),
    aliases: mongoAliases(context),
    ...mongoBudget(context),
    lease: (name, holder, ttlMs) => new Lease(store, { name: context.key(name), holder, ttlMs, clock }),
    leaseHolders: (beginning) => leaseHolders(store, context.key(beginning)),
  };
};
