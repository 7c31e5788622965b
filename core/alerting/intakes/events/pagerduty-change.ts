import { changeKinds, type ToldChange } from '../../../telemetry/changes/change.ts';
import { mostLabels, mostSummary, parseChanges } from '../../../telemetry/changes/posted-change.ts';
import type { Labels } from '../../../vocabulary/schema-parts.ts';
import { cut } from '../../../vocabulary/text.ts';
import { parseTimestamp } from '../../../vocabulary/timestamp.ts';
import { detailsOf, isObject, textIn, withoutEmpty } from './alert-event.ts';

export type PagerdutyChangeRead = { ok: true; change: ToldChange } | { ok: false; errors: string[] };

/** Details that say something else of a change than what was changed. */
const notLabels = ['kind', 'version', 'previous_version', 'by', 'id'] as const;

/**
 * A change event of PagerDuty's Events API v2. Its `custom_details` say what was changed, as
 * labels; without a kind it is a deployment if it has a version. A summary of any length is taken.
 */
export function readPagerdutyChange(sent: unknown, fixed: Labels = {}): PagerdutyChangeRead {
  const payload = isObject(sent) ? sent['payload'] : undefined;
  if (!isObject(sent) || !isObject(payload)) return no("'payload' is missing or no object");
  const summary = textIn(payload, 'summary');
  if (summary === undefined) return no("'payload.summary' is missing or blank");
  const details = isObject(payload['custom_details']) ? payload['custom_details'] : {};
  const said = (name: (typeof notLabels)[number]): unknown => (Object.hasOwn(details, name) ? details[name] : undefined);
  const version = scalar(said('version'));
  const { labels } = detailsOf(
    Object.fromEntries(Object.entries(details).filter(([name]) => !notLabels.some((one) => one === name))),
  );
  const timestamp = payload['timestamp'];
  const [read] = parseChanges([
    {
      index: 0,
      value: {
        kind: changeKinds.find((kind) => kind === said('kind')) ?? (version === undefined ? 'other' : 'deploy'),
        labels: labelsOf({ ...withoutEmpty({ source: textIn(payload, 'source') }), ...labels }, fixed),
        summary: cut(summary, mostSummary),
        version,
        previousVersion: scalar(said('previous_version')),
        by: shortText(said('by')),
        timestamp: typeof timestamp === 'string' && parseTimestamp(timestamp) !== undefined ? timestamp : undefined,
        link: linkIn(sent['links']),
        id: shortText(said('id')),
      },
    },
  ]).records;
  return read === undefined
    ? no("'payload' says nothing that can be kept: expected a source, or texts in 'custom_details'")
    : { ok: true, change: read.value };
}

const no = (...errors: string[]): PagerdutyChangeRead => ({ ok: false, errors });

/** Those of the source go first; of more than fit, the first. */
const labelsOf = (sent: Labels, fixed: Labels): Labels =>
  Object.fromEntries(
    [...Object.entries(fixed), ...Object.entries(sent).filter(([name]) => !Object.hasOwn(fixed, name))]
      .filter(([name]) => name.length <= longestName)
      .slice(0, mostLabels),
  );
const longestName = 128;

/** What does not fit is left out: the summary says what matters. */
const scalar = (value: unknown): string | undefined =>
  typeof value === 'number' || typeof value === 'boolean' ? String(value) : shortText(value, 256);

const shortText = (value: unknown, longest = 128): string | undefined =>
  typeof value === 'string' && value.trim() !== '' && value.length <= longest ? value : undefined;

/** The first link that can be opened. */
function linkIn(links: unknown): string | undefined {
  const first: unknown = Array.isArray(links) ? links[0] : undefined;
  const href = isObject(first) ? textIn(first, 'href') : undefined;
  return href !== undefined && href.length <= 2048 && /^https?:\/\//i.test(href) && URL.canParse(href) ? href : undefined;
}
