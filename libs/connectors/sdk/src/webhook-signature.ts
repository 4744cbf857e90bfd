import { createHmac, timingSafeEqual } from 'node:crypto';
import { err, instantOf, ok, type Result } from '@quotebridge/platform/core';

/** A signed message. */
export interface SignedMessage {
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: Buffer;
}

/** How messages are signed: HMAC-SHA256 with a shared secret. */
export interface WebhookSigning {
  readonly signatureHeader: string;
  /** Text before the signature. */
  readonly prefix: string;
  readonly encoding: 'hex' | 'base64';
  readonly timestampHeader: string;
  readonly timestampFormat: 'epochSeconds' | 'epochMillis' | 'iso';
  readonly idHeader: string;
  /** What is signed: `{timestamp}`, `{id}` and `{body}` stand for themselves. */
  readonly signed: string;
  /** How old or early a message may be. */
  readonly windowSeconds: number;
}

const headerOf = ({ headers }: SignedMessage, name: string): string | undefined => {
  const value = headers[name.toLowerCase()];
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
};

const timeOf = (text: string, format: WebhookSigning['timestampFormat']): number => {
  if (format === 'iso') return instantOf(text);
  if (!/^\d{1,15}$/.test(text)) return NaN;
  return format === 'epochSeconds' ? Number(text) * 1000 : Number(text);
};

/** What the signature is over: bytes, because the body need not be text. */
const signedBytes = (template: string, timestamp: string, id: string, body: Buffer): Buffer =>
  Buffer.concat(
    template
      .split(/(\{timestamp\}|\{id\}|\{body\})/)
      .map((part) =>
        part === '{body}'
          ? body
          : Buffer.from(part === '{timestamp}' ? timestamp : part === '{id}' ? id : part),
      ),
  );

const isSame = (given: string, expected: Buffer, encoding: 'hex' | 'base64'): boolean => {
  const bytes = Buffer.from(given, encoding);
  return bytes.length === expected.length && timingSafeEqual(bytes, expected);
};

/** What a genuine message is known by. */
export interface GenuineMessage {
  readonly id: string;
  /** Stands for all that is signed: the id may be no part of it, and a replay could come with another one. */
  readonly mark: string;
}

/**
 * Checks signature and time of a message and tells what it is known by. Several signatures separated by commas may be given while
 * a sender changes its secret. Which part of the check failed is told, but nothing that would help to forge one.
 */
export const checkSignature = (
  message: SignedMessage,
  settings: WebhookSigning,
  secret: string,
  nowMs: number,
): Result<GenuineMessage, string> => {
  const given = headerOf(message, settings.signatureHeader);
  const timestamp = headerOf(message, settings.timestampHeader);
  const id = headerOf(message, settings.idHeader);
  if (given === undefined) return err(`the header ${settings.signatureHeader} is missing`);
  if (timestamp === undefined) return err(`the header ${settings.timestampHeader} is missing`);
  if (id === undefined || id.length > 200)
    return err(`the header ${settings.idHeader} is missing or too long`);
  const at = timeOf(timestamp, settings.timestampFormat);
  if (!Number.isFinite(at)) return err(`the header ${settings.timestampHeader} is no time`);
  if (Math.abs(nowMs - at) > settings.windowSeconds * 1000)
    return err(`it was sent more than ${settings.windowSeconds} seconds ago or ahead`);
  const expected = createHmac('sha256', secret)
    .update(signedBytes(settings.signed, timestamp, id, message.body))
    .digest();
  const isGenuine = given
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one.startsWith(settings.prefix))
    .some((one) => isSame(one.slice(settings.prefix.length), expected, settings.encoding));
  return isGenuine ? ok({ id, mark: expected.toString('base64url') }) : err('the signature does not fit');
};
