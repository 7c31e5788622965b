import { formatValue } from '../../../core/vocabulary/format.ts';
import type { RuleDetailDto } from '../../../http/api/dto/rule-detail.ts';
import { Tag } from '../../parts/mark.tsx';
import { Panel } from '../../parts/panel.tsx';
import { ruleAddress } from '../now/health-grid.tsx';
import { statusMark } from './judgements.tsx';

/** The series that the last judgement shows: those with an alert first. */
export function SeriesList({ detail, current }: { detail: RuleDetailDto; current: string | undefined }) {
  const { total, shown } = detail.series;
  return (
    <Panel title="Series" count={total} end={shown.length < total ? `the ${shown.length} that matter most` : undefined}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls takes the focus, so that keys scroll it. */}
      <section class="scroll series" tabIndex={0} aria-label="Table of series">
        <table>
          <thead>
            <tr>
              <th scope="col">Series</th>
              <th scope="col">Verdict</th>
              <th scope="col" class="num">
                Value
              </th>
              <th scope="col">Why</th>
            </tr>
          </thead>
          <tbody>
            {shown.map(({ fingerprint, labels, status, value, reason }) => (
              <tr key={fingerprint}>
                <td>
                  <a
                    href={`${ruleAddress(detail.rule.rule)}/series/${encodeURIComponent(fingerprint)}`}
                    {...(fingerprint === current ? { 'aria-current': 'true' as const } : {})}
                  >
                    {Object.entries(labels)
                      .map(([name, text]) => `${name}=${text}`)
                      .join(', ') || 'without labels'}
                  </a>
                </td>
                <td>
                  <Tag kind={statusMark[status]}>{status === 'insufficient evidence' ? 'not sure' : status}</Tag>
                </td>
                <td class="num strong">{value === undefined ? '–' : formatValue(value)}</td>
                <td class="why">{reason}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </Panel>
  );
}
