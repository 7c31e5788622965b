import type { AlertPayload } from '../../core/alerting/alerts/alert-payload.ts';
import type { IntakeRead } from '../../core/alerting/intakes/alert-intake.ts';
import { kfpIntake } from '../../core/alerting/intakes/kinds/kfp.ts';
import { readMlflowRuns } from '../../core/alerting/intakes/kinds/mlflow-runs.ts';
import { type AskedRun, newRuns, runsNote } from '../../core/telemetry/registries/asked-runs.ts';
import { type PolledRegistry, runsSourceOf } from '../../core/telemetry/registries/registry-schema.ts';
import type { Entry } from '../../core/telemetry/samples/records.ts';
import { readNote, writeNote } from '../notes.ts';
import type { Ports } from '../ports/ports.ts';
import { acceptAlerts } from './ingest-alerts.ts';

/**
 * Runs that a server answered become alerts of its source. What was in the first answer is no news.
 * The alerts go first: after a crash between the two the same runs say the same again.
 */
export async function takeRuns(
  ports: Ports,
  { name, registry }: { name: string; registry: PolledRegistry },
  runs: readonly AskedRun[],
  now: number,
): Promise<void> {
  const to = runsSourceOf(registry);
  if (to === undefined) return;
  const before = await readNote(ports.store, runsNote(name));
  const { fresh, after } = newRuns(before, runs, { now, lookback: to.lookback });
  if (fresh.length > 0) {
    const read = readRuns(
      registry,
      fresh.map(({ document }) => document),
      now,
    );
    if (!read.ok) throw new Error(read.error);
    const records = read.records.map((entry) => labelled(entry, registry));
    await acceptAlerts(ports, to.source, { ...read, records }, now);
  }
  await writeNote(ports.store, runsNote(name), after);
}

function readRuns({ kind }: PolledRegistry, runs: unknown[], now: number): IntakeRead {
  switch (kind) {
    case 'kfp':
      return kfpIntake.read({ runs }, now);
    case 'mlflow':
      return readMlflowRuns(runs, now);
  }
}

const labelled = ({ index, value }: Entry<AlertPayload>, { labels }: PolledRegistry): Entry<AlertPayload> => ({
  index,
  value: { ...value, labels: { ...labels, ...value.labels } },
});
