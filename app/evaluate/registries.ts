import type { Alert } from '../../core/alerting/alerts/alert.ts';
import { asKind } from '../../core/alerting/alerts/kinds/table.ts';
import { registryGone, registryLook } from '../../core/alerting/alerts/registry-alert.ts';
import { pollNote, type RegistryTrouble, registryTrouble } from '../../core/telemetry/registries/poll.ts';
import { polledRegistries } from '../../core/telemetry/registries/registry-schema.ts';
import type { Change } from '../commit-alerts.ts';
import { readAllNotes } from '../notes.ts';
import type { Ports } from '../ports/ports.ts';
import { changeBy } from './heartbeats.ts';

/**
 * Registries that do not answer, or answer again, at a tick. What asking them has noted decides it.
 */
export async function registryChanges(
  ports: Pick<Ports, 'store' | 'config'>,
  alerts: readonly Alert[],
  now: number,
): Promise<Change[]> {
  const known = new Map(alerts.flatMap((alert) => asKind(alert, 'registry') ?? []).map((one) => [one.registry.name, one]));
  const polled = polledRegistries(ports.config);
  const asked = new Set(polled.map(({ name }) => name));
  const gone = [...known.values()]
    .filter(({ registry }) => !asked.has(registry.name))
    .flatMap((alert) => changeBy(alert, (before) => (before === undefined ? undefined : registryGone(before, now))));
  const troubles = new Map((await registryTroubles(ports)).map((trouble) => [trouble.registry, trouble]));
  const looks = polled.flatMap((one) =>
    changeBy(known.get(one.name), (before) => registryLook(before, one, troubles.get(one.name), now)),
  );
  return [...gone, ...looks];
}

/** The registries that have not answered for longer than the config allows. */
export async function registryTroubles({ store, config }: Pick<Ports, 'store' | 'config'>): Promise<RegistryTrouble[]> {
  const polled = polledRegistries(config);
  const notes = await readAllNotes(
    store,
    polled.map(({ name }) => pollNote(name)),
  );
  return polled.flatMap(({ name, registry }, place) => registryTrouble(name, registry, notes[place]) ?? []);
}
