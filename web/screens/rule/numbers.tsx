import type { ComponentChildren } from 'preact';
import { intervalText } from '../../../core/charts/interval-text.ts';
import { formatPercent, formatValue } from '../../../core/vocabulary/format.ts';
import type { RuleDetailDto } from '../../../http/api/dto/rule-detail.ts';
import { durationText } from '../../frame/zone.ts';
import { Countdown, Time } from '../../parts/time.tsx';

type Series = RuleDetailDto['series']['shown'][number];

/** Six numbers with what they rest on. */
export function Numbers({ detail, series }: { detail: RuleDetailDto; series: Series | undefined }) {
  const { rule, overMs, minCount, everyMs, for: mOfN, month, falseAlarms } = detail;
  const interval = series?.interval;
  const status = series?.status;
  return (
    <dl class="panel numbers">
      <One
        name="Now"
        look={status === 'critical' || status === 'warn' ? `t-${status}` : ''}
        more={
          interval === undefined
            ? series?.baseline === undefined
              ? 'no baseline'
              : `baseline ${formatValue(series.baseline)}`
            : `${formatPercent(interval.confidence)} ${intervalText(interval)}`
        }
      >
        {series?.value === undefined
          ? '–'
          : formatValue(series.value, ...[series.bound, series.baseline].filter((one) => one !== undefined))}
      </One>
      <One
        name="Samples"
        more={`${overMs === undefined ? '' : `in ${durationText(overMs)}`}${minCount > 0 ? `${overMs === undefined ? '' : ', '}at least ${minCount}` : ''}`}
      >
        {series?.count === undefined ? '–' : Math.round(series.count).toLocaleString('en').replaceAll(',', '\u2009')}
      </One>
      <One
        name="Next judged"
        more={
          rule.nextAt === undefined ? (
            `every ${durationText(everyMs)}`
          ) : (
            <>
              <Time at={rule.nextAt} />, every {durationText(everyMs)}
            </>
          )
        }
      >
        {rule.nextAt === undefined ? '–' : <Countdown to={rule.nextAt} told={`${rule.title} is judged`} />}
      </One>
      <One name="Points past the bound" more={`fires from ${mOfN.m} of ${mOfN.n}`}>
        {series?.looked === undefined ? '–' : `${series.breaching ?? 0} of ${series.looked}`}
      </One>
      <One
        name="False alarms expected"
        more={
          falseAlarms === undefined
            ? 'it makes no test'
            : falseAlarms.budget === undefined
              ? (falseAlarms.reason ?? 'a month, no budget set')
              : `a month, budget ${formatValue(falseAlarms.budget)}`
        }
      >
        {falseAlarms?.expected === undefined ? '–' : formatValue(Number(falseAlarms.expected.toPrecision(2)))}
      </One>
      <One
        name="In 30 days"
        more={`of the time in an incident, ${month.incidents} ${month.incidents === 1 ? 'incident' : 'incidents'}`}
      >
        {formatPercent(month.openShare)}
      </One>
    </dl>
  );
}

function One({
  name,
  more,
  look = '',
  children,
}: {
  name: string;
  more: ComponentChildren;
  look?: string;
  children: ComponentChildren;
}) {
  return (
    <div class="in">
      <dt class="small dim">{name}</dt>
      <dd>
        <span class={`big ${look}`}>{children}</span>
        <span class="small dim">{more}</span>
      </dd>
    </div>
  );
}
