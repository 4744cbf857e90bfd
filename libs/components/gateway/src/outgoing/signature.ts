import { createHmac } from 'node:crypto';

/**
 * Headers of a signed message: HMAC-SHA256 over `<seconds since the epoch>.<body>`. The receiver computes it anew, compares,
 * refuses old times, and takes each delivery id once.
 */
export const signedHeaders = (
  secret: string,
  { id, body, atMs }: { readonly id: string; readonly body: string; readonly atMs: number },
): Readonly<Record<string, string>> => {
  const timestamp = String(Math.floor(atMs / 1_000));
  const signature = createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex');
  return {
    'x-quotebridge-delivery': id,
    'x-quotebridge-timestamp': timestamp,
    'x-quotebridge-signature': `sha256=${signature}`,
  };
};
