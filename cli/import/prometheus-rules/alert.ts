import { severityMeant } from '../../../core/telemetry/sources/severity-words.ts';
import type { Severity } from '../../../core/vocabulary/schema-parts.ts';
import { durationMs } from '../duration.ts';
import type { Notes } from '../note.ts';
import type { Written } from '../written.ts';
import { type Compared, readExpression } from './expression.ts';

/** An alerting rule of the file, as far as a rule here can say it. Times in milliseconds. */
export type WrittenAlert = {
  line: number;
  name: string;
  severity: Severity;
  compared: Compared;
  step: number;
  pendingFor: number;
  keepFiring: number;
  title: string | undefined;
  labels: Record<string, string>;
};

/** Prometheus evaluates so often by itself. */
const usualInterval = 60_000;

/** The alerting rules of all groups. What records a series stays where it is. */
export function alertsIn(file: Written, notes: Notes): WrittenAlert[] {
  return file.mappings('groups').flatMap((group) => {
    group.text('name');
    const interval = group.text('interval');
    const step = (interval === undefined ? undefined : durationMs(interval, notes)) ?? usualInterval;
    const shared = labelsIn(group, notes);
    const around: Group = { step: Math.max(step, 1000), labels: shared };
    return group.mappings('rules').flatMap((rule) => alertIn(rule, around, notes) ?? []);
  });
}

type Group = { step: number; labels: Record<string, string> };

function alertIn(rule: Written, { step, labels: shared }: Group, notes: Notes): WrittenAlert | undefined {
  const leave = (line: number, text: string): undefined => {
    for (const key of rule.keys()) rule.drop(key);
    notes.push({ line, kind: 'left out', text });
    return undefined;
  };
  const recorded = rule.text('record');
  if (recorded !== undefined)
    return leave(rule.line, `record ${recorded.text}: what records a series stays in Prometheus, and rules here may ask for it`);
  const name = rule.text('alert');
  const expression = rule.text('expr');
  if (name === undefined || expression === undefined) return leave(rule.line, 'a rule without `alert` or without `expr`');
  const read = readExpression(expression.text);
  if (!read.ok) return leave(expression.line, `the alert ${name.text}: ${read.reason}`);
  const labels = { ...shared, ...labelsIn(rule, notes) };
  const { severity: word, ...others } = labels;
  const severity = word === undefined ? 'warn' : severityMeant(word, { severities: {} });
  if (severity === 'info')
    return leave(
      rule.line,
      `the alert ${name.text}: rules here have the bands warn and critical; let Prometheus send it as it does now`,
    );
  if (word === undefined || severity === undefined) {
    const what = word === undefined ? 'it has no label severity' : `its severity ${JSON.stringify(word)} is not known here`;
    notes.push({ line: rule.line, kind: 'differs', text: `the alert ${name.text}: ${what}, so it is warn` });
  }
  const [pending, keep] = [rule.text('for'), rule.text('keep_firing_for')];
  return {
    line: rule.line,
    name: name.text,
    severity: severity ?? 'warn',
    compared: read.compared,
    step,
    pendingFor: (pending === undefined ? undefined : durationMs(pending, notes)) ?? 0,
    keepFiring: (keep === undefined ? undefined : durationMs(keep, notes)) ?? 0,
    title: titleIn(rule, notes),
    labels: others,
  };
}

const isTemplate = (text: string): boolean => text.includes('{{');

/** Labels with fixed values. Those of a series are there anyhow. */
function labelsIn(written: Written, notes: Notes): Record<string, string> {
  const labels = written.mapping('labels');
  const fixed: Record<string, string> = {};
  for (const name of labels?.keys() ?? []) {
    const value = labels?.text(name);
    if (value === undefined) continue;
    if (isTemplate(value.text))
      notes.push({
        line: value.line,
        kind: 'left out',
        text: `the label ${name}: a template; labels of the series are on each alert`,
      });
    else fixed[name] = value.text;
  }
  return fixed;
}

/** The annotation that becomes the title: `summary`, unless it is a template. */
function titleIn(rule: Written, notes: Notes): string | undefined {
  const annotations = rule.mapping('annotations');
  const summary = annotations?.text('summary');
  if (summary !== undefined && isTemplate(summary.text))
    notes.push({
      line: summary.line,
      kind: 'left out',
      text: 'summary: a template; pages say the value, the labels and the bound by themselves',
    });
  for (const name of annotations?.keys() ?? []) {
    const found = annotations?.text(name);
    if (found === undefined) continue;
    const text = /runbook/.test(name)
      ? `${name} ${found.text}: link it from the runbook of the rule`
      : `${name}: write what helps into the runbook of the rule`;
    notes.push({ line: found.line, kind: 'left out', text });
  }
  return summary === undefined || isTemplate(summary.text) ? undefined : summary.text;
}
