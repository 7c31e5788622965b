import { storableText } from '../../../vocabulary/printable.ts';
import type { Labels } from '../../../vocabulary/schema-parts.ts';
import { shown, shownJson } from '../../../vocabulary/shown.ts';
import { parseTimestamp, unlikeMilliseconds } from '../../../vocabulary/timestamp.ts';
import { type AlertPayload, maxNames } from '../../alerts/alert-payload.ts';
import { endedAt } from '../ended-at.ts';
import { eventEndsAfter, isObject, withoutEmpty } from '../events/alert-event.ts';
import { evaluate } from './expression.ts';
import { isTruthy } from './functions.ts';
import type { Mapping } from './mapping-schema.ts';

/** Why an element is no alert: which part of the mapping, and what it gave. */
export class MappingFault extends Error {
  override name = 'MappingFault';
}

type Written = string | Readonly<Record<string, string>>;

/** What the whole message says for all of its elements. */
export type Common = { labels: Labels; texts: Readonly<Record<string, string | undefined>> };

const commonTexts = ['severity', 'summary', 'description', 'link'] as const;

/** Read once a message, not once an element. */
export function commonOf({ common = {} }: Mapping, document: unknown): ({ ok: true } & Common) | { ok: false; error: string } {
  try {
    const texts = commonTexts.map((field) => [field, textOf(`common.${field}`, common[field], document)] as const);
    return { ok: true, labels: textsOf('common.labels', common.labels, document), texts: Object.fromEntries(texts) };
  } catch (error) {
    if (error instanceof MappingFault) return { ok: false, error: error.message };
    throw error;
  }
}

/** One element as an alert. Throws MappingFault. */
export function mappedAlert({ fields, resolved }: Mapping, element: unknown, common: Common, now: number): AlertPayload {
  const alertname = textOf('fields.alertname', fields.alertname, element);
  if (alertname === undefined) {
    throw new MappingFault(
      `fields.alertname: expected that ${shown(fields.alertname)} gives a name; received nothing; a fixed name stands between single quotes`,
    );
  }
  const text = (field: (typeof commonTexts)[number]): string | undefined =>
    textOf(`fields.${field}`, fields[field], element) ?? common.texts[field];
  const labels: Labels = { ...common.labels, ...textsOf('fields.labels', fields.labels, element), alertname };
  const told: Labels = fields.identity === undefined ? labels : textsOf('fields.identity', fields.identity, element);
  // How bad it is may change while it is the same.
  const { severity: _, ...identity } = told;
  const isOver = resolved !== undefined && isTruthy(valueBy('resolved', resolved, element));
  const [startsAt, end] = [timeOf('startsAt', fields.startsAt, element), timeOf('endsAt', fields.endsAt, element)];
  // An end in the future is one that its sender expects.
  const endsAt = isOver ? endedAt(end, now) : end;
  if (startsAt !== undefined && end !== undefined && startsAt > end)
    throw new MappingFault('fields.endsAt: expected a time at or after startsAt');
  const [summary, description] = [text('summary'), text('description')];
  return {
    identity: { ...identity, alertname },
    labels: { ...labels, ...withoutEmpty({ severity: text('severity') ?? labels['severity'] }) },
    annotations: withoutEmpty({ summary, description }),
    startsAt: isOver && startsAt !== undefined && endsAt !== undefined ? Math.min(startsAt, endsAt) : startsAt,
    endsAt,
    endsAfter: eventEndsAfter,
    generatorURL: text('link'),
  };
}

function valueBy(field: string, expression: string, element: unknown): unknown {
  const read = evaluate(expression, element);
  if (!read.ok) throw new MappingFault(`${field}: ${shown(expression)}: ${read.error}`);
  return read.value;
}

function textOf(field: string, expression: string | undefined, element: unknown): string | undefined {
  if (expression === undefined) return undefined;
  return plain(field, expression, valueBy(field, expression, element));
}

/** Texts, numbers, true and false are texts; null and blanks say nothing. */
function plain(field: string, expression: string, value: unknown): string | undefined {
  if (value === null || value === undefined) return undefined;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (typeof value === 'string') return value.trim() === '' ? undefined : storableText(value);
  throw new MappingFault(`${field}: expected that ${shown(expression)} gives a text; received ${shownJson(value)}`);
}

function textsOf(field: string, written: Written | undefined, element: unknown): Labels {
  if (written === undefined) return {};
  if (typeof written !== 'string') {
    return withoutEmpty(
      Object.fromEntries(
        Object.entries(written).map(([name, one]) => [storableText(name), textOf(`${field}.${name}`, one, element)]),
      ),
    );
  }
  const value = valueBy(field, written, element);
  if (value === null) return {};
  if (!isObject(value))
    throw new MappingFault(`${field}: expected that ${shown(written)} gives an object; received ${shownJson(value)}`);
  const entries = Object.entries(value);
  if (entries.length > maxNames)
    throw new MappingFault(`${field}: expected at most ${maxNames} names; received ${entries.length}`);
  return withoutEmpty(
    Object.fromEntries(
      entries
        .filter(([name]) => name !== '' && name !== '__proto__')
        .map(([name, one]) => [storableText(name), plain(`${field}.${name}`, written, one)]),
    ),
  );
}

function timeOf(field: 'startsAt' | 'endsAt', expression: string | undefined, element: unknown): number | undefined {
  if (expression === undefined) return undefined;
  const value = valueBy(`fields.${field}`, expression, element);
  if (value === null || value === '') return undefined;
  const at = parseTimestamp(value);
  // Senders in Go write a missing time as its zero value, in the year 1.
  if (at !== undefined) return at < 0 ? undefined : at;
  const unit = typeof value === 'number' ? unlikeMilliseconds(value) : undefined;
  const hint = unit === 'seconds' ? `; write from_seconds(${expression})` : unit === undefined ? '' : `; it looks like ${unit}`;
  throw new MappingFault(
    `fields.${field}: expected that ${shown(expression)} gives a time such as 2026-01-05T09:00:00Z, or milliseconds since the epoch; received ${shownJson(value)}${hint}`,
  );
}
