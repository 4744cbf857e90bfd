import { Secret } from '@quotebridge/platform/config';
import fc from 'fast-check';
import { FACTS, type Alert, type AlertKind } from './alert';
import { deadLetterAlert, orderAlert, runAlert, type Message } from './alert-of';
import { receiversOf, type ReceiverSettings } from './receivers';
import { DEFAULT_TEMPLATES, loadTemplates, readTemplates, textOf } from './templates';

const message = (subject: string, payload: object, headers: Record<string, string> = {}): Message => ({
  subject,
  id: 'm1',
  headers,
  json: () => payload,
});

describe('what becomes an alert', () => {
  it('a run that keeps failing names its instance and stream, and hides credentials in the error', () => {
    const alert = runAlert(
      message('alerts.connector.s4hana.products', {
        instance: 's4hana',
        stream: 'products',
        run: 'r1',
        tries: 4,
        error: 'login of joe@firm.example failed: Bearer abcdefghijk',
        at: '2026-11-21T02:00:00.000Z',
      }),
    );
    expect(alert).toMatchObject({
      kind: 'runFailed',
      source: 's4hana/products',
      facts: { tries: '4', error: 'login of [e-mail]@firm.example failed: Bearer [credential]' },
    });
  });

  const news = (order: object) =>
    message('tmf.TMF622.productOrder.ProductOrderStateChangeEvent', {
      eventTime: '2026-11-21T02:00:00.000Z',
      event: { productOrder: { id: 'o1', ...order } },
    });
  const refusal = (text: string) => ({
    state: 'pending',
    productOrderErrorMessage: [{ code: 'erpRefused', message: text }],
  });

  it.each([
    [{ state: 'acknowledged' }, undefined],
    [{ state: 'completed' }, undefined],
    [{ state: 'failed' }, 'orderFailed'],
    [refusal('blocked'), 'orderRefused'],
  ])('an order %j is told as %s', (order, kind) => {
    expect(orderAlert(news(order))?.kind).toBe(kind);
  });

  it('one refusal heard of twice is one alert, another refusal of the same order is another', () => {
    const id = (order: object) => orderAlert(news(order))?.id;
    expect(id({ ...refusal('blocked'), note: [] })).toBe(id(refusal('blocked')));
    expect(id(refusal('no stock'))).not.toBe(id(refusal('blocked')));
  });

  it('an order that is refused again after a replay is told again, with the latest reason', () => {
    const { state, productOrderErrorMessage: first } = refusal('blocked');
    const again = (text: string) => ({
      state,
      productOrderErrorMessage: [...first, ...refusal(text).productOrderErrorMessage],
    });
    const alerts = [refusal('blocked'), again('no stock'), again('blocked')].map((one) =>
      orderAlert(news(one)),
    );
    expect(alerts.map((alert) => alert?.facts['reason'])).toEqual(['blocked', 'no stock', 'blocked']);
    expect(new Set(alerts.map((alert) => alert?.id)).size).toBe(3);
  });

  it('a dead letter of the alerts themselves, or of what is told already, is none', () => {
    const headers = {
      'Qb-Consumer': 's4hana-orders',
      'Qb-Subject': 'tmf.x',
      'Qb-Reason': 'no',
      'Qb-Attempts': '5',
    };
    const letter = message('dlq.s4hana-orders', {}, headers);
    expect(deadLetterAlert(letter, ['gateway-alerts-runs'], 'now')).toMatchObject({
      source: 's4hana-orders',
      facts: { tries: '5', reason: 'no' },
    });
    expect(deadLetterAlert(letter, ['s4hana-orders'], 'now')).toBeUndefined();
    // The refused order is told as orderRefused: one alert is enough.
    const told = message('dlq.s4hana-orders', {}, { ...headers, 'Qb-Told': 'true' });
    expect(deadLetterAlert(told, [], 'now')).toBeUndefined();
  });
});

