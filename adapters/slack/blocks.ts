import type { KnownBlock } from '@slack/web-api';
import type { AlertSummary } from '../../core/alerting/alerts/alert-summary.ts';
import { cutsText } from '../../core/alerting/alerts/posted-cuts.ts';
import {
  causeLines,
  changeLines,
  costLines,
  describeNumbers,
  describeState,
  heldLines,
  heldTitle,
  moreAlerts,
  traceLines,
} from '../../core/response/paging/describe.ts';
import { type Page, type PageButton, pageButtons } from '../../core/response/paging/page.ts';
import { actionIds } from '../../core/response/slack/interaction.ts';
import { describeLabels, formatUtc } from '../../core/vocabulary/format.ts';
import { link, mrkdwn, plain } from './mrkdwn.ts';

/**
 * Slack's limits (https://docs.slack.dev/reference/block-kit/blocks): 50 blocks, and these numbers
 * of characters.
 */
const limits = { header: 150, section: 3000, confirm: 300 } as const;

const severityMark = { critical: '🔴', warn: '🟠', info: '🔵' } as const;

function emoji(page: Page): string {
  if (page.status === 'resolved') return '✅';
  if (page.status === 'acknowledged') return '👀';
  return severityMark[page.severity];
}

const alertEmoji = (alert: AlertSummary): string =>
  alert.state === 'resolved' ? '✅' : alert.state === 'muted' ? '🔕' : severityMark[alert.severity];

/** Shown in each reader's time zone, with UTC as the fallback. */
const when = (ms: number): string => `<!date^${Math.floor(ms / 1000)}^{date_short_pretty} {time_secs}|${formatUtc(ms)}>`;

const section = (text: string): KnownBlock => ({ type: 'section', text: { type: 'mrkdwn', text } });

const buttons: Record<PageButton, { text: string; style?: 'primary' | 'danger' }> = {
  acknowledge: { text: 'Acknowledge', style: 'primary' },
  resolve: { text: 'Resolve' },
  escalate: { text: 'Escalate' },
  rollback: { text: 'Roll back', style: 'danger' },
};

const unjudgedText = ({ unjudged }: AlertSummary): string =>
  unjudged === undefined ? '' : `; not judged since ${when(unjudged.since)}: ${mrkdwn(plain(unjudged.reason, 200), 250)}`;

