import { faultIn } from './publish-ack';

describe('what the broker says of a message', () => {
  it.each<[string, string, string | undefined]>([
    ['stored', '{"stream":"TMF_EVENTS","seq":7}', undefined],
    ['stored before, a second copy', '{"stream":"TMF_EVENTS","seq":7,"duplicate":true}', undefined],
    [
      'refused, although a stream is named',
      '{"error":{"code":503,"err_code":10077,"description":"maximum bytes exceeded"},"stream":"INGEST","seq":0}',
      'maximum bytes exceeded',
    ],
    ['refused without a reason', '{"error":{"code":500}}', 'it did not say why'],
    ['no stream named', '{"stream":"","seq":0}', 'it answered without the name of a stream'],
    ['nothing', '', 'it answered what is no acknowledgement'],
    ['no JSON', '+OK', 'it answered what is no acknowledgement'],
    ['no object', '[1]', 'it answered what is no acknowledgement'],
  ])('%s', (_what, text, fault) => {
    expect(faultIn({ string: () => text })).toBe(fault);
  });

  it('that nobody takes it', () => {
    const answer = { headers: { code: 503 }, string: () => '' };
    expect(faultIn(answer)).toBe('no stream takes it: is JetStream on?');
  });
});
