import type { Context } from 'hono';
import { type AlertNow, alertsNow } from '../../../app/query/alerts-now.ts';
import type { Matchers } from '../../../core/vocabulary/matchers/matcher.ts';
import { matchable, matches } from '../../../core/vocabulary/matching.ts';
import type { HttpOptions } from '../../options.ts';
import { gettableAlert } from './alert-shape.ts';
import { type Read, readFilters, readFlags, readReceiver } from './filters.ts';

type Flag = 'active' | 'silenced' | 'inhibited' | 'muted' | 'unprocessed';
const flags = ['active', 'silenced', 'inhibited', 'muted', 'unprocessed'] as const satisfies readonly Flag[];

type Asked = { filters: Matchers; is: Record<Flag, boolean>; isReceiver: (name: string) => boolean };

/** `GET /api/v2/alerts`. `source`: the only one whose alerts are listed. */
export async function listAlerts(c: Context, { ports, now }: HttpOptions, source: string | undefined): Promise<Response> {
  const asked = readAsked(c);
  if (!asked.ok) return asked.refused;
  const at = now();
  const alerts = await alertsNow(ports, at);
  return c.json(alerts.filter(askedFor(asked.value, source)).map((alert) => gettableAlert(alert, ports.config, at)));
}

/** `GET /api/v2/alerts/groups`: as incidents group them, by receiver. */
export async function listGroups(c: Context, { ports, now }: HttpOptions, source: string | undefined): Promise<Response> {
  const asked = readAsked(c);
  if (!asked.ok) return asked.refused;
  const at = now();
  const alerts = (await alertsNow(ports, at)).filter(askedFor(asked.value, source));
  const groups = Map.groupBy(alerts, ({ alert, receiver }) => JSON.stringify([receiver, alert.groupKey]));
  return c.json(
    [...groups.values()].flatMap((list) => {
      const [first] = list;
      if (first === undefined) return [];
      const { receiver, alert } = first;
      const shown = list.map((one) => gettableAlert(one, ports.config, at));
      return [{ labels: alert.groupLabels, receiver: { name: receiver }, alerts: shown }];
    }),
  );
}

function readAsked(c: Context): Read<Asked> {
  const filters = readFilters(c);
  if (!filters.ok) return filters;
  const is = readFlags(c, flags);
  if (!is.ok) return is;
  const isReceiver = readReceiver(c);
  if (!isReceiver.ok) return isReceiver;
  return { ok: true, value: { filters: filters.value, is: is.value, isReceiver: isReceiver.value } };
}

/** No alert waits to be processed here, so `unprocessed` changes nothing. */
const askedFor =
  ({ filters, is, isReceiver }: Asked, source: string | undefined) =>
  ({ alert, silencedBy, inhibitedBy, mutedBy, receiver }: AlertNow): boolean => {
    if (source !== undefined && alert.external?.source !== source) return false;
    const isActive = silencedBy.length + inhibitedBy.length + mutedBy.length === 0;
    if (!is.active && isActive) return false;
    if (!is.silenced && silencedBy.length > 0) return false;
    if (!is.inhibited && inhibitedBy.length > 0) return false;
    if (!is.muted && mutedBy.length > 0) return false;
    return isReceiver(receiver) && matches(filters, matchable(alert));
  };
