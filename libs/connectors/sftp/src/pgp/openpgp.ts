import type * as OpenPgp from 'openpgp';

/** The library, loaded by the first who needs it: it is large, and most instances have nothing to do with it. */
export const openpgp = (): Promise<typeof OpenPgp> => import('openpgp');
