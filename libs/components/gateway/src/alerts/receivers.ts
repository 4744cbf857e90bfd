import type { Secret } from '@quotebridge/platform/config';
import type { AlertSettings } from './alert-settings';

/** The settings that say who is told. */
export type ReceiverSettings = Pick<AlertSettings, 'alertEmails' | 'alertWebhookUrls' | 'alertSmtpUrl'> & {
  readonly webhookSecret?: Secret | undefined;
};

/** Where alerts go: webhooks and `mailto:` addresses. Throws when one of them needs another that is missing, saying which. */
export const receiversOf = (settings: ReceiverSettings): readonly string[] => {
  const { alertEmails, alertWebhookUrls, alertSmtpUrl, webhookSecret } = settings;
  if (alertEmails.length > 0 && !/^smtps?:\/\/[^/]/.test(alertSmtpUrl?.reveal() ?? ''))
    throw new Error('ALERT_EMAILS needs an ALERT_SMTP_URL that starts with smtp:// or smtps://.');
  if (alertWebhookUrls.length > 0 && webhookSecret === undefined)
    throw new Error('ALERT_WEBHOOK_URLS needs a WEBHOOK_SECRET: alerts are signed.');
  return [...alertWebhookUrls, ...alertEmails.map((address) => `mailto:${address}`)];
};