describe('texts of alerts', () => {
  const kinds = Object.keys(FACTS) as AlertKind[];
  const alertOf = (kind: AlertKind, value: string): Alert => ({
    id: 'a',
    kind,
    source: value,
    at: value,
    facts: Object.fromEntries(FACTS[kind].map((name) => [name, value])),
  });

  it.each(kinds)('the default text of %s names only facts that it has', (kind) => {
    const { subject, text } = textOf(DEFAULT_TEMPLATES, alertOf(kind, 'known'), 0);
    expect(subject + text).not.toMatch(/[{}]/);
    expect(readTemplates(JSON.stringify({ [kind]: DEFAULT_TEMPLATES[kind] })).ok).toBe(true);
  });

  it('a subject is one short line, whatever the facts hold, and facts are not read as texts', () => {
    fc.assert(
      fc.property(fc.constantFrom(...kinds), fc.string({ unit: 'grapheme' }), (kind, value) => {
        const { subject } = textOf(DEFAULT_TEMPLATES, alertOf(kind, `${value}\r\nBcc: all@x {error}`), 3);
        expect(subject).not.toMatch(/[\r\n]/);
        expect(subject.length).toBeLessThanOrEqual(200);
      }),
    );
  });

  it('says how many were held back', () => {
    expect(textOf(DEFAULT_TEMPLATES, alertOf('deadLetter', 'x'), 41).text).toContain('41 more');
    expect(textOf(DEFAULT_TEMPLATES, alertOf('deadLetter', 'x'), 0).text).not.toContain('more of this kind');
  });

  it('texts of an operator take the place of the default ones, part by part', () => {
    const read = readTemplates('{"runFailed":{"subject":"Hey, {stream}!"}}');
    expect(read.ok && read.value.runFailed).toEqual({
      subject: 'Hey, {stream}!',
      text: DEFAULT_TEMPLATES.runFailed.text,
    });
  });

  it.each([
    ['{', 'is not JSON'],
    ['[]', 'must be an object with the kinds of alerts as names'],
    ['{"x":{}}', 'x is no kind of alert; there are runFailed, orderRefused'],
    ['{"runFailed":{"html":"x"}}', 'runFailed.html is not known'],
    ['{"runFailed":{"text":""}}', 'runFailed.text must be a text'],
    ['{"runFailed":"x"}', 'runFailed.subject must be a text'],
    ['{"runFailed":{"text":"{order}"}}', 'runFailed.text names {order}; there are {instance}, {stream}'],
  ])('%s is refused: %s', (json, reason) => {
    const read = readTemplates(json);
    expect(!read.ok && read.error).toContain(reason);
  });
});

it('a file of texts that is not there or not usable is named with its setting', () => {
  expect(loadTemplates(undefined)).toBe(DEFAULT_TEMPLATES);
  expect(() => loadTemplates('/nowhere/texts.json')).toThrow(
    /ALERT_TEMPLATES: \/nowhere\/texts.json cannot be read/,
  );
  expect(() => loadTemplates(__filename)).toThrow(/ALERT_TEMPLATES: .* is not JSON/);
});

describe('who is told', () => {
  const settings = (more: Partial<ReceiverSettings> = {}): ReceiverSettings => ({
    alertEmails: [],
    alertWebhookUrls: [],
    alertSmtpUrl: new Secret('smtp://mail.example'),
    webhookSecret: new Secret('x'.repeat(16)),
    ...more,
  });

  it('nobody unless receivers are given', () => {
    expect(receiversOf(settings())).toEqual([]);
    expect(
      receiversOf(settings({ alertEmails: ['ops@x.example'], alertWebhookUrls: ['https://x.example/a'] })),
    ).toEqual(['https://x.example/a', 'mailto:ops@x.example']);
  });

  it.each<[Partial<ReceiverSettings>, string]>([
    [{ alertEmails: ['a@b.example'], alertSmtpUrl: undefined }, 'ALERT_EMAILS needs an ALERT_SMTP_URL'],
    [
      { alertWebhookUrls: ['https://x'], webhookSecret: undefined },
      'ALERT_WEBHOOK_URLS needs a WEBHOOK_SECRET',
    ],
  ])('%j is refused', (more, reason) => {
    expect(() => receiversOf(settings(more))).toThrow(reason);
  });
});
