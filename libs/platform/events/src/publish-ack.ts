import { isJsonObject } from '@quotebridge/platform/core';

/** What comes back for a message that was sent to JetStream. */
export interface PublishAnswer {
  readonly headers?: { readonly code: number } | undefined;
  string(): string;
}

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** Why the broker did not store a message; undefined when it did, now or before (a second copy). */
export const faultIn = (answer: PublishAnswer): string | undefined => {
  if (answer.headers?.code === 503) return 'no stream takes it: is JetStream on?';
  const said = parsed(answer.string());
  if (!isJsonObject(said)) return 'it answered what is no acknowledgement';
  const { error, stream } = said;
  if (isJsonObject(error)) return String(error['description'] ?? 'it did not say why');
  return typeof stream === 'string' && stream !== '' ? undefined : 'it answered without the name of a stream';
};
