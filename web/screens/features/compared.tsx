import type { FeaturesDto } from '../../../http/api/dto/feature.ts';
import { Time } from '../../parts/time.tsx';

type Spans = Pick<FeaturesDto, 'current' | 'baseline' | 'rule'>;

/** What is compared with what: `2001-03.b, 20 Mar 10:00 to 19:00, against the time before`. */
export function Compared({ found: { current, baseline, rule } }: { found: Spans }) {
  const { from, to } = baseline;
  return (
    <span class="dim3">
      {current.version === undefined ? null : `${current.version}, `}
      <Time at={current.from} /> to <Time at={current.to} />, against {baseline.what ?? 'nothing'}
      {from === undefined || to === undefined || from === to ? null : (
        <>
          , <Time at={from} /> to <Time at={to} />
        </>
      )}
      {rule === undefined ? (
        ', which no rule judges'
      ) : (
        <>
          , by <a href={`/rules/${encodeURIComponent(rule)}`}>{rule}</a>
        </>
      )}
    </span>
  );
}
