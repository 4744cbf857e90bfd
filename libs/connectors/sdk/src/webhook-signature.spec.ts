import { createHmac } from 'node:crypto';
import * as fc from 'fast-check';
import { checkSignature, type WebhookSigning } from './webhook-signature';

describe('signed messages', () => {
  const settings: WebhookSigning = {
    signatureHeader: 'X-Signature',
    prefix: 'sha256=',
    encoding: 'hex',
    timestampHeader: 'X-Timestamp',
    timestampFormat: 'epochSeconds',
    idHeader: 'X-Id',
    signed: '{timestamp}.{body}',
    windowSeconds: 300,
  };
  const NOW = 1_800_000_000_000;
  const sign = (body: string | Buffer, seconds: number, secret: string): string =>
    `sha256=${createHmac('sha256', secret).update(`${seconds}.`).update(body).digest('hex')}`;
  const check = (body: string, signature: string, seconds: number, id = 'm1'): boolean =>
    checkSignature(
      {
        headers: { 'x-signature': signature, 'x-timestamp': String(seconds), 'x-id': id },
        body: Buffer.from(body),
      },
      settings,
      'secret',
      NOW,
    ).ok;

  it('exactly what was signed with the secret within the window is genuine', () => {
    fc.assert(
      fc.property(
        fc.string(),
        fc.string(),
        fc.integer({ min: -900, max: 900 }),
        fc.boolean(),
        (body, other, shift, right) => {
          const seconds = NOW / 1000 + shift;
          const signature = sign(body, seconds, right ? 'secret' : 'secreT');
          expect(check(body, signature, seconds)).toBe(right && Math.abs(shift) <= 300);
          expect(check(other, signature, seconds)).toBe(right && Math.abs(shift) <= 300 && other === body);
          expect(check(body, signature, seconds + 1)).toBe(false);
        },
      ),
    );
  });

  it('one of several signatures is enough; none, a cut one or one without prefix is not', () => {
    const seconds = NOW / 1000;
    const good = sign('b', seconds, 'secret');
    expect(check('b', `sha256=00, ${good}`, seconds)).toBe(true);
    for (const bad of ['', 'sha256=', good.slice(0, -2), good.slice(7), `${good}00`])
      expect(check('b', bad, seconds)).toBe(false);
  });
});
