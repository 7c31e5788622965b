import { formatBound, formatValue } from '../../../core/vocabulary/format.ts';
import type { FeatureDto, FeaturesDto } from '../../../http/api/dto/feature.ts';
import { Time } from '../../parts/time.tsx';
import { chanceText, distinctText, measureWord, medianText, nullsText, rangeText } from './words.ts';

/** The numbers of one feature, before and now. */
export function FeatureFacts({ feature, bounds }: { feature: FeatureDto; bounds: FeaturesDto['bounds'] }) {
  const { verdict, baseline, current, distances, alert } = feature;
  const change = (text: (side: typeof current) => string): string => `${text(baseline)} → ${text(current)}`;
  const others = distances.filter(({ measure }) => measure !== verdict.measure);
  return (
    <dl class="facts">
      {verdict.value === undefined ? null : (
        <>
          <dt>{measureWord(verdict.measure ?? '')}</dt>
          <dd>
            <b>{formatValue(verdict.value, bounds.warn, bounds.critical)}</b>, bounds {formatBound(bounds.warn)} and{' '}
            {formatBound(bounds.critical)}
          </dd>
          <dt>p-value</dt>
          <dd>
            {chanceText(verdict.pValue)}
            {verdict.tested === undefined || verdict.tested === 0 ? null : `, corrected for ${verdict.tested} features`}
          </dd>
        </>
      )}
      {others.map(({ measure, value }) => (
        <FactOf key={measure} name={measureWord(measure)} text={formatValue(value)} />
      ))}
      {current?.numbers === undefined && baseline?.numbers === undefined ? null : (
        <>
          <FactOf name="Median" text={change(medianText)} />
          <FactOf name="Range" text={change(rangeText)} />
        </>
      )}
      <FactOf name="Null" text={change(nullsText)} />
      <FactOf name="Distinct" text={change(distinctText)} />
      <FactOf name="Values" text={`${baseline?.values ?? '–'} → ${current?.values ?? '–'}`} />
      {alert === undefined ? null : (
        <>
          <dt>Since</dt>
          <dd>
            <Time at={alert.since} />
            {alert.incident === undefined ? null : (
              <>
                , <a href={`/incidents/${encodeURIComponent(alert.incident)}`}>its incident</a>
              </>
            )}
          </dd>
        </>
      )}
    </dl>
  );
}

const FactOf = ({ name, text }: { name: string; text: string }) => (
  <>
    <dt>{name}</dt>
    <dd>{text}</dd>
  </>
);
