import { asIncidentId, type IncidentId } from '../../vocabulary/ids.ts';
import type { Matchers } from '../../vocabulary/matchers/matcher.ts';
import { parseMatchers } from '../../vocabulary/matchers/parse-matchers.ts';
import { parseDuration } from '../../vocabulary/units.ts';
import { type Endable, readEndable } from '../endable.ts';
import type { Response } from '../incidents/respond.ts';

export const incidentIdPattern = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/;

export type Command =
  | { kind: 'respond'; response: Exclude<Response, 'rollback'>; incidentId: IncidentId }
  | { kind: 'silence'; match: Matchers; durationMs: number; comment: string }
  | { kind: 'override'; schedule: string; assignee: string; from?: string; until: string; comment: string }
  | { kind: 'end'; what: Endable }
  | { kind: 'oncall' }
  | { kind: 'list' }
  | { kind: 'help' };

/** The `/tocsin help` text, in Slack mrkdwn. */
export const commandHelp = [
  '`/tocsin ack ID` acknowledge an incident: escalation stops',
  '`/tocsin resolve ID` resolve an incident',
  '`/tocsin escalate ID` page the next tier now',
  '`/tocsin silence severity=~"page|warning",team!=web 2h why` mute matching alerts for a while; matchers as in Alertmanager',
  '`/tocsin oncall` who is on call',
  '`/tocsin override SCHEDULE me|NAME 4h why` put yourself or somebody else on call; also until `17:00`, or `09:00..17:00`',
  '`/tocsin end ID` end a silence or an override early',
  '`/tocsin list` open incidents',
  '`/tocsin help` show this help',
].join('\n');

const respondWords: Record<string, Exclude<Response, 'rollback'>> = {
  ack: 'acknowledge',
  acknowledge: 'acknowledge',
  resolve: 'resolve',
  escalate: 'escalate',
};

export type ReadCommand = { ok: true; command: Command } | { ok: false; reason: string };

/** Reads the text after `/tocsin`. A refusal tells the person what was expected. */
export function readCommand(text: string): ReadCommand {
  const [, word = '', rest = ''] = /^(\S*)\s*([\s\S]*)$/.exec(text) ?? [];
  const verb = word.toLowerCase();
  if (verb === '' || verb === 'help') return { ok: true, command: { kind: 'help' } };
  if (verb === 'list') return { ok: true, command: { kind: 'list' } };
  if (verb === 'oncall') return { ok: true, command: { kind: 'oncall' } };
  if (verb === 'silence') return readSilence(rest);
  if (verb === 'override') return readOverride(rest);
  const response = Object.hasOwn(respondWords, verb) ? respondWords[verb] : undefined;
  if (response === undefined && verb !== 'end') {
    return {
      ok: false,
      reason: `unknown command ${JSON.stringify(word.slice(0, 40))}; known are ack, resolve, escalate, silence, oncall, override, end, list, help`,
    };
  }
  // People copy ids together with their backticks.
  const id = rest.trim().replace(/^`(.*)`$/, '$1');
  const ended = response === undefined ? readEndable(id) : undefined;
  if (!incidentIdPattern.test(id) || (response === undefined && ended === undefined)) {
    const [what, lister] = response === undefined ? ['silence or override', 'oncall'] : ['incident', 'list'];
    const got = id === '' ? 'none' : JSON.stringify(id.slice(0, 60));
    return {
      ok: false,
      reason: `expected /tocsin ${verb} ID with the id of one ${what}; received ${got}; /tocsin ${lister} shows them`,
    };
  }
  if (response !== undefined) return { ok: true, command: { kind: 'respond', response, incidentId: asIncidentId(id) } };
  return { ok: true, command: { kind: 'end', what: ended as Endable } };
}

/**
 * `SCHEDULE NAME 4h why`; `FROM..UNTIL` instead of the time starts later. Times are in the
 * schedule's zone.
 */
function readOverride(text: string): ReadCommand {
  const [schedule = '', assignee = '', span = '', ...comment] = text.trim().split(/\s+/);
  const [first = '', second, ...more] = span.split('..');
  if (first === '' || second === '' || more.length > 0) {
    const reason = 'expected /tocsin override SCHEDULE NAME 4h why, or a time such as 17:00 or 09:00..17:00 instead of 4h';
    return { ok: false, reason: `${reason}; received ${JSON.stringify(text.trim().slice(0, 80))}` };
  }
  const when = second === undefined ? { until: first } : { from: first, until: second };
  return { ok: true, command: { kind: 'override', schedule, assignee, ...when, comment: comment.join(' ') } };
}

const usage = 'expected /tocsin silence label=value,label=~"a|b",... 2h why';

/**
 * `label=value,label=~"a|b",... 2h why`, matchers as in Alertmanager. Slack may curl the quotes.
 */
function readSilence(text: string): ReadCommand {
  const straight = text.replace(/[\u201c\u201d]/g, '"').trim();
  if (!/[=~]/.test(straight)) return { ok: false, reason: `${usage}; received no label` };
  const read = parseMatchers(straight);
  if (!read.ok) return { ok: false, reason: `${usage}; ${read.reason}` };
  const [, word = '', comment = ''] = /^\s+(\S+)\s*([\s\S]*)$/.exec(read.rest) ?? [];
  const durationMs = parseDuration(word.toLowerCase());
  if (durationMs === undefined || durationMs <= 0) {
    return {
      ok: false,
      reason: `${usage}; received ${JSON.stringify((word || read.rest.trim()).slice(0, 40))} where a duration such as 30m, 2h or 1d belongs`,
    };
  }
  return { ok: true, command: { kind: 'silence', match: read.matchers, durationMs, comment: comment.trim() } };
}
