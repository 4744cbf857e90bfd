import { setTimeout as sleep } from 'node:timers/promises';
import type { KubeClient } from '@quotebridge/kubernetes/client';
import { K } from './objects';

/** Feels for how long a machine and its API server stand still: what they do not do then says nothing of who waits. */
export interface Pulse {
  /** Milliseconds that were lost since it was started; ends it. */
  stop(): Promise<number>;
}

const EVERY_MS = 100;
/** A beat and its write take no longer where nothing stands still. */
const BEAT_MS = EVERY_MS + 150;

/** Writes an object of that namespace again and again, so that a disk that stalls is felt as well as a busy processor. */
export const startPulse = async (admin: KubeClient, namespace: string): Promise<Pulse> => {
  const metadata = { name: 'pulse', namespace };
  await admin.apply(K.configMap, { apiVersion: 'v1', kind: 'ConfigMap', metadata });
  let isOver = false;
  const beat = async (): Promise<number> => {
    let lost = 0;
    for (let n = 0; !isOver; n += 1) {
      const begin = performance.now();
      await sleep(EVERY_MS);
      await admin.patch(K.configMap, namespace, metadata.name, { data: { beat: String(n) } });
      lost += Math.max(0, performance.now() - begin - BEAT_MS);
    }
    return lost;
  };
  const beating = beat();
  // Whoever ends it hears of it.
  beating.catch(() => undefined);
  return {
    stop: () => {
      isOver = true;
      return beating;
    },
  };
};
