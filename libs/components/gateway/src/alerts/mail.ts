import { messageOf } from '@quotebridge/platform/core';
import { createTransport } from 'nodemailer';
import type { Sender } from '../outgoing/send';

/** What sending e-mails works with. */
export interface MailOptions {
  /** Address of the mail server with its credentials. */
  readonly smtpUrl: string;
  readonly from: string;
  readonly timeoutMs: number;
}

const TAKEN = 250;

/** Sends messages as plain e-mails; one that is sent twice has the same Message-ID. */
export const mailSender = ({ smtpUrl, from, timeoutMs }: MailOptions): Sender => {
  const transport = createTransport({
    url: smtpUrl,
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return {
    send: async ({ _id, url, subject, body }) => {
      try {
        await transport.sendMail({
          from,
          to: url.replace(/^mailto:/, ''),
          subject: subject ?? '',
          text: body,
          messageId: `<${_id}@quotebridge>`,
          headers: { 'Auto-Submitted': 'auto-generated' },
        });
        return { status: TAKEN, reason: 'it was taken' };
      } catch (thrown) {
        return { reason: `the mail server did not take it: ${messageOf(thrown)}` };
      }
    },
    close: async () => transport.close(),
  };
};
