/**
 * Prints pages on a terminal or into a log: time (UTC), severity, what, to whom, and why. Needs no
 * account. Cannot fail, deduplicate or update: a page delivered twice is printed twice.
 *
 * Colours only on request, since the lines may go to a file. Control characters in labels or titles
 * are removed, so that no metric can move the cursor or repaint the screen.
 */

import picocolors from 'picocolors';
import type { Channel } from '../../app/ports/channel.ts';
import type { Outside } from '../../app/ports/outside.ts';
import { causeText } from '../../core/alerting/correlation/cause.ts';
import {
  changeLines,
  costLines,
  describeNumbers,
  describeState,
  describeWhen,
  heldLines,
  moreAlerts,
} from '../../core/response/paging/describe.ts';
import type { Page } from '../../core/response/paging/page.ts';
import type { PageReason } from '../../core/response/paging/posted.ts';
import { counted } from '../../core/vocabulary/counted.ts';
import { oneLine } from '../../core/vocabulary/printable.ts';

/** Reasons for pages to people already paged about the same: they only get the news. */
const seenBefore: ReadonlySet<PageReason> = new Set(['reminder', 'rollback result', 'resolved']);

export const openChannel = ({ write, colors }: Outside): Channel<'terminal'> =>
  // Colours are for a terminal alone.
  terminalChannel({ write, colors, links: colors });

export function terminalChannel(options: {
  write: (line: string) => void;
  colors?: boolean;
  links?: boolean;
}): Channel<'terminal'> {
  const paint = picocolors.createColors(options.colors ?? false);

  function severity(page: Page): (text: string) => string {
    if (page.status === 'resolved') return paint.green;
    return page.severity === 'critical' ? (text) => paint.bold(paint.red(text)) : paint.yellow;
  }

  return {
    async digest(_contact, { title, lines, at }) {
      const time = new Date(at).toISOString().slice(0, 19).replace('T', ' ');
      options.write(`${paint.dim(`${time}Z`)}  ${paint.bold(oneLine(title))}`);
      for (const text of lines) options.write(`    ${text.startsWith('  ') ? '  ' : ''}${oneLine(text)}`);
      return {};
    },
    async send(_contact, page) {
      const line = (text: string) => options.write(text);
      const time = new Date(page.at).toISOString().slice(0, 19).replace('T', ' ');
      const tier = page.tier > 0 ? ` (tier ${page.tier})` : '';
      line(
        `${paint.dim(`${time}Z`)}  ${severity(page)(oneLine(describeState(page)))}  ${paint.bold(`page to ${oneLine(page.target)}${tier}, ${page.reason}: ${oneLine(page.title)}`)}`,
      );
      const why = page.status === 'resolved' ? page.resolveReason : page.why;
      if (why !== undefined && why !== '') line(`    ${oneLine(why)}`);
      const seen = seenBefore.has(page.reason) || page.status === 'resolved';
      for (const cost of costLines(page)) line(`    ${oneLine(cost)}`);
      for (const change of seen ? [] : changeLines(page)) line(`    ${oneLine(change)}`);
      const [cause] = page.causes ?? [];
      if (!seen && cause !== undefined) line(`    likely cause: ${oneLine(causeText(cause))}`);
      for (const { id, title, why } of seen ? [] : (page.related ?? []))
        line(`    related: ${oneLine(`${id} (${title}): ${why}`)}`);
      for (const alert of seen ? [] : page.alerts.slice(0, 3)) {
        const numbers = describeNumbers(alert);
        const when = describeWhen(alert);
        const shown = numbers === '' ? alert.reason : numbers;
        line(`    ${oneLine(alert.title)} [${alert.state}]: ${oneLine(when === '' ? shown : `${shown}, ${when}`)}`);
      }
      const hidden = page.alerts.length > 3 ? `and ${counted(page.alertCount - 3, 'more alert')}` : moreAlerts(page);
      if (!seen && hidden !== undefined) line(`    ${hidden}`);
      if (!seen && page.rollback !== undefined)
        line(`    rollback ${oneLine(page.rollback.name)}: ${oneLine(page.rollback.text)}`);
      for (const held of heldLines(page, 20)) line(`    held: ${oneLine(held)}`);
      const runbook = seen || page.runbookUrl === undefined ? '' : `, runbook ${oneLine(page.runbookUrl)}`;
      line(paint.dim(`    ${oneLine(page.incidentUrl)}${runbook}`));
      // To a person at this machine; lines that go to a file are a log, which must not hold it.
      if (options.links === true && page.acknowledgeUrl !== undefined) line(`    acknowledge: ${oneLine(page.acknowledgeUrl)}`);
      return {};
    },
  };
}
