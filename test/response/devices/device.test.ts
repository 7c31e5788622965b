import { describe, expect, it } from 'vitest';
import {
  type Device,
  type Devices,
  deviceId,
  maxDevices,
  takenEveryMs,
  withDevice,
  withoutDevice,
  withTaken,
} from '../../../core/response/devices/device.ts';
import { digestMessage, pageMessage } from '../../../core/response/devices/push-message.ts';
import { exampleAlert, exampleHeld, examplePage } from '../../contract/example-page.ts';

const device = (n: number, more: Partial<Device> = {}): Device => {
  const endpoint = `https://fcm.googleapis.com/${n}`;
  return { id: deviceId(endpoint), endpoint, p256dh: 'p', auth: 'a', name: `n${n}`, addedAt: n, ...more };
};
const known = (...devices: Device[]): Devices => ({ responder: 'ana', devices, version: 3 });

describe('the devices of a person', () => {
  it('are few, and one that comes again is the same with new keys', () => {
    const full = known(...Array.from({ length: maxDevices }, (_, n) => device(n)));
    expect(withDevice(full, 'ana', device(99))).toBeUndefined();
    const again = withDevice(full, 'ana', device(3, { auth: 'new' }));
    expect(again?.devices).toHaveLength(maxDevices);
    expect(again?.devices.at(-1)).toMatchObject({ name: 'n3', auth: 'new' });
    expect(again?.version).toBe(4);
    expect(withDevice(undefined, 'ben', device(1))).toEqual({ responder: 'ben', devices: [device(1)], version: 1 });
  });

  it('change only when there is something to change', () => {
    const [one, two] = [device(1), device(2)];
    expect(withoutDevice(known(one), two.id)).toBeUndefined();
    expect(withoutDevice(known(one, two), one.id)).toMatchObject({ devices: [two], version: 4 });
    const taken = withTaken(known(one, two), [two.id], 1_000_000);
    expect(taken?.devices.map(({ takenAt }) => takenAt)).toEqual([undefined, 1_000_000]);
    expect(withTaken(taken ?? known(), [two.id], 1_000_000 + takenEveryMs - 1)).toBeUndefined();
    expect(withTaken(taken ?? known(), [two.id], 1_000_000 + takenEveryMs)?.version).toBe(5);
    expect(withTaken(known(one), ['gone'], 1_000_000)).toBeUndefined();
  });
});

describe('what a device is sent', () => {
  const bytes = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));

  it('fits a push service, however long the page, and is well-formed', () => {
    const long = `\ud800 ${'ä<&>🛬"\u0000'.repeat(5000)}`;
    const page = examplePage({
      title: long,
      why: long,
      alerts: Array.from({ length: 10 }, () => exampleAlert({ title: long, reason: long })),
      held: Array.from({ length: 300 }, () => exampleHeld()),
    });
    const message = pageMessage(page, 'k');
    // 4,096 of the service, less what RFC 8188 and RFC 8291 add.
    expect(bytes(message)).toBeLessThanOrEqual(4096 - 86 - 17);
    expect(bytes(message)).toBeGreaterThan(3000);
    expect(message.title.isWellFormed() && message.body.isWellFormed()).toBe(true);
    expect(bytes(digestMessage({ title: long, lines: [long, long], url: 'https://t.example', at: 0 }, 'k'))).toBeLessThan(3993);
  });

  it('stays on the screen only while somebody has to act', () => {
    expect(pageMessage(examplePage(), 'k').urgent).toBe(true);
    for (const changes of [{ severity: 'warn' }, { status: 'acknowledged' }, { status: 'resolved' }] as const)
      expect(pageMessage(examplePage(changes), 'k').urgent, JSON.stringify(changes)).toBe(false);
  });

  it('leads to a path of the console, also of a page whose URL is odd', () => {
    expect(pageMessage(examplePage({ incidentUrl: 'https://t.example/incidents/i?x=1' }), 'k').path).toBe('/incidents/i?x=1');
    expect(pageMessage(examplePage({ incidentUrl: '' }), 'k').path).toBe('/');
  });
});
