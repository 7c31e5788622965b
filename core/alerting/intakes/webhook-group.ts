import * as z from 'zod';
import { TooLong } from '../../telemetry/samples/json-parts.ts';
import { parseEach } from '../../telemetry/samples/records.ts';
import { type AlertPayload, checkedAlert, plainAlert } from '../alerts/alert-payload.ts';
import type { IntakeRead } from './alert-intake.ts';
import { endedAt } from './ended-at.ts';
import { isObject } from './events/alert-event.ts';

const hour = 3_600_000;

/**
 * How long an alert of a webhook stays open if it is not sent again. Alertmanager and Grafana
 * repeat a notification after `repeat_interval`, four hours by default, and never tell of the end
 * of some: those that resolve while they are muted.
 */
const webhookEndsAfter = 5 * hour;

const statusSchema = z.object({ status: z.enum(['firing', 'resolved'], { error: 'expected firing or resolved' }) });

/**
 * Reads a group as Alertmanager's webhook sends it. Each alert is what its own `status` says: that
 * of the group closes nothing which it does not list. `shape`: what the sender adds to
 * Alertmanager's format.
 */
export function readGroup(
  document: unknown,
  now: number,
  shape: (alert: AlertPayload, sent: Readonly<Record<string, unknown>>) => AlertPayload = (alert) => alert,
): IntakeRead {
  const { alerts, truncatedAlerts } = isObject(document) ? document : {};
  if (!Array.isArray(alerts)) {
    return { ok: false, error: 'expected {"version": "4", "alerts": [...]} as a webhook of Alertmanager sends it' };
  }
  const leftOut = typeof truncatedAlerts === 'number' && truncatedAlerts > 0 ? Math.trunc(truncatedAlerts) : 0;
  const entries = alerts.map((value: unknown, index) => ({ index, value }));
  const read = parseEach(entries, (value) => {
    if (!isObject(value) || value instanceof TooLong) return checkedAlert(value instanceof TooLong ? undefined : value);
    const status = statusSchema.safeParse(value);
    if (!status.success) return status;
    // While it fires, its end is in the year 1: there is none yet.
    const { endsAt, ...open } = value;
    const isOver = status.data.status === 'resolved';
    const payload = isOver ? { ...open, endsAt } : open;
    const plain = plainAlert(payload);
    const checked = plain === undefined ? checkedAlert(payload) : { success: true as const, data: plain };
    if (!checked.success) return checked;
    const alert = isOver ? over(checked.data, now) : { ...checked.data, endsAfter: webhookEndsAfter };
    return { success: true as const, data: shape(withLeftOut(alert, leftOut), value) };
  });
  return { ok: true, leftOut, ...read };
}

const over = (alert: AlertPayload, now: number): AlertPayload => ({ ...alert, endsAt: endedAt(alert.endsAt, now) });

/** Whoever is paged reads it: the others page nobody. */
function withLeftOut(alert: AlertPayload, leftOut: number): AlertPayload {
  if (leftOut === 0) return alert;
  const { annotations } = alert;
  const note = `${leftOut} more ${leftOut === 1 ? 'alert' : 'alerts'} of its group ${leftOut === 1 ? 'was' : 'were'} left out by the sender (max_alerts)`;
  const description = own(annotations, 'description') ?? own(annotations, 'message');
  return { ...alert, annotations: { ...annotations, description: description === undefined ? note : `${note}. ${description}` } };
}

export const own = (texts: Readonly<Record<string, string>>, name: string): string | undefined =>
  Object.hasOwn(texts, name) ? texts[name] : undefined;
