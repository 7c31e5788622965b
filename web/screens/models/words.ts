import { intervalText } from '../../../core/charts/interval-text.ts';
import { formatPercent, formatValue } from '../../../core/vocabulary/format.ts';
import type { ModelDetailDto, ModelSeenDto, ModelsDto } from '../../../http/api/dto/model.ts';
import type { MarkKind } from '../../parts/mark.tsx';

type Counts = ModelSeenDto['rules'];

const sum = (counts: Counts, states: readonly (keyof Counts)[]): number =>
  states.reduce((total, state) => total + (counts[state] ?? 0), 0);

export const unjudgedIn = (counts: Counts): number => sum(counts, ['error', 'no data', 'insufficient evidence', 'starting']);

/** The worst of its rules. Not judged is not well. */
export function markOfRules(counts: Counts): MarkKind {
  if ((counts.critical ?? 0) > 0) return 'critical';
  if ((counts.warn ?? 0) > 0) return 'warn';
  if (unjudgedIn(counts) > 0) return 'unsure';
  return (counts.ok ?? 0) > 0 ? 'ok' : 'none';
}

export function rulesText(counts: Counts): string {
  const total = Object.values(counts).reduce((all, count) => all + count, 0);
  if (total === 0) return 'no rule watches it';
  const parts = [
    ...((counts.critical ?? 0) > 0 ? [`${counts.critical} critical`] : []),
    ...((counts.warn ?? 0) > 0 ? [`${counts.warn} warn`] : []),
    ...(unjudgedIn(counts) > 0 ? [`${unjudgedIn(counts)} ${unjudgedIn(counts) === 1 ? 'rule' : 'rules'} not judged`] : []),
    `${counts.ok ?? 0} of ${total} well`,
  ];
  return parts.join(', ');
}

/** Whether any model is unwell, in one sentence. */
export function modelsSentence({ models, total, ofOthers }: ModelsDto): string {
  if (total === 0)
    return ofOthers === undefined ? 'No source of the config takes predictions of a model.' : `No model is of ${ofOthers.team}.`;
  const whose = ofOthers === undefined ? '' : ` of ${ofOthers.team}`;
  const unwell = models.filter(({ rules }) => (rules.critical ?? 0) + (rules.warn ?? 0) > 0);
  const [first] = unwell;
  if (first !== undefined && unwell.length === 1) return `${first.model} is not well: ${rulesText(first.rules)}.`;
  if (first !== undefined) return `${unwell.length} of ${total} models${whose} are not well.`;
  const untold = models.filter(({ rules }) => markOfRules(rules) !== 'ok').length;
  if (untold === 0) return total === 1 ? `${models[0]?.model} is well.` : `All ${total} models${whose} are well.`;
  return `No model${whose} is known to be unwell, but ${untold} of ${total} ${untold === 1 ? 'is' : 'are'} not fully judged.`;
}

/** How good the model is, with its evidence. */
export function modelSentence({ model, quality }: ModelDetailDto): string {
  const { total, metric, confidence } = quality;
  if (total === undefined)
    return `How good ${model} is, nobody can tell: no ${metric.replaceAll('_', ' ')} of the last week is known.`;
  const value = formatValue(total.value);
  const within =
    total.interval === undefined || confidence === undefined
      ? ''
      : ` (${intervalText(total.interval)} at ${formatPercent(confidence)})`;
  const of = total.count === undefined ? '' : ` on ${Math.round(total.count)} predictions`;
  return `The ${metric.replaceAll('_', ' ')} of ${model} is ${value}${within}${of} of the last week.`;
}

const kinds: readonly string[] = ['incident', 'incidents', 'alerts', 'baselines', 'deployments', 'config'];

/**
 * What a model is like is read again when something was decided about it, not at each judgement.
 */
export const concernsModels = ({ kind }: { kind: string }): boolean => kinds.includes(kind);
