import { defineSettings, onlyUrls, onlyWhere, type SettingsOf } from '@quotebridge/platform/config';

const isMailbox = (text: string): boolean => /^[^\s@<>,;:"]+@[^\s@<>,;:"]+$/.test(text);

/** Who is told of what has failed; nobody unless receivers are given. */
export const alertSettings = defineSettings({
  alertEmails: {
    type: 'list',
    default: [],
    check: onlyWhere(isMailbox, 'an e-mail address'),
    doc: 'E-mail addresses that are told of failed runs and transactions; needs ALERT_SMTP_URL.',
  },
  alertWebhookUrls: {
    type: 'list',
    default: [],
    check: onlyUrls,
    doc: 'Addresses that are told of failed runs and transactions, signed; needs WEBHOOK_SECRET.',
  },
  alertSmtpUrl: {
    type: 'secret',
    optional: true,
    doc: 'Mail server, for example smtps://user:password@mail.example.com; smtp:// uses STARTTLS where offered, with ?requireTLS=true always.',
  },
  alertFrom: {
    type: 'string',
    default: 'QuoteBridge <quotebridge@localhost>',
    doc: 'Sender of the e-mails.',
  },
  alertThrottle: {
    type: 'duration',
    default: '15m',
    min: '1s',
    max: '7d',
    doc: 'Alerts of one kind and source within this time are one message; the others are counted and told at its end.',
  },
  alertTemplates: {
    type: 'string',
    optional: true,
    doc: 'JSON file with texts of your own: {"runFailed": {"subject": "…", "text": "…"}}.',
  },
});

/** Values of {@link alertSettings}. */
export type AlertSettings = SettingsOf<typeof alertSettings>;
