import { useId } from 'preact/hooks';
import { useLocation } from 'preact-iso/router';
import type { AuditEntryDto, AuditPageDto } from '../../../http/api/dto/audit-entry.ts';
import { useAnswer } from '../../data/answer.ts';
import { useKeys } from '../../frame/keys.ts';
import { useTitle } from '../../frame/title.ts';
import { Panel } from '../../parts/panel.tsx';
import { Shown } from '../../parts/states.tsx';
import { Time } from '../../parts/time.tsx';

const limit = 100;
const fields = ['kind', 'actor', 'text', 'from', 'to', 'before'] as const;
type Field = (typeof fields)[number];

/** What was done, for a sentence about who did it; its keys are offered as a filter. */
const deeds: Readonly<Record<AuditEntryDto['kind'], string>> = {
  silenced: 'silenced alerts',
  'silence ended': 'ended a silence',
  override: 'put somebody on call',
  'override ended': 'ended an override',
  promoted: 'promoted a version',
  baseline: 'stored a training',
  accepted: 'accepted a new baseline',
  config: 'changed the config',
  refused: 'was refused something',
  restored: 'restored a record',
  dropped: 'dropped a record',
  digest: 'sent a digest',
  'signed in': 'signed in',
  link: 'made a link to an incident',
  'test page': 'sent a test page',
  'device added': 'switched pages on',
  'device removed': 'switched pages off',
};
const kinds = Object.keys(deeds);

/** Who did what that belongs to no incident? */
export default function Audit() {
  const { query, path, route } = useLocation();
  const asked = fields.flatMap((field) =>
    query[field] === undefined || query[field] === '' ? [] : [[field, query[field]] as const],
  );
  const isFiltered = asked.some(([field]) => field !== 'before');
  const address = `/api/audit-log?${new URLSearchParams([['limit', `${limit}`], ...asked.map(([field, value]) => [field, timeOf(field, value)])])}`;
  // An older page never changes.
  const answer = useAnswer<AuditPageDto>(address, ({ kind }) => kind === 'audit log' && query['before'] === undefined);
  const show = (changes: Partial<Record<Field, string | undefined>>, replace = true): void => {
    const next = new URLSearchParams();
    for (const field of fields) {
      const value = field in changes ? changes[field] : field === 'before' ? undefined : query[field];
      if (value !== undefined && value !== '') next.set(field, value);
    }
    route(`${path}${next.size === 0 ? '' : `?${next}`}`, replace);
  };
  const headline = headlineOf(answer.value?.entries, { isFiltered, isOlder: query['before'] !== undefined });
  const older = answer.value?.older;
  useTitle('Audit log');
  useKeys('Audit log', {
    ']': { text: 'Older entries', run: () => older !== undefined && show({ before: older }, false) },
    '[': { text: 'The newest entries', run: () => show({ before: undefined }) },
  });
  return (
    <>
      <h1>{headline}</h1>
      <p class="lede">
        What people did that belongs to no incident, and what they were refused; kept for 400 days. What was done to an incident
        is on its timeline; who rolled back what is in the ledger of <a href="/deployments">Deployments</a>.
      </p>
      <div class="stack">
        <Filters query={query} show={show} />
        <Shown answer={answer} what="the audit log" lines={10}>
          {({ entries }) => (
            <Panel title={query['before'] === undefined ? 'The newest first' : 'Older entries'} count={entries.length}>
              {entries.length === 0 ? (
                <Empty isFiltered={isFiltered} isMore={older !== undefined} clear={() => route(path, true)} />
              ) : (
                <Entries entries={entries.toReversed()} />
              )}
            </Panel>
          )}
        </Shown>
        <div class="row">
          {query['before'] === undefined ? null : (
            <button type="button" class="button" onClick={() => show({ before: undefined })}>
              The newest <kbd>[</kbd>
            </button>
          )}
          {older === undefined ? null : (
            <button type="button" class="button" onClick={() => show({ before: older }, false)}>
              Older <kbd>]</kbd>
            </button>
          )}
        </div>
      </div>
    </>
  );
}

/** A day counts from its beginning in UTC, as the API reads it. */
const timeOf = (field: string, value: string): string =>
  (field === 'from' || field === 'to') && value.length === 10 ? `${value}T00:00:00Z` : value;

function headlineOf(entries: readonly AuditEntryDto[] | undefined, view: { isFiltered: boolean; isOlder: boolean }): string {
  const last = entries?.at(-1);
  if (entries === undefined || view.isOlder || view.isFiltered) return 'Who did what';
  return last === undefined ? 'Nobody did anything yet.' : `Last, ${last.actor} ${deeds[last.kind]}.`;
}

function Filters({ query, show }: { query: Record<string, string>; show(changes: Partial<Record<Field, string>>): void }) {
  const ids = { kind: useId(), actor: useId(), text: useId(), from: useId(), to: useId() };
  return (
    <search class="row filters">
      <label for={ids.text}>Text</label>
      <input
        id={ids.text}
        data-filter
        type="search"
        class="grow"
        value={query['text'] ?? ''}
        onInput={({ currentTarget }) => show({ text: currentTarget.value })}
      />
      <label for={ids.kind}>What</label>
      <select id={ids.kind} value={query['kind'] ?? ''} onChange={({ currentTarget }) => show({ kind: currentTarget.value })}>
        <option value="">anything</option>
        {kinds.map((kind) => (
          <option key={kind} value={kind}>
            {kind}
          </option>
        ))}
      </select>
      <label for={ids.actor}>By</label>
      <input
        id={ids.actor}
        type="search"
        value={query['actor'] ?? ''}
        placeholder="anybody"
        onInput={({ currentTarget }) => show({ actor: currentTarget.value })}
      />
      <label for={ids.from}>From</label>
      <input
        id={ids.from}
        type="date"
        value={query['from'] ?? ''}
        onInput={({ currentTarget }) => show({ from: currentTarget.value })}
      />
      <label for={ids.to}>to before</label>
      <input
        id={ids.to}
        type="date"
        value={query['to'] ?? ''}
        onInput={({ currentTarget }) => show({ to: currentTarget.value })}
      />
    </search>
  );
}

function Empty({ isFiltered, isMore, clear }: { isFiltered: boolean; isMore: boolean; clear(): void }) {
  if (!isFiltered)
    return <p class="in dim">No entry yet. Silences, overrides, promotions and changes of the config appear here.</p>;
  return (
    <p class="in dim">
      {isMore ? 'None of the last 10,000 entries passes these filters; older ones may.' : 'No entry passes these filters.'}{' '}
      <button type="button" class="button quiet" onClick={clear}>
        Clear them
      </button>
    </p>
  );
}

function Entries({ entries }: { entries: readonly AuditEntryDto[] }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls takes the focus.
    <div class="scroll" tabIndex={0} role="group" aria-label="Entries">
      <table class="lines">
        <thead>
          <tr>
            <th scope="col">When</th>
            <th scope="col">Who</th>
            <th scope="col">What</th>
            <th scope="col">In words</th>
          </tr>
        </thead>
        <tbody>
          {entries.map(({ id, at, actor, kind, text }) => (
            <tr key={id}>
              <td class="nowrap">
                <Time at={at} seconds />
              </td>
              <td class="nowrap">{actor}</td>
              <td class={`nowrap ${kind === 'refused' ? 't-warn strong' : ''}`}>{kind}</td>
              <td>{text}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
