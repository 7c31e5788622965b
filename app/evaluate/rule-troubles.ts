import { isAsking } from '../../core/detection/rules/rule-schema.ts';
import { type Found, type Trouble, troubleOf } from '../../core/selfcheck/vitals/rule-trouble.ts';
import { evaluatedNote, troublesNote } from '../../core/selfcheck/vitals/stored-rules.ts';
import type { RuleTroubles } from '../../core/selfcheck/vitals/vitals.ts';
import { digest } from '../../core/vocabulary/fingerprint.ts';
import type { JudgedRules } from '../in-flight.ts';
import { readNote, writeNote } from '../notes.ts';
import type { Ports } from '../ports/ports.ts';

/** Limits of one stored item: more rules are only counted, and beyond `maxTexts` have no text. */
const maxRules = 1000;
const maxTexts = 100;
const maxText = 300;

/**
 * Notes which rules are judged only partly or not at all, so that none passes as healthy. Rules
 * that were not due keep their entry. Written when the set changes; texts with their changing
 * numbers are updated then. `limits`: composite rules, which query no source.
 */
export async function noteTroubles(
  ports: Pick<Ports, 'store' | 'config' | 'sha256' | 'inFlight'>,
  judged: readonly { id: string; result: Found }[],
  more: { faults: readonly { rule: string; error: string }[]; limits: readonly { rule: string; cut?: string }[] },
  now: number,
): Promise<void> {
  const { faults, limits } = more;
  if (judged.length + faults.length + limits.length === 0) return;
  const { store, config } = ports;
  const [past, known] = await Promise.all([judgedRules(ports), readTroubles({ store })]);
  const noted = new Map(
    (known?.rules ?? []).filter(({ rule }) => Object.hasOwn(config.rules, rule)).map((one) => [one.rule, one]),
  );
  let isNew = false;
  const note = (rule: string, trouble: Trouble | undefined): void => {
    if (trouble === undefined) noted.delete(rule);
    else {
      const before = noted.get(rule);
      const since = before?.kind === trouble.kind ? before.since : now;
      noted.set(rule, { ...trouble, rule, since, text: trouble.text.slice(0, maxText).toWellFormed() });
    }
  };
  const nameOf = (rule: string): string => digest(rule, 10, ports.sha256);
  const flagOf = (rule: string): 0 | 1 | undefined => {
    const flag = past.ofRule.get(rule) ?? past.flags.get(nameOf(rule));
    if (flag !== undefined && !past.ofRule.has(rule)) past.ofRule.set(rule, flag);
    return flag;
  };
  for (const { id, result } of judged) {
    const rule = config.rules[id];
    if (rule === undefined || !isAsking(rule) || config.tenantRules?.[id] !== undefined) continue;
    const flag = flagOf(id);
    note(id, troubleOf(result, rule, flag === 1));
    const next = flag === 1 || result.said > 0 ? 1 : 0;
    if (next === flag) continue;
    past.flags.set(nameOf(id), next);
    past.ofRule.set(id, next);
    isNew = true;
  }
  for (const { rule, cut } of limits)
    note(rule, cut === undefined ? undefined : { kind: 'series cut', text: cut, degrades: true });
  for (const { rule, error } of faults)
    note(rule, { kind: 'source fails', text: `it could not be judged: ${error}`, degrades: true });
  let starting = 0;
  // No flag is ever taken back.
  if (past.complete !== config.rules) {
    for (const [id, rule] of Object.entries(config.rules))
      if (config.tenantRules?.[id] === undefined && isAsking(rule) && flagOf(id) === undefined) starting += 1;
    if (starting === 0) past.complete = config.rules;
  }
  if (isNew) await writeNote(store, evaluatedNote, { rules: Object.fromEntries(past.flags) });
  const all = [...noted.values()];
  const rules = all.slice(0, maxRules).map((one, place) => (place < maxTexts ? one : { ...one, text: '' }));
  const next: RuleTroubles = { at: now, starting, more: all.length - rules.length, rules };
  if (known === undefined || signOf(next) !== signOf(known)) await writeNote(store, troublesNote, next);
}

/** Changes in this trigger a new note. */
const signOf = ({ starting, more, rules }: RuleTroubles): string =>
  `${starting} ${more}\n${rules.map((one) => `${one.rule} ${one.kind} ${one.degrades}`).join('\n')}`;

export const readTroubles = ({ store }: Pick<Ports, 'store'>): Promise<RuleTroubles | undefined> => readNote(store, troublesNote);

function judgedRules({ store, inFlight }: Pick<Ports, 'store' | 'inFlight'>): Promise<JudgedRules> {
  if (inFlight.judgedRules !== undefined) return inFlight.judgedRules;
  const read = readNote(store, evaluatedNote).then((noted) => ({
    flags: new Map(Object.entries(noted?.rules ?? {})),
    ofRule: new Map<string, 0 | 1>(),
  }));
  // The next one reads again.
  read.catch(() => {
    inFlight.judgedRules = undefined;
  });
  inFlight.judgedRules = read;
  return read;
}
