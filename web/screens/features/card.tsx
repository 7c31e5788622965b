import { formatValue } from '../../../core/vocabulary/format.ts';
import type { FeatureDto } from '../../../http/api/dto/feature.ts';
import { Tag } from '../../parts/mark.tsx';
import { Distribution } from './distribution.tsx';
import { markOf, measureWord, medianText, nullsText } from './words.ts';

/** One of the small multiples. */
export function FeatureCard({ feature, address }: { feature: FeatureDto; address: string }) {
  const { verdict, baseline, current, unit, labels, notes, sentence } = feature;
  const mark = markOf(feature);
  const note = notes[0] ?? (mark === 'ok' ? undefined : mark === 'unsure' || mark === 'none' ? verdict.reason : sentence);
  return (
    <li class="feature-card">
      <h3>
        <a href={address} class="mono" data-row>
          {feature.feature}
        </a>
        {unit === undefined ? null : <span class="dim3"> {unit}</span>}
        {Object.values(labels).length === 0 ? null : <span class="dim3"> {Object.values(labels).join(', ')}</span>}
        <span class="end">
          <Tag kind={mark} />
        </span>
      </h3>
      <Distribution feature={feature} />
      <p class="numbers small">
        {verdict.value === undefined ? null : (
          <span>
            {measureWord(verdict.measure ?? '')} <b>{formatValue(verdict.value)}</b>
          </span>
        )}
        {current?.numbers === undefined ? null : (
          <span>
            median {medianText(baseline)} → {medianText(current)}
          </span>
        )}
        <span>
          null {nullsText(baseline)} → {nullsText(current)}
        </span>
      </p>
      {note === undefined ? null : <p class="dim small">{note}</p>}
    </li>
  );
}
