import { useEffect, useState } from 'preact/hooks';
import { useLocation } from 'preact-iso/router';
import { formatBound, formatPercent, formatValue } from '../../../core/vocabulary/format.ts';
import type { IncidentDetailDto } from '../../../http/api/dto/incident-detail.ts';
import { useKeys } from '../../frame/keys.ts';
import { Mark, type MarkKind, Tag } from '../../parts/mark.tsx';
import { Panel } from '../../parts/panel.tsx';
import { Time } from '../../parts/time.tsx';

type AlertDto = IncidentDetailDto['incident']['alerts'][number];

/** A kind of evidence; `answer` is what its tab says, so that one is read without opening all. */
type Kind = { name: 'alerts' | 'drift' | 'changed'; title: string; answer: string };

function kindsOf(detail: IncidentDetailDto): Kind[] {
  const { changes } = detail;
  const { alerts } = detail.incident;
  const drifts = alerts.filter(({ drift }) => drift !== undefined);
  const worst = drifts.toSorted((a, b) => (b.drift?.value ?? 0) - (a.drift?.value ?? 0))[0];
  const firing = alerts.filter(({ state }) => state === 'firing').length;
  return [
    { name: 'alerts', title: 'What fires', answer: firing === alerts.length ? `${firing}` : `${firing} of ${alerts.length}` },
    ...(worst?.drift === undefined
      ? []
      : [
          {
            name: 'drift' as const,
            title: 'Feature drift',
            answer: `${featureOf(worst)}: ${worst.drift.measure} ${formatValue(worst.drift.value)}`,
          },
        ]),
    {
      name: 'changed',
      title: 'What changed',
      answer:
        changes.length === 0 && detail.changesComplete
          ? 'nothing else'
          : `${changes.length}${detail.changesComplete ? '' : ' or more'} in 24 h`,
    },
  ];
}

const featureOf = ({ labels, title }: AlertDto): string => labels['feature'] ?? title;

/** What is known, in tabs of which each carries its answer; only those whose data exist. */
export function Evidence({ detail }: { detail: IncidentDetailDto }) {
  const { url } = useLocation();
  const kinds = kindsOf(detail);
  const asked = new URLSearchParams(location.hash.slice(1)).get('evidence');
  const [chosen, choose] = useState(asked);
  useEffect(() => {
    if (asked !== null) choose(asked);
  }, [url, asked]);
  const shown = kinds.find(({ name }) => name === chosen) ?? kinds[0];
  const show = (name: Kind['name']): void => {
    choose(name);
    history.replaceState(history.state, '', `${location.pathname}${location.search}#evidence=${name}`);
  };
  useKeys(
    'Evidence',
    Object.fromEntries(kinds.map(({ name, title }, index) => [String(index + 1), { text: title, run: () => show(name) }])),
  );
  const move = (event: KeyboardEvent, index: number): void => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const next = step === undefined ? undefined : kinds[(index + step + kinds.length) % kinds.length];
    if (next === undefined) return;
    event.preventDefault();
    show(next.name);
    document.getElementById(`tab-${next.name}`)?.focus();
  };
  return (
    <Panel
      title="Evidence"
      class="evidence"
      end={
        <span class="wide">
          <kbd>1</kbd> to <kbd>{kinds.length}</kbd>
        </span>
      }
    >
      <div class="tabs" role="tablist" aria-label="Kind of evidence">
        {kinds.map(({ name, title, answer }, index) => (
          <button
            key={name}
            type="button"
            role="tab"
            id={`tab-${name}`}
            aria-selected={shown?.name === name}
            aria-controls="evidence-pane"
            tabIndex={shown?.name === name ? 0 : -1}
            onClick={() => show(name)}
            onKeyDown={(event) => move(event, index)}
          >
            <span class="dim">{title}</span>
            <b>{answer}</b>
          </button>
        ))}
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard. */}
      <div class="scroll" role="tabpanel" id="evidence-pane" tabIndex={0} aria-labelledby={`tab-${shown?.name}`}>
        {shown?.name === 'drift' ? (
          <Drift alerts={detail.incident.alerts} />
        ) : shown?.name === 'changed' ? (
          <Changed detail={detail} />
        ) : (
          <Alerts alerts={detail.incident.alerts} />
        )}
      </div>
    </Panel>
  );
}

const markOf = ({ state, severity, unjudged }: AlertDto): MarkKind =>
  unjudged !== undefined ? 'unsure' : state === 'resolved' ? 'good' : severity === 'info' ? 'ok' : severity;

function Alerts({ alerts }: { alerts: readonly AlertDto[] }) {
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">Alert</th>
          <th scope="col" class="num">
            Value
          </th>
          <th scope="col" class="num wide">
            Baseline
          </th>
          <th scope="col" class="num wide">
            Worse by
          </th>
          <th scope="col" class="wide">
            Since
          </th>
          <th scope="col">State</th>
        </tr>
      </thead>
      <tbody>
        {alerts.map((alert) => (
          <AlertRow key={alert.fingerprint} alert={alert} />
        ))}
      </tbody>
    </table>
  );
}

