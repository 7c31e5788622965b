import { formatPercent, formatValue } from '../../../core/vocabulary/format.ts';
import type { FeatureDto, FeatureSideDto, FeaturesDto } from '../../../http/api/dto/feature.ts';
import type { MarkKind } from '../../parts/mark.tsx';

export type Against = FeaturesDto['against'];

export const againstWords: Readonly<Record<Against, string>> = {
  rule: 'as the rule judges',
  training: 'its training',
  version: 'the version before',
  before: 'the time before',
};

const marks: Readonly<Record<FeatureDto['verdict']['status'], MarkKind>> = {
  critical: 'critical',
  warn: 'warn',
  'insufficient evidence': 'unsure',
  'no data': 'none',
  error: 'none',
  ok: 'ok',
};

export const markOf = ({ verdict }: FeatureDto): MarkKind => marks[verdict.status];

export const worstMark = (features: readonly FeatureDto[]): MarkKind | undefined =>
  features[0] === undefined ? undefined : markOf(features[0]);

export const nullsText = (side: FeatureSideDto | undefined): string =>
  side === undefined || side.records === 0 ? '–' : formatPercent(side.nulls / side.records);

export const medianText = (side: FeatureSideDto | undefined): string =>
  side?.numbers === undefined ? '–' : formatValue(side.numbers.median);

export const distinctText = (side: FeatureSideDto | undefined): string =>
  side === undefined ? '–' : `${side.distinctIsExact ? '' : 'about '}${side.distinct}`;

export const rangeText = (side: FeatureSideDto | undefined): string =>
  side?.numbers === undefined ? '–' : `${formatValue(side.numbers.min)} to ${formatValue(side.numbers.max)}`;

const small = 0.001;
export const chanceText = (p: number | undefined): string =>
  p === undefined ? 'too few values for a test' : p < small ? '< 0.001' : formatValue(p);

/** `psi` as people write it. */
export const measureWord = (measure: string): string => ({ psi: 'PSI', ks: 'KS', js: 'Jensen-Shannon' })[measure] ?? measure;

/** The address of the same screen with something else chosen; what is undefined is left out. */
export function addressWith(path: string, query: Record<string, string>, changes: Record<string, string | undefined>): string {
  const all = new URLSearchParams();
  for (const [name, value] of Object.entries({ ...query, ...changes }))
    if (value !== undefined && value !== '') all.set(name, value);
  return all.size === 0 ? path : `${path}?${all}`;
}

const passed = ['source', 'against', 'version', 'rule', 'from', 'to'];

/** What of the view the API is asked for. */
export const askedOf = (query: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(query).filter(([name]) => passed.includes(name)));

const kinds: readonly string[] = ['alerts', 'baselines', 'config'];

/** Profiles are many; they are read again when something was decided about them. */
export const concernsFeatures = ({ kind }: { kind: string }): boolean => kinds.includes(kind);
