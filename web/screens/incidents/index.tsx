import { useCallback, useRef, useState } from 'preact/hooks';
import type { IncidentListDto } from '../../../http/api/dto/incident-list.ts';
import type { NowIncidentDto } from '../../../http/api/dto/now.ts';
import { everyTeam, incidentPageSize, incidentsAddress } from '../../../http/console/asked-first.ts';
import { useView } from '../../data/address.ts';
import { useAnswer } from '../../data/answer.ts';
import { minute } from '../../data/clock.ts';
import type { Change } from '../../data/live.ts';
import { say, sayNow } from '../../frame/announce.tsx';
import { useKeys } from '../../frame/keys.ts';
import { useScope } from '../../frame/scope.ts';
import { useTitle } from '../../frame/title.ts';
import { timeText, zoneName } from '../../frame/zone.ts';
import { Choice } from '../../parts/choice.tsx';
import { CopyButton } from '../../parts/copy-button.tsx';
import { FilterField } from '../../parts/filter-field.tsx';
import { useMay } from '../../parts/if-may.tsx';
import { IncidentRow, isUnanswered } from '../../parts/incident-row.tsx';
import { OfOthers } from '../../parts/of-others.tsx';
import { Pages } from '../../parts/pages.tsx';
import { moveRow } from '../../parts/row-keys.ts';
import { Shown } from '../../parts/states.tsx';
import { AcknowledgeDialog } from './acknowledge-dialog.tsx';
import { allFound } from './all-found.ts';
import { incidentsCsv } from './incidents-csv.ts';
import { periodsWith } from './period.ts';

const statuses = [
  { value: 'open', text: 'Open' },
  { value: 'resolved', text: 'Resolved' },
  { value: 'all', text: 'All' },
] as const;
type Status = (typeof statuses)[number]['value'];

type Found = NonNullable<IncidentListDto['found']>;

const onIncidents = ({ kind }: Change): boolean => kind === 'incident';

const headlineOf = ({ total, isCut, counts }: Found, status: Status, team: string | undefined): string => {
  const whose = team === undefined ? '' : ` of ${team}`;
  const many = `${total}${isCut ? ' or more' : ''}`;
  if (status !== 'open')
    return total === 0
      ? `No incident${whose} fits.`
      : `${many} ${total === 1 ? 'incident' : 'incidents'}${whose}, ${status === 'resolved' ? 'resolved' : 'open and resolved'}.`;
  if (total === 0) return `Nothing${whose} is open.`;
  const critical = counts.critical ?? 0;
  return `${many} open${whose}${critical === 0 ? '' : `, ${critical} critical`}.`;
};

/** What is seen here; a team that this browser remembers is named. */
function viewLink(team: string | undefined): string {
  const address = new URL(location.href);
  address.searchParams.set('team', team ?? everyTeam);
  return address.href;
}

