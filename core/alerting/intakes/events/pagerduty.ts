import { digest, type Sha256 } from '../../../vocabulary/fingerprint.ts';
import { shown } from '../../../vocabulary/shown.ts';
import { parseTimestamp } from '../../../vocabulary/timestamp.ts';
import { type AlertEvent, detailsOf, eventEndsAfter, isObject, jsonOf, textIn, withoutEmpty } from './alert-event.ts';

const longestDedupKey = 255;

export type PagerdutyRead = { ok: true; dedupKey: string; event: AlertEvent } | { ok: false; errors: string[] };

/**
 * An event of PagerDuty's Events API v2. A trigger without `dedup_key` gets one from what it says,
 * so one that is sent again is the same alert. A summary of any length is taken: whoever is paged
 * reads its start.
 */
export function readPagerdutyEvent(sent: unknown, hash?: Sha256): PagerdutyRead {
  if (!isObject(sent)) return no("expected an object with 'routing_key', 'event_action' and 'payload'");
  const { event_action: action, dedup_key: key } = sent;
  if (key !== undefined && key !== null && typeof key !== 'string') return no("'dedup_key' must be a string");
  const dedupKey = textIn(sent, 'dedup_key');
  if (dedupKey !== undefined && dedupKey.length > longestDedupKey)
    return no(`'dedup_key' is too long: ${dedupKey.length} characters, of ${longestDedupKey} that it may have`);
  switch (action) {
    case 'trigger':
      return readTrigger(sent, dedupKey, hash);
    case 'acknowledge':
    case 'resolve':
      if (dedupKey === undefined) return no(`'dedup_key' is missing or blank; it says what to ${action}`);
      return { ok: true, dedupKey, event: { kind: action, identity: identityOf(dedupKey) } };
    default:
      return no(`'event_action' must be trigger, acknowledge or resolve; received ${shown(jsonOf(action))}`);
  }
}

const no = (...errors: string[]): PagerdutyRead => ({ ok: false, errors });

const identityOf = (key: string) => ({ dedup_key: key });

function readTrigger(sent: Record<string, unknown>, known: string | undefined, hash?: Sha256): PagerdutyRead {
  const { payload } = sent;
  if (!isObject(payload)) return no("'payload' is missing or no object");
  const [summary, source] = [textIn(payload, 'summary'), textIn(payload, 'source')];
  const errors = [
    ...(summary === undefined ? ["'payload.summary' is missing or blank"] : []),
    ...(source === undefined ? ["'payload.source' is missing or blank"] : []),
  ];
  if (summary === undefined || source === undefined) return no(...errors);
  const [component, group, what] = (['component', 'group', 'class'] as const).map((name) => textIn(payload, name));
  const dedupKey = known ?? `tocsin-${digest(jsonOf([summary, source, component, group, what]), 16, hash)}`;
  const details = detailsOf(payload['custom_details']);
  const link = textIn(sent, 'client_url') ?? linkIn(sent['links']);
  return {
    ok: true,
    dedupKey,
    event: {
      kind: 'fire',
      alert: {
        identity: identityOf(dedupKey),
        labels: {
          ...details.labels,
          ...withoutEmpty({ source, component, group, class: what, severity: textIn(payload, 'severity') }),
          alertname: what ?? source,
          dedup_key: dedupKey,
        },
        annotations: { summary, ...(details.text === '' ? {} : { description: details.text }) },
        startsAt: timeIn(payload['timestamp']),
        endsAt: undefined,
        endsAfter: eventEndsAfter,
        generatorURL: link,
      },
    },
  };
}

const timeIn = (sent: unknown): number | undefined => {
  const at = typeof sent === 'string' ? parseTimestamp(sent) : undefined;
  return at === undefined || at < 0 ? undefined : at;
};

/** The first link that there is. */
function linkIn(links: unknown): string | undefined {
  const first: unknown = Array.isArray(links) ? links[0] : undefined;
  return isObject(first) ? textIn(first, 'href') : undefined;
}
