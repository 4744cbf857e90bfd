import { mongo } from 'mongoose';

/** User-defined subtype of BSON binary data: no value that a client sends becomes one. */
const SUBTYPE = 0x80;

/** Bytes as the store keeps a sealed value. */
export const toSealed = (bytes: Uint8Array): unknown => new mongo.Binary(bytes, SUBTYPE);

/** True for what {@link toSealed} gave, also after it was stored. */
export const isSealed = (value: unknown): value is mongo.Binary =>
  value instanceof mongo.Binary && value.sub_type === SUBTYPE;

/** The bytes of a sealed value. */
export const sealedBytes = (value: mongo.Binary): Uint8Array => value.value();
