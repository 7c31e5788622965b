import type { RegistryTrouble } from '../../telemetry/registries/poll.ts';
import type { PolledRegistry } from '../../telemetry/registries/registry-schema.ts';
import { fingerprint } from '../../vocabulary/fingerprint.ts';
import { formatUtc } from '../../vocabulary/format.ts';
import { byItself } from '../../vocabulary/group-by.ts';
import { asRuleId, type Fingerprint, type RuleId } from '../../vocabulary/ids.ts';
import type { Alert } from './alert.ts';
import type { AlertStep } from './alert-step.ts';
import { groupOf } from './group.ts';
import { retire } from './next-alert.ts';

/** What the alert about a registry is named by, as if it were a rule. */
export const registryRule = (name: string): RuleId => asRuleId(`registry/${name}`);
/** One a registry, whatever its labels are. Config names cannot contain this character. */
export const registryFingerprint = (name: string): Fingerprint => fingerprint(`${name}#registry`, {});

/** Another error of a registry that goes on failing is written after this long. */
const rewrittenAfterMs = 5 * 60_000;

/** Fires, changes or ends the alert about a registry that does not answer. */
export function registryLook(
  known: Alert | undefined,
  { name, registry }: { name: string; registry: PolledRegistry },
  trouble: RegistryTrouble | undefined,
  now: number,
): AlertStep {
  const active = known?.state === 'firing' ? known : undefined;
  if (trouble === undefined) {
    if (active === undefined) return { alert: known, change: undefined };
    return { alert: retire(active, `the registry ${name} answers again`, now), change: 'resolved' };
  }
  const reason = `the registry ${name} has not answered since ${formatUtc(trouble.since)}: ${trouble.error}`;
  if (active === undefined) return { alert: firing(known, { name, registry }, { trouble, reason, now }), change: 'fired' };
  if (reason === active.reason || now - active.evaluatedAt < rewrittenAfterMs) return { alert: active, change: undefined };
  return { alert: { ...active, reason, evaluatedAt: now }, change: 'refreshed' };
}

/** Nothing in the config asks it any more. */
export const registryGone = (known: Alert, now: number): AlertStep => ({
  alert: retire(known, `the config asks no registry ${known.registry?.name ?? ''} any more`, now),
  change: 'retired',
});

/** By itself in its incident: a registry that is down says nothing about the models in it. */
function firing(
  known: Alert | undefined,
  { name, registry }: { name: string; registry: PolledRegistry },
  { trouble, reason, now }: { trouble: RegistryTrouble; reason: string; now: number },
): Alert {
  const id = registryFingerprint(name);
  const labels = { ...registry.labels, registry: name };
  const { owner, runbook, severity, category } = registry;
  return {
    fingerprint: id,
    ruleId: registryRule(name),
    labels,
    category,
    ...groupOf({ labels, fingerprint: id }, [byItself]),
    state: 'firing',
    severity,
    since: Math.min(trouble.since, now),
    firedAt: now,
    breachedAt: now,
    evaluatedAt: now,
    reason,
    excluded: [],
    aboutRule: true,
    registry: { name, runbook, ...(owner === undefined ? {} : { owner }) },
    ...(known?.joined === undefined ? {} : { joined: known.joined }),
    version: known?.version ?? 0,
  };
}
