import { errors, jwtVerify, type JWTVerifyGetKey, type JWTVerifyOptions, type JWTVerifyResult } from 'jose';

const unlessSignature = (thrown: unknown): undefined => {
  if (!(thrown instanceof errors.JWSSignatureVerificationFailed)) throw thrown;
};

/**
 * Verifies a token. One that does not name its key is tried with each that fits it: an issuer that names none publishes
 * two while it changes them.
 */
export const verifyToken = async (
  token: string,
  keys: JWTVerifyGetKey,
  options: JWTVerifyOptions,
): Promise<JWTVerifyResult> => {
  try {
    return await jwtVerify(token, keys, options);
  } catch (thrown) {
    if (!(thrown instanceof errors.JWKSMultipleMatchingKeys)) throw thrown;
    for await (const key of thrown) {
      const verified = await jwtVerify(token, key, options).catch(unlessSignature);
      if (verified !== undefined) return verified;
    }
    throw new errors.JWSSignatureVerificationFailed();
  }
};
