import { createHash } from 'node:crypto';
import type { BusinessOrder } from './business-order';

/** A text that stands for all that was ordered, so that a repeat is told from another order. */
export const digestOf = (order: BusinessOrder): string =>
  createHash('sha256').update(JSON.stringify(order)).digest('base64url');