function AlertRow({ alert }: { alert: AlertDto }) {
  const { title, labels, value, baseline, degradation, bound, since, state, severity, reason, muted, link, unjudged, rule } =
    alert;
  const { traces = [] } = alert;
  const text = Object.entries(labels).map(([name, label]) => `${name} ${label}`);
  return (
    <tr>
      <td>
        {link === undefined ? (
          <a href={`/rules/${encodeURIComponent(rule)}`}>{title}</a>
        ) : (
          <a href={link} rel="noreferrer">
            {title}
          </a>
        )}
        <p class="small dim">{text.join(', ')}</p>
        <p class="small dim">
          {reason}
          {muted === undefined ? '' : `; muted: ${muted.text}`}
          {unjudged === undefined ? '' : `; not judged since then: ${unjudged.reason}`}
        </p>
        {traces.length === 0 ? null : <Traces traces={traces} />}
      </td>
      <td class="num strong">{value === undefined ? '–' : formatValue(value)}</td>
      {/* On a phone the reason says it. */}
      <td class="num wide">
        {baseline === undefined || !('value' in baseline)
          ? bound === undefined
            ? '–'
            : `bound ${formatBound(bound)}`
          : formatValue(baseline.value)}
      </td>
      <td class="num wide">{degradation === undefined ? '–' : formatPercent(degradation).replace('%', '\u00a0%')}</td>
      <td class="nowrap wide">
        <Time at={since} />
      </td>
      <td>
        <Tag kind={markOf(alert)}>{state === 'firing' ? severity : state}</Tag>
      </td>
    </tr>
  );
}

/** Requests in which the value was measured: where to look first. */
function Traces({ traces }: { traces: NonNullable<AlertDto['traces']> }) {
  return (
    <ul class="traces small" aria-label="Traces">
      {traces.map(({ trace, value, at, link }) => (
        <li key={`${trace} ${at}`}>
          trace{' '}
          {link === undefined ? (
            <code>{trace}</code>
          ) : (
            <a href={link} rel="noreferrer">
              <code>{trace}</code>
            </a>
          )}{' '}
          <span class="dim">
            {formatValue(value)} at <Time at={at} />
          </span>
        </li>
      ))}
    </ul>
  );
}

function Drift({ alerts }: { alerts: readonly AlertDto[] }) {
  const drifts = alerts
    .filter((alert) => alert.drift !== undefined)
    .toSorted((a, b) => (a.drift?.pValue ?? 1) - (b.drift?.pValue ?? 1) || (b.drift?.value ?? 0) - (a.drift?.value ?? 0));
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">Feature</th>
          <th scope="col">Measure</th>
          <th scope="col" class="num">
            Distance
          </th>
          <th scope="col" class="num">
            p, of how many
          </th>
          <th scope="col" class="num">
            Values
          </th>
          <th scope="col">How it was measured</th>
        </tr>
      </thead>
      <tbody>
        {drifts.map((alert) => {
          const { drift, fingerprint } = alert;
          if (drift === undefined) return null;
          return (
            <tr key={fingerprint}>
              <td class="mono">{featureOf(alert)}</td>
              <td>{drift.measure}</td>
              <td class="num strong">{formatValue(drift.value)}</td>
              <td class="num">{drift.pValue === undefined ? '–' : `${formatValue(drift.pValue)} of ${drift.tested}`}</td>
              <td class="num">
                {drift.currentCount} against {drift.baselineCount}
              </td>
              <td class="small dim">
                {drift.binning}; {drift.zero}
                {drift.logBase === undefined ? '' : `; logarithm to base ${drift.logBase}`}
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

function Changed({ detail: { changes, changesFrom, changesComplete } }: { detail: IncidentDetailDto }) {
  if (changes.length === 0 && changesComplete)
    return (
      <p class="in">
        Nothing that Tocsin knows of changed since <Time at={changesFrom} />, 24 h before it began.
      </p>
    );
  return (
    <ul class="feed">
      {changes.map(({ at, kind, text, by, link }) => (
        <li key={`${at} ${text}`}>
          <Time at={at} />
          <span class={`kind ${kind}`}>{kind}</span>
          <span>
            {link === undefined ? (
              text
            ) : (
              <a href={link} rel="noreferrer">
                {text}
              </a>
            )}
          </span>
          <span class="dim3">{by}</span>
        </li>
      ))}
      <li class="dim3">
        <Mark kind={changesComplete ? 'ok' : 'unsure'} />
        <span>
          {changesComplete ? (
            <>
              Nothing else since <Time at={changesFrom} />.
            </>
          ) : (
            <>
              Only the latest; <a href="/audit">the audit log</a> has more.
            </>
          )}
        </span>
      </li>
    </ul>
  );
}