function alertText(alert: AlertSummary): string {
  const lines = [`${alertEmoji(alert)} *${mrkdwn(plain(alert.title, 200), 300)}*`];
  const labels = describeLabels(alert.labels);
  // A backtick inside would end the code span.
  if (labels !== '') lines.push(`\`${mrkdwn(plain(labels, 300), 400).replaceAll('`', "'")}\``);
  const numbers = describeNumbers(alert);
  if (numbers !== '') lines.push(mrkdwn(numbers, 200));
  if (alert.reason !== '') lines.push(mrkdwn(alert.reason, 1000));
  for (const trace of traceLines(alert)) lines.push(mrkdwn(trace, 400));
  if (alert.cuts !== undefined) lines.push(`_${mrkdwn(plain(cutsText(alert.cuts), 300), 400)}_`);
  if (alert.judgedAt !== undefined && alert.state !== 'resolved')
    lines.push(`_as of ${when(alert.judgedAt)}${unjudgedText(alert)}_`);
  if (alert.muted !== undefined) lines.push(`_muted: ${mrkdwn(plain(alert.muted.text, 100), 150)}_`);
  return lines.join('\n');
}

function fields(page: Page): KnownBlock {
  const pairs: [string, string][] = [
    ['Severity', mrkdwn(describeState(page), 300)],
    ['Since', when(page.since)],
    ['Category', page.category],
    ['Owner', mrkdwn(page.owner ?? 'nobody named', 300)],
    ['Paged', `${mrkdwn(page.target, 300)}${page.tier > 0 ? `, tier ${page.tier}` : ''}`],
    ['Reason', page.reason],
  ];
  return {
    type: 'section',
    fields: pairs.map(([name, value]) => ({ type: 'mrkdwn', text: `*${name}*\n${value}` })),
  };
}

function actions(page: Page): KnownBlock[] {
  const shown = pageButtons(page);
  if (shown.length === 0) return [];
  return [
    {
      type: 'actions',
      elements: shown.map((name) => ({
        type: 'button',
        action_id: actionIds[name],
        value: page.incidentId,
        text: { type: 'plain_text', text: buttons[name].text },
        style: buttons[name].style,
        ...(name === 'rollback' && page.rollback !== undefined
          ? {
              confirm: {
                title: { type: 'plain_text', text: 'Roll back?' },
                text: { type: 'plain_text', text: plain(`${page.rollback.name}: ${page.rollback.text}`, limits.confirm) },
                confirm: { type: 'plain_text', text: 'Roll back' },
                deny: { type: 'plain_text', text: 'Leave it' },
              },
            }
          : {}),
      })),
    },
  ];
}

/** Slack's limit of a text beside a picture. */
const maxAlt = 2000;

/** Slack fetches it while it takes the message, and refuses the message where that fails. */
const picture = ({ chart }: Page): KnownBlock[] =>
  chart?.isPublic === true ? [{ type: 'image', image_url: chart.url, alt_text: plain(chart.alt, maxAlt) }] : [];

/**
 * The message as Block Kit, within Slack's limits for any page. `buttons`: an app hears them;
 * without one, a link acknowledges. `withChart`: with the picture, if Slack can fetch it.
 */
export function pageBlocks(page: Page, { buttons: heard = true, withChart = false } = {}): KnownBlock[] {
  const links = [
    heard || page.acknowledgeUrl === undefined ? undefined : link(page.acknowledgeUrl, 'Acknowledge'),
    page.runbookUrl === undefined ? undefined : link(page.runbookUrl, 'Runbook'),
    link(page.incidentUrl, 'Incident and timeline'),
  ];
  const more = moreAlerts(page);
  const blocks: KnownBlock[] = [
    { type: 'header', text: { type: 'plain_text', text: plain(`${emoji(page)} ${page.title}`, limits.header), emoji: true } },
    fields(page),
  ];
  if (page.why !== '')
    blocks.push(
      section(
        `*Why this page:* ${mrkdwn(page.why, 1000)}${page.at - (page.decidedAt ?? page.at) < 60_000 ? '' : ` (at ${when(page.decidedAt ?? page.at)})`}`,
      ),
    );
  if (page.status === 'resolved' && page.resolveReason !== undefined) {
    blocks.push(section(`*Resolved because:* ${mrkdwn(page.resolveReason, 1000)}`));
  }
  const causes = [...costLines(page), ...changeLines(page), ...causeLines(page.causes ?? [])];
  if (causes.length > 0) blocks.push(section(mrkdwn(causes.join('\n'), limits.section - 100)));
  if (page.related !== undefined && page.related.length > 0) {
    const related = page.related.map(({ url, title, why }) => `${link(url, plain(title, 150))}: ${mrkdwn(plain(why, 200), 250)}`);
    blocks.push(section(`*Related:*\n${related.slice(-3).join('\n')}`));
  }
  if (withChart) blocks.push(...picture(page));
  for (const alert of page.alerts.slice(0, 10)) blocks.push(section(alertText(alert)));
  if (more !== undefined) blocks.push(section(`_${more}_`));
  if (page.rollback !== undefined) {
    blocks.push(section(`*Rollback ${mrkdwn(page.rollback.name, 300)}:* ${mrkdwn(page.rollback.text, 1000)}`));
  }
  if (page.held.length > 0) {
    const held = heldLines(page, 15).map((line) => `• ${plain(line, 150)}`);
    blocks.push(section(`*${heldTitle(page)}:*\n${mrkdwn(held.join('\n'), limits.section - 100)}`));
  }
  blocks.push(section(links.filter((text) => text !== undefined).join('   ')));
  if (heard) blocks.push(...actions(page));
  blocks.push({
    type: 'context',
    elements: [{ type: 'mrkdwn', text: `${mrkdwn(page.incidentId, 300)}, as of ${when(page.at)}` }],
  });
  return blocks;
}

/** The message in one line, for phone notifications and screen readers. */
export function pageFallback(page: Page): string {
  const numbers = page.alerts[0] === undefined ? '' : describeNumbers(page.alerts[0]);
  const line = `${emoji(page)} ${describeState(page)}: ${page.title}${numbers === '' ? '' : `: ${numbers}`}${page.why === '' ? '' : ` (${page.why})`}`;
  return mrkdwn(plain(line, 1000), 2000);
}
