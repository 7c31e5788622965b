import { isTested } from '../detection/evidence/family.ts';
import { judgesOf, judgesProfiles, type Rule, sourceNameOf } from '../detection/rules/rule-schema.ts';
import type { Report } from '../vocabulary/report.ts';
import { shown } from '../vocabulary/shown.ts';
import type { Config } from './schema.ts';

/** Rules of one multiple-testing group must use one confidence and one source. */
export function checkFamilies({ rules }: Pick<Config, 'rules'>, report: Report): void {
  const firsts = new Map<string, { id: string; rule: Rule }>();
  for (const [id, rule] of Object.entries(rules)) {
    const { family } = rule.samples;
    if (family === undefined) continue;
    const wrong = (message: string): void => report(['rules', id, 'samples', 'family'], 'value', message);
    if (!judgesProfiles(rule) && !isTested(rule)) {
      wrong(
        'expected a rule that makes statistical tests: drift, or one with `samples.confidence` or `falseAlarms`; add it, or remove this key',
      );
      continue;
    }
    const first = firsts.get(family);
    if (first === undefined) {
      firsts.set(family, { id, rule });
      continue;
    }
    for (const [what, of] of shared) {
      if (of(rule) !== of(first.rule))
        wrong(`expected the same ${what} as ${first.id}, which is also in the family ${shown(family)}; received another`);
    }
  }
}

const shared: [what: string, of: (rule: Rule) => unknown][] = [
  ['source', sourceNameOf],
  ['kind, drift or not,', judgesOf],
  ['samples.confidence', ({ samples }) => samples.confidence],
  ['falseAlarms', ({ falseAlarms }) => falseAlarms],
  ['falseDiscovery', (rule) => (judgesProfiles(rule) ? rule.drift.falseDiscovery : undefined)],
];
