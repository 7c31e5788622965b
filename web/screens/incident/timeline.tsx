import { useMemo, useRef, useState } from 'preact/hooks';
import { useLocation } from 'preact-iso/router';
import { nameOfActor } from '../../../core/vocabulary/actor.ts';
import type { IncidentDetailDto } from '../../../http/api/dto/incident-detail.ts';
import { now } from '../../data/clock.ts';
import { useKeys } from '../../frame/keys.ts';
import { durationText } from '../../frame/zone.ts';
import { Mark, type MarkKind } from '../../parts/mark.tsx';
import { Panel } from '../../parts/panel.tsx';
import { Time } from '../../parts/time.tsx';
import { areOf, forViewer, listText, unlessOf } from './names.ts';
import { stepOf } from './next.tsx';
import { filtered, type TimelineFilter, type TimelineRow, timelineFilters, timelineRows } from './timeline-rows.ts';
import { useViewer } from './viewer.ts';

const words: Readonly<Record<TimelineFilter, string>> = {
  all: 'All',
  pages: 'Pages',
  people: 'People',
  judgements: 'Judgements',
};

/** A long one is shown in part: most of it are reminders. */
const shownAtFirst = 40;

/** What happened, newest first, with the next step on top. New rows wait while somebody reads. */
export function Timeline({ detail }: { detail: IncidentDetailDto }) {
  const { timeline, incident } = detail;
  const { query, path, route } = useLocation();
  const filter = timelineFilters.find((one) => one === query['show']) ?? 'all';
  const list = useRef<HTMLOListElement>(null);
  const all = useMemo(() => timelineRows(timeline), [timeline]);
  const { rows, waiting, show } = useHeld(all, list.current);
  const [isWhole, setWhole] = useState(false);
  const matching = filtered(rows, filter);
  const shown = isWhole ? matching : matching.slice(0, shownAtFirst);
  const choose = (one: TimelineFilter): void => {
    const next = new URLSearchParams({ ...query });
    if (one === 'all') next.delete('show');
    else next.set('show', one);
    route(`${path}${next.size === 0 ? '' : `?${next}`}${location.hash}`, true);
  };
  useKeys('Timeline', {
    t: {
      text: 'Timeline',
      run: () => {
        document.getElementById('timeline')?.scrollIntoView();
        list.current?.focus();
      },
    },
  });
  const step = stepOf(detail);
  const viewer = useViewer();
  const isFuture = step !== undefined && incident.status !== 'resolved' && (filter === 'all' || filter === 'pages');
  return (
    <div id="timeline">
      <Panel
        title="Timeline"
        end={
          <fieldset class="seg">
            <legend class="vh">Show of the timeline</legend>
            {timelineFilters.map((one) => (
              <button key={one} type="button" aria-pressed={filter === one} onClick={() => choose(one)}>
                {words[one]} {filtered(all, one).length}
              </button>
            ))}
          </fieldset>
        }
      >
        {waiting === 0 ? null : (
          <p class="in waiting">
            <button type="button" class="button" onClick={show}>
              {waiting} new, show
            </button>
          </p>
        )}
        <ol class="timeline" ref={list} tabIndex={-1} aria-label="Newest first">
          {isFuture ? (
            <li class="future">
              <Time at={step.at} seconds />
              <span class="sign" aria-hidden="true">
                ↑
              </span>
              <div>
                <b>{step.names.length > 0 ? listText(forViewer(step.names, viewer)) : step.text}</b>
                {step.names.length > 0 ? ` ${areOf(step.names, viewer)} paged${unlessOf(incident.status)}` : ''}
              </div>
              <span class="who">in {durationText(Date.parse(step.at) - now.value)}</span>
            </li>
          ) : null}
          {shown.map((row) => (
            <Row key={row.key} row={row} />
          ))}
          {shown.length < matching.length ? (
            <li class="none">
              <button type="button" class="button quiet" onClick={() => setWhole(true)}>
                {matching.length - shown.length} earlier, show
              </button>
            </li>
          ) : null}
          {shown.length === 0 ? <li class="none dim">None of these yet.</li> : null}
        </ol>
      </Panel>
    </div>
  );
}

/** Rows that came while the list has the focus, or its top is out of sight, wait. */
function useHeld(all: readonly TimelineRow[], list: HTMLElement | null) {
  const [upTo, setUpTo] = useState(all.length);
  const isRead = list !== null && (list.contains(document.activeElement) || list.getBoundingClientRect().top < 0);
  const isHeld = isRead && upTo < all.length;
  if (!isHeld && upTo !== all.length) setUpTo(all.length);
  const rows = isHeld ? all.slice(all.length - upTo) : all;
  return { rows, waiting: all.length - rows.length, show: () => setUpTo(all.length) };
}

function signOf({ kind, severity }: TimelineRow['entry']): MarkKind | '←' | '◉' | undefined {
  if (kind === 'alert fired' || kind === 'opened' || kind === 'reopened' || kind === 'severity raised')
    return severity === 'info' ? 'ok' : severity;
  if (kind === 'acknowledged' || kind === 'resolved' || kind === 'alert resolved') return 'good';
  if (kind === 'rollback' || kind === 'rollback result') return '←';
  if (kind === 'page' || kind === 'told') return '◉';
  return undefined;
}

function Row({ row: { entry, deliveries } }: { row: TimelineRow }) {
  const { at, kind, text, actor } = entry;
  const sign = signOf(entry);
  return (
    <li>
      <Time at={at} seconds />
      <span class="sign" aria-hidden="true">
        {sign === undefined ? '·' : sign.length === 1 ? sign : <Mark kind={sign as MarkKind} />}
      </span>
      <div>
        <p>
          <b>{kind}</b> {text}
        </p>
        {deliveries.length === 0 ? null : (
          <details class="small dim">
            <summary>
              {deliveries
                .map((one) => `${one.kind.replace('page ', '')} ${one.data?.contact?.replace(/:.*$/, '') ?? ''}`)
                .join(', ')}
            </summary>
            <ul>
              {deliveries.map((one) => (
                <li key={`${one.at} ${one.text}`}>
                  <Time at={one.at} seconds /> {one.text}
                </li>
              ))}
            </ul>
          </details>
        )}
      </div>
      <span class="who">{nameOfActor(actor)}</span>
    </li>
  );
}
