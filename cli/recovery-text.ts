import Table from 'cli-table3';
import type { Config } from '../core/config/schema.ts';
import { commonKindOf } from '../core/detection/kinds/table.ts';
import type { Recovery } from '../core/detection/rules/recovery.ts';

/** Where the bands of each rule begin, and where its alerts leave them. */
export type RuleRecovery = { rule: string; recovery: readonly Recovery[] };

export const recoveryOf = ({ rules }: Pick<Config, 'rules'>): RuleRecovery[] =>
  Object.entries(rules).map(([rule, config]) => ({ rule, recovery: commonKindOf(config).recovery(config) }));

export function recoveryText(all: readonly RuleRecovery[]): string {
  if (all.length === 0) return '';
  const table = new Table({ head: ['rule', 'band', 'begins', 'ends'], style: { head: [], border: [] } });
  const notes = new Map<string, string[]>();
  for (const { rule, recovery } of all) {
    for (const { severity, begins, ends, note } of recovery) {
      table.push([rule, severity, begins, note === undefined ? ends : `${ends} *`]);
      if (note !== undefined) notes.set(note, [...(notes.get(note) ?? []), rule]);
    }
  }
  const explained = [...notes.keys()].map((note) => `* ${note}\n`);
  return `${table.toString()}\n${explained.join('')}`;
}
