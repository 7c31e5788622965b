import { mlflowRegistries } from '../adapters/mlflow/index.ts';
import { registryRuns } from '../adapters/registry-runs.ts';
import { sendDigests } from '../app/digest/send-digests.ts';
import { evaluate } from '../app/evaluate/evaluate.ts';
import { pollRegistries } from '../app/ingest/poll-registries.ts';
import { noteConfig } from '../app/respond/note-config.ts';
import { noteTick, readNotes } from '../app/selfcheck/vitals.ts';
import { logFaults } from '../core/vocabulary/log-faults.ts';
import { handlerOf } from './wiring/handler.ts';
import { addToLog, log } from './wiring/log.ts';
import { putMetrics } from './wiring/metrics.ts';
import { once, wire } from './wiring/ports.ts';
import { wireSecrets } from './wiring/secrets.ts';
import { withSources } from './wiring/sources.ts';
import { tracer } from './wiring/traces.ts';

const ports = once(() => {
  const secrets = wireSecrets();
  return {
    ...withSources(wire({ marks: true, secrets })),
    askRegistry: mlflowRegistries(secrets),
    askRuns: registryRuns(secrets),
  };
});

/** A container has one config for its whole life. */
let isNoted = false;

export const handler = handlerOf(
  { verb: 'evaluate', trigger: 'timer' },
  async () => {
    const startedAt = Date.now();
    addToLog({ tick: `tick-${startedAt}` });
    tracer()
      ?.active()
      ?.set({ 'tocsin.tick.id': `tick-${startedAt}` });
    const { config } = ports();
    const { tick: before } = config.settings.ownMetrics ? await readNotes(ports()) : {};
    if (!isNoted) await noteConfig(ports(), 'deploy', startedAt);
    isNoted = true;
    // Also waits for late sources: whatever runs when the function returns would be cut off.
    const report = await evaluate(ports(), startedAt, { clock: Date.now });
    const { rules, series, skipped, tookMs } = await noteTick(ports(), report, { startedAt, endedAt: Date.now() });
    // Rules come first, and a digest that fails is tried again in a minute.
    await sendDigests(ports(), startedAt).catch((error: unknown) =>
      log('error', 'a digest could not be sent', { error: String(error) }),
    );
    putMetrics(config, {
      Rules: rules,
      Series: series,
      SkippedRules: skipped,
      EvaluateDuration: tookMs,
      ...(before === undefined ? {} : { TickGap: startedAt - before.at }),
    });
    // At last: a registry that answers slowly takes nothing from what was judged.
    await pollRegistries(ports(), startedAt).catch((error: unknown) =>
      log('error', 'model registries could not be asked', { error: String(error) }),
    );
    const [first] = report.errors;
    if (first !== undefined) log('error', logFaults.rulesSkipped, { count: skipped, rule: first.rule, error: first.error });
    return report;
  },
  (report) => ({ ...report }),
);
