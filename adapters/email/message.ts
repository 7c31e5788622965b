import MailComposer from 'nodemailer/lib/mail-composer';
import type { DigestMessage } from '../../app/ports/channel.ts';
import { describeState } from '../../core/response/paging/describe.ts';
import { fittedText } from '../../core/response/paging/fitted.ts';
import type { Page } from '../../core/response/paging/page.ts';
import { digest } from '../../core/vocabulary/fingerprint.ts';
import { oneLine } from '../../core/vocabulary/printable.ts';
import { cut, cutBytes } from '../../core/vocabulary/text.ts';
import { htmlOf } from './html.ts';

/** Who sends, and to whom. */
export type Envelope = { from: string; to: readonly string[] };

/** Gmail hides what comes after 102 kB of a message; text and HTML say the same. */
const maxTextBytes = 20_000;
/** A phone shows some 40 characters of a subject, a laptop some 100. */
const maxSubject = 200;

/**
 * A page as a whole message (RFC 5322), ready to be sent. `key`: the same one gives the same
 * Message-ID.
 */
export function pageMail(page: Page, key: string, envelope: Envelope): Promise<Buffer> {
  const text = fittedText(page, maxTextBytes);
  return mail(envelope, {
    key,
    thread: page.incidentId,
    subject: `${describeState(page)}: ${page.title}`,
    text,
    // There they are a button and a picture.
    html: htmlOf(page, fittedText({ ...page, acknowledgeUrl: undefined, chart: undefined }, maxTextBytes)),
    at: page.at,
    urgent: page.severity === 'critical' && page.status === 'triggered',
  });
}

export function digestMail({ title, lines, url, at }: DigestMessage, key: string, envelope: Envelope): Promise<Buffer> {
  const text = cutBytes([...lines.map(oneLine), '', url].join('\n'), maxTextBytes);
  return mail(envelope, { key, thread: undefined, subject: title, text, html: undefined, at, urgent: false });
}

type Letter = {
  key: string;
  thread: string | undefined;
  subject: string;
  text: string;
  html: string | undefined;
  at: number;
  urgent: boolean;
};

function mail({ from, to }: Envelope, { key, thread, subject, text, html, at, urgent }: Letter): Promise<Buffer> {
  const domain = from.slice(from.lastIndexOf('@') + 1);
  // Nobody sent a message with this id. Mail programs put all that refer to it into one thread,
  // in whatever order they come and whichever of them are lost.
  const root = thread === undefined ? undefined : `<incident.${digest(thread, 32)}@${domain}>`;
  const composer = new MailComposer({
    from: { name: 'Tocsin', address: from },
    to: [...to],
    subject: cut(oneLine(subject), maxSubject).toWellFormed(),
    messageId: `<${digest(key, 32)}@${domain}>`,
    ...(root === undefined ? {} : { inReplyTo: root, references: [root] }),
    date: new Date(at),
    headers: {
      // RFC 3834, and what Exchange heeds: no "I am on holiday" comes back.
      'Auto-Submitted': 'auto-generated',
      'X-Auto-Response-Suppress': 'All',
      ...(urgent ? { Importance: 'high', 'X-Priority': '1 (Highest)' } : {}),
    },
    text,
    ...(html === undefined ? {} : { html }),
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return composer.compile().build();
}
