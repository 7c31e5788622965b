import { ofKind } from '../../../vocabulary/kinds.ts';
import { shownJson } from '../../../vocabulary/shown.ts';
import type { AlertPayload } from '../../alerts/alert-payload.ts';
import type { AlertIntake, IntakeRead } from '../alert-intake.ts';
import { scopeOf, tagsOf } from '../datadog-tags.ts';
import { endedAt } from '../ended-at.ts';
import { eventEndsAfter, isObject, textIn, withoutEmpty } from '../events/alert-event.ts';
import { meaningIn } from '../word-of-table.ts';

type Transition = { isOver: boolean; severity?: string; note?: string };

/**
 * What Datadog calls a change of a monitor (`$ALERT_TRANSITION`), in small letters, and what it
 * means.
 */
const transitions: Readonly<Record<string, Transition>> = {
  triggered: { isOver: false, severity: 'error' },
  're-triggered': { isOver: false, severity: 'error' },
  warn: { isOver: false, severity: 'warning' },
  're-warn': { isOver: false, severity: 'warning' },
  'no data': { isOver: false, severity: 'warning', note: 'no data' },
  're-no data': { isOver: false, severity: 'warning', note: 'no data' },
  // Its type says how bad it is.
  renotify: { isOver: false },
  recovered: { isOver: true },
};

const page = 'docs/datadog.md#alerts-of-monitors has the template to paste';

/**
 * What the webhooks integration of Datadog sends for a monitor, by the template of docs/datadog.md.
 * All its values are texts, and teams edit it. Of Datadog's default template only the title is
 * read.
 */
export const datadogIntake = { read: (document, now) => readMonitor(document, now) } satisfies AlertIntake;

function readMonitor(sent: unknown, now: number): IntakeRead {
  if (!isObject(sent)) return no(`expected an object as Datadog's webhook sends it; ${page}`);
  const id = wordIn(sent, 'alert_id');
  const word = wordIn(sent, 'alert_transition');
  const title = wordIn(sent, 'event_title') ?? wordIn(sent, 'title');
  if (id === undefined && word === undefined) return readDefault(sent, title, now);
  if (id === undefined) return no(`alert_id: expected the id of a monitor; received ${shownJson(sent['alert_id'])}; ${page}`);
  const told = meaningIn(transitions, 'alert_transition', word?.toLowerCase(), sent['alert_transition']);
  if ('fault' in told) return no(`${told.fault}; ${page}`);
  const scope = scopeOf(wordIn(sent, 'scope'));
  const name = nameIn(title) ?? wordIn(sent, 'metric') ?? `monitor ${id}`;
  return alertOf(sent, { transition: told.meaning, name, now, more: { monitor: id, metric: wordIn(sent, 'metric'), scope } }, [
    { alert_id: id, scope: scope ?? wordIn(sent, 'aggreg_key') ?? '' },
    [wordIn(sent, 'alert_status'), wordIn(sent, 'body')],
  ]);
}

/**
 * The template that Datadog begins with names neither the monitor nor what has changed, but for its
 * title.
 */
function readDefault(sent: Record<string, unknown>, title: string | undefined, now: number): IntakeRead {
  const word = /^\[([^\]]+)\]/.exec(title ?? '')?.[1];
  const name = nameIn(title);
  const transition = ofKind(transitions, word?.trim().toLowerCase() ?? '');
  if (title === undefined || name === undefined || transition === undefined) {
    return no(`expected alert_id and alert_transition; ${page}: the default one does not say which monitor changed, and how`);
  }
  const note = 'Sent by the default template of Datadog, which names no monitor: an end with another title is not recognised';
  const { org } = sent;
  const orgId = isObject(org) ? wordIn(org, 'id') : undefined;
  return alertOf(sent, { transition, name, now, more: {} }, [
    { title: withoutChange(title), org: orgId ?? '' },
    [`${note}; ${page}`, wordIn(sent, 'body')],
  ]);
}

type Told = { transition: Transition; name: string; now: number; more: Readonly<Record<string, string | undefined>> };

function alertOf(
  sent: Record<string, unknown>,
  { transition: { isOver, severity, note }, name, now, more }: Told,
  [identity, texts]: [Record<string, string>, (string | undefined)[]],
): IntakeRead {
  const at = timeIn(sent);
  const { named, plain } = tagsOf(wordIn(sent, 'tags'));
  const description = texts.filter((text) => text !== undefined).join('; ');
  const alert: AlertPayload = {
    identity,
    labels: {
      ...withoutEmpty({ host: wordIn(sent, 'hostname'), ...tagsOf(more['scope']).named, ...named, tags: plain, ...more }),
      severity: severity === 'error' ? (priorityIn(sent) ?? severity) : (severity ?? typeIn(sent)),
      alertname: name,
    },
    annotations: {
      summary: note === undefined ? name : `${name}: ${note}`,
      ...(description === '' ? {} : { description }),
    },
    startsAt: isOver ? undefined : at,
    endsAt: isOver ? endedAt(at, now) : undefined,
    // A message that is sent again comes after newer ones.
    judgedAt: at === undefined ? undefined : endedAt(at, now),
    endsAfter: eventEndsAfter,
    generatorURL: wordIn(sent, 'link'),
  };
  return { ok: true, leftOut: 0, records: [{ index: 0, value: alert }], rejected: [], unlisted: 0 };
}

const no = (error: string): IntakeRead => ({ ok: false, error });

/**
 * A text that says something, or a number where somebody left out the quotes. A variable that
 * Datadog does not know stays as it is.
 */
function wordIn(sent: Readonly<Record<string, unknown>>, name: string): string | undefined {
  const value = Object.hasOwn(sent, name) ? sent[name] : undefined;
  const text = typeof value === 'number' ? String(value) : textIn(sent, name);
  return text === undefined || /^\$[A-Z][A-Z0-9_[\].]*$/.test(text.trim()) ? undefined : text.trim();
}

/** `[Triggered] ` and `[Triggered on {host:a}] ` in front say what has changed. */
const withoutChange = (title: string): string => title.replace(/^\[[^\]]*\]\s*/, '');

/** The name of a monitor: its title without what has changed, and without the group at its end. */
const nameIn = (title: string | undefined): string | undefined => {
  const plain = withoutChange(title ?? '');
  const group = plain.endsWith('}') ? plain.lastIndexOf(' on {') : -1;
  const name = (group < 0 ? plain : plain.slice(0, group)).trimEnd();
  return name === '' ? undefined : name;
};

/** The priority of a monitor, as in P2; that of an event is another thing. */
const priorityIn = (sent: Record<string, unknown>): string | undefined => {
  const priority = wordIn(sent, 'alert_priority');
  return priority !== undefined && /^P[1-5]$/i.test(priority) ? priority : undefined;
};

const typeIn = (sent: Record<string, unknown>): string => (wordIn(sent, 'alert_type') === 'warning' ? 'warning' : 'error');

/** Milliseconds since the epoch, in a text. */
function timeIn(sent: Record<string, unknown>): number | undefined {
  const at = Number(wordIn(sent, 'date') ?? wordIn(sent, 'last_updated'));
  return Number.isSafeInteger(at) && at > 1e11 && at < 1e14 ? at : undefined;
}
