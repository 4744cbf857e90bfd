import type { Cursor } from '../cursor';
import type { Checkpoints } from '../ports';
import type { StoresContext } from './context';

const COLLECTION = 'connector_checkpoints';

interface CheckpointDocument {
  _id: string;
  at?: string;
  id?: string;
  token?: string;
  mustCompare?: boolean;
}

/** Checkpoints in MongoDB. */
export const mongoCheckpoints = ({ store, key }: StoresContext): Checkpoints => {
  const checkpoints = store.collection<CheckpointDocument>(COLLECTION);
  return {
    load: async (stream) => {
      const found = await checkpoints.findOne({ _id: key(stream) });
      if (found?.at === undefined || found.id === undefined) return undefined;
      const { at, id, token } = found;
      return token === undefined ? { at, id } : { at, id, token };
    },
    save: async (stream, { at, id, token }: Cursor) => {
      const change =
        token === undefined
          ? { $set: { at, id }, $unset: { token: true as const } }
          : { $set: { at, id, token } };
      await checkpoints.updateOne({ _id: key(stream) }, change, { upsert: true });
    },
    mustCompare: async (stream) => (await checkpoints.findOne({ _id: key(stream) }))?.mustCompare === true,
    setMustCompare: async (stream, must) => {
      await checkpoints.updateOne({ _id: key(stream) }, { $set: { mustCompare: must } }, { upsert: true });
    },
  };
};
