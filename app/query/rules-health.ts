import type { Alert } from '../../core/alerting/alerts/alert.ts';
import { type RuleHealth, rulesHealth } from '../../core/selfcheck/health/rule-health.ts';
import { evaluatedNote, ticksNote, troublesNote, undecidedNote } from '../../core/selfcheck/vitals/stored-rules.ts';
import { ruleStatesFrom } from '../explain/rule-states.ts';
import { noteIn } from '../notes.ts';
import type { Ports } from '../ports/ports.ts';

const keys = [ticksNote, evaluatedNote, troublesNote, undecidedNote].map(({ key }) => key);

/**
 * How every rule of the config is. It rests on alerts and on what evaluations noted, so it costs
 * little for many rules: no judgement is read. Whoever looks while that stays the same gets the
 * answer of the one before. Where the store reads alerts anew each time, it is worked out each
 * time. `known`: the alerts, where whoever asks has read them already.
 */
export async function readRulesHealth(
  ports: Pick<Ports, 'store' | 'config' | 'sha256' | 'inFlight'>,
  known?: readonly Alert[],
): Promise<readonly RuleHealth[]> {
  const { store, config, inFlight } = ports;
  const [texts, alerts] = await Promise.all([store.metas(keys), known ?? store.alerts()]);
  const restsOn = [config, ...texts, ...alerts];
  const before = inFlight.rulesHealth;
  if (before !== undefined && isSame(before.restsOn, restsOn)) return before.health;
  const [ticks, evaluated, troubles, undecided] = await Promise.all([
    noteIn(store, ticksNote, texts[0]),
    noteIn(store, evaluatedNote, texts[1]),
    noteIn(store, troublesNote, texts[2]),
    noteIn(store, undecidedNote, texts[3]),
  ]);
  const states = ruleStatesFrom(ports, { ticks, evaluated, troubles });
  const health = rulesHealth(config, { states, alerts, undecided: undecided?.rules ?? [] });
  inFlight.rulesHealth = { restsOn, health };
  return health;
}

const isSame = (before: readonly unknown[], now: readonly unknown[]): boolean =>
  before.length === now.length && before.every((one, place) => Object.is(one, now[place]));
