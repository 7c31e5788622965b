import { useMemo } from 'preact/hooks';
import { useLocation } from 'preact-iso/router';
import { chartSentence } from '../../../core/charts/words.ts';
import type { ChartDto } from '../../../http/api/dto/chart.ts';
import type { IncidentDetailDto } from '../../../http/api/dto/incident-detail.ts';
import { ChartFigure, chartTimeText } from '../../charts/chart.tsx';
import { chartOfDto } from '../../charts/chart-data.ts';
import { useAnswer } from '../../data/answer.ts';
import { Panel } from '../../parts/panel.tsx';
import { Shown } from '../../parts/states.tsx';
import { touchesIncident } from './touches.ts';

const ranges = [
  ['24h', '24 h'],
  ['3d', '3 d'],
  ['14d', '14 d'],
  ['45d', '45 d'],
] as const;

function searchOf(named: Readonly<Record<string, string | undefined>>): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(named)) if (value !== undefined) search.set(name, value);
  return search.toString();
}

/** The metric over time. Range and series are in the address, so a link shows the same. */
export function ChartPanel({ detail: { incident } }: { detail: IncidentDetailDto }) {
  const { query, path, route } = useLocation();
  const { range, series, from, to } = query;
  const asked = searchOf({ range, series, from, to });
  const address = `/api/incidents/${encodeURIComponent(incident.id)}/chart${asked === '' ? '' : `?${asked}`}`;
  const rules = incident.alerts.map(({ rule }) => rule);
  const answer = useAnswer<ChartDto>(address, touchesIncident(incident.id, rules));
  const dto = answer.value;
  const chart = useMemo(() => (dto === undefined ? undefined : chartOfDto(dto)), [dto]);
  const go = (more: Record<string, string | undefined>): void => {
    const next = searchOf({ ...query, from: undefined, to: undefined, ...more });
    route(`${path}${next === '' ? '' : `?${next}`}${location.hash}`, true);
  };
  // Nothing that Tocsin judges: another system does, and its link is with the alerts.
  if (dto === undefined && answer.fault?.status === 404) return null;
  return (
    <Panel
      title={dto?.of.title ?? 'Chart'}
      class="chart-panel"
      end={
        <fieldset class="seg">
          <legend class="vh">Range</legend>
          {ranges.map(([value, text]) => (
            <button
              key={value}
              type="button"
              aria-pressed={range === value}
              onClick={() => go({ range: range === value ? undefined : value })}
            >
              {text}
            </button>
          ))}
        </fieldset>
      }
    >
      {dto !== undefined && dto.series.length > 1 ? (
        <p class="in series">
          <label>
            Series{' '}
            <select value={dto.of.fingerprint} onChange={(event) => go({ series: event.currentTarget.value })}>
              {dto.series.map(({ fingerprint, title, labels }) => (
                <option key={fingerprint} value={fingerprint}>
                  {title} {Object.values(labels).join(', ')}
                </option>
              ))}
            </select>
          </label>
        </p>
      ) : null}
      <Shown answer={answer} what="judgements" lines={8}>
        {(known) =>
          chart === undefined ? null : (
            <ChartFigure
              chart={chart}
              sentence={chartSentence({ ...chart, title: known.of.title }, known.confidence, chartTimeText)}
              linksTime
              image={`/incidents/${encodeURIComponent(incident.id)}/chart.svg${asked === '' ? '' : `?${asked}`}`}
            />
          )
        }
      </Shown>
    </Panel>
  );
}