/** All incidents, newest first, and several acknowledged at once. */
export default function Incidents() {
  const { query, set } = useView();
  const status = statuses.find(({ value }) => value === query['status'])?.value ?? 'open';
  const { q, severity, since } = query;
  const isNarrow = q !== undefined || severity !== undefined || since !== undefined;
  const { team } = useScope();
  const list = useRef<HTMLDivElement>(null);
  const [picked, setPicked] = useState<ReadonlyMap<string, NowIncidentDto>>(new Map());
  const [asks, setAsks] = useState(false);
  const asked = { team, status, q, severity, since };
  const path = (cursor?: string): string => incidentsAddress(asked, cursor);
  const first = useAnswer<IncidentListDto>(path(), onIncidents);
  const found = first.value?.found;
  const headline = found === undefined ? 'Incidents' : headlineOf(found, status, first.value?.ofOthers?.team);
  useTitle(headline);
  const mayTake = useMay('acknowledge');
  const unanswered = mayTake ? (first.value?.incidents.filter(isUnanswered) ?? []) : [];
  const hasMore = first.value?.next !== undefined;
  const [isChoosing, setChoosing] = useState(false);
  const chooseAll = async (): Promise<void> => {
    if (isChoosing) return;
    setChoosing(true);
    try {
      const all = hasMore ? (await allFound(asked)).filter(isUnanswered) : unanswered;
      setPicked(new Map(all.map((one) => [one.id, one])));
    } catch (error) {
      sayNow(`not selected: ${error instanceof Error ? error.message : String(error)}`);
    } finally {
      setChoosing(false);
    }
  };
  const toggle = useCallback(
    (incident: NowIncidentDto): void =>
      setPicked((before) => {
        const next = new Map(before);
        if (!next.delete(incident.id)) next.set(incident.id, incident);
        return next;
      }),
    [],
  );
  const copyCsv = async (): Promise<void> => navigator.clipboard.writeText(incidentsCsv(await allFound(asked)));
  const focused = (): void => {
    const row = document.activeElement?.closest('li')?.querySelector<HTMLInputElement>('input.pick');
    row?.click();
    // The focus stays on the row, so its box says nothing by itself.
    if (row !== null && row !== undefined) say(row.checked ? 'Selected' : 'Not selected');
  };
  useKeys('Incidents', {
    j: { text: 'Next incident', run: () => moveRow(list, 1) },
    k: { text: 'Incident before', run: () => moveRow(list, -1) },
    ...(mayTake && {
      x: { text: 'Select the incident', run: focused },
      a: { text: 'Acknowledge what is selected', run: () => setAsks(picked.size > 0), asks: true },
    }),
  });
  return (
    <>
      <h1>{headline}</h1>
      <OfOthers others={first.value?.ofOthers} />
      <div class="stack">
        <div class="row">
          <Choice
            label="Status"
            choices={statuses}
            value={status}
            choose={(value) => set({ status: value === 'open' ? undefined : value })}
          />
          <Choice
            label="Severity"
            choices={[
              { value: '', text: 'Any' },
              { value: 'critical', text: 'Critical', count: found?.counts.critical },
              { value: 'warn', text: 'Warn', count: found?.counts.warn },
              { value: 'info', text: 'Info', count: found?.counts.info },
            ]}
            value={severity ?? ''}
            choose={(value) => set({ severity: value })}
          />
          <select aria-label="When" value={since ?? ''} onChange={({ currentTarget }) => set({ since: currentTarget.value })}>
            <option value="">at any time</option>
            {periodsWith(since, minute.value, { timeZone: zoneName(), say: (at) => timeText(at, minute.value) }).map((one) => (
              <option key={one.since} value={one.since}>
                {one.text}
              </option>
            ))}
          </select>
          <FilterField label="Filter by title or label" value={q ?? ''} change={(value) => set({ q: value })} />
          <span class="pick-bar">
            {picked.size === 0 ? (
              unanswered.length < 2 ? null : (
                <button type="button" class="button" aria-disabled={isChoosing} onClick={() => void chooseAll()}>
                  {hasMore ? (isChoosing ? 'Selecting…' : 'Select all unanswered') : `Select ${unanswered.length} unanswered`}
                </button>
              )
            ) : (
              <>
                <button type="button" class="button first" onClick={() => setAsks(true)}>
                  Acknowledge {picked.size}… <kbd>A</kbd>
                </button>
                <button type="button" class="button quiet" onClick={() => setPicked(new Map())}>
                  Select none
                </button>
              </>
            )}
          </span>
        </div>
        <p class="row small no-print">
          <span class="dim">The newest first{since === undefined ? '' : ', with those that were open before and after'}.</span>
          <CopyButton text={() => copyCsv} what="The list">
            Copy as CSV
          </CopyButton>
          <CopyButton text={() => viewLink(team)} what="The link">
            Copy link to this view
          </CopyButton>
        </p>
        <Shown answer={first} what="incidents">
          {(value) =>
            value.incidents.length === 0 && value.next === undefined ? (
              <p class="panel in-panel dim">
                {isNarrow ? 'No incident fits these filters. ' : status === 'open' ? 'Nothing is open. ' : 'No incident yet. '}
                {status === 'open' ? <a href="/incidents?status=resolved">Those that have resolved</a> : null}
              </p>
            ) : (
              <div class="panel" ref={list}>
                <Pages<IncidentListDto> key={path()} path={path} touches={onIncidents} height={incidentPageSize * 96}>
                  {(page) => (
                    <ul>
                      {page.incidents.map((incident) => (
                        <IncidentRow
                          key={incident.id}
                          incident={incident}
                          {...(mayTake && { pick: toggle, isPicked: picked.has(incident.id) })}
                        />
                      ))}
                    </ul>
                  )}
                </Pages>
              </div>
            )
          }
        </Shown>
      </div>
      {asks ? (
        <AcknowledgeDialog
          incidents={[...picked.values()]}
          close={() => setAsks(false)}
          done={(ids) => {
            const gone = new Set(ids);
            setPicked((before) => new Map([...before].filter(([one]) => !gone.has(one))));
          }}
        />
      ) : null}
    </>
  );
}
