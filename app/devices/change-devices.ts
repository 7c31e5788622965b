import { auditEntry } from '../../core/access/audit-log.ts';
import { type Device, type Devices, withDevice, withoutDevice, withTaken } from '../../core/response/devices/device.ts';
import { ConflictError } from '../commit.ts';
import type { Ports } from '../ports/ports.ts';
import { commitWithAuditEntry } from '../respond/with-audit-entry.ts';

type Needed = Pick<Ports, 'store' | 'observeAudit'>;

/** Why a device is removed by Tocsin itself. */
export const takesNoMore = 'its push service says that the browser takes no more messages';

/** A page that is sent meanwhile writes as well, but once. */
const maxConflicts = 5;

type By = { responder: string; actor: string; now: number };

async function changed(
  ports: Needed,
  responder: string,
  change: (known: Devices | undefined) => Promise<boolean>,
): Promise<void> {
  for (let n = 0; n < maxConflicts; n += 1) if (await change(await ports.store.devices(responder))) return;
  throw new ConflictError(`the devices of ${responder} change all the time; try again`);
}

const write = (value: Devices) => ({ kind: 'devices', value, expected: value.version - 1 }) as const;

/** false: the person has as many as there may be. */
export async function addDevice(ports: Needed, device: Device, { responder, actor, now }: By): Promise<boolean> {
  let isFull = false;
  await changed(ports, responder, async (known) => {
    const value = withDevice(known, responder, device);
    isFull = value === undefined;
    if (value === undefined) return true;
    const text = `pages to ${responder} go to ${device.name} as well`;
    const data = { responder, device: device.id, name: device.name };
    const entry = auditEntry({ at: now, kind: 'device added', text, actor, data }, `${device.id} ${value.version}`);
    return commitWithAuditEntry(ports, write(value), entry);
  });
  return !isFull;
}

/** Each with its entry in the audit log. Those that are not there are left out. */
export async function removeDevices(
  ports: Needed,
  ids: readonly string[],
  { responder, actor, now, why }: By & { why: string },
): Promise<void> {
  for (const id of ids)
    await changed(ports, responder, async (known) => {
      const device = known?.devices.find((one) => one.id === id);
      const value = known === undefined ? undefined : withoutDevice(known, id);
      if (device === undefined || value === undefined) return true;
      const text = `no more pages to ${responder} by ${device.name}: ${why}`;
      const data = { responder, device: id, name: device.name };
      const entry = auditEntry({ at: now, kind: 'device removed', text, actor, data }, `${id} ${value.version}`);
      return commitWithAuditEntry(ports, write(value), entry);
    });
}

export async function noteTaken(
  ports: Needed,
  ids: readonly string[],
  { responder, now }: Pick<By, 'responder' | 'now'>,
): Promise<void> {
  await changed(ports, responder, async (known) => {
    const value = known === undefined ? undefined : withTaken(known, ids, now);
    if (value === undefined) return true;
    return (await ports.store.commit({ writes: [write(value)], timeline: [], effects: [], done: [] })) === 'committed';
  });
}
