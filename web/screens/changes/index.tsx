import { useRef } from 'preact/hooks';
import type { ChangeDto, ChangeListDto } from '../../../http/api/dto/change.ts';
import { useView } from '../../data/address.ts';
import { useAnswer } from '../../data/answer.ts';
import { useKeys } from '../../frame/keys.ts';
import { useScope } from '../../frame/scope.ts';
import { useTitle } from '../../frame/title.ts';
import { Panel } from '../../parts/panel.tsx';
import { moveRow } from '../../parts/row-keys.ts';
import { Shown } from '../../parts/states.tsx';
import { ChangeFilters } from './change-filters.tsx';
import { ChangeRows } from './change-rows.tsx';
import { changesAddress } from './changes-address.ts';

/** What was deployed, switched or altered? */
export default function Changes() {
  const { query, set } = useView();
  const { team } = useScope();
  const { kind, q, match, from, to, cursor } = query;
  const isNarrow = [kind, q, match, from, to].some((one) => one !== undefined && one !== '');
  const table = useRef<HTMLDivElement>(null);
  // An older page never changes.
  const answer = useAnswer<ChangeListDto>(
    changesAddress({ ...query, team }),
    (change) => (change.kind === 'changes' || change.kind === 'incident') && cursor === undefined,
  );
  const next = answer.value?.next;
  const narrow = (changes: Record<string, string | undefined>): void => set({ cursor: undefined, ...changes });
  const headline = headlineOf(answer.value?.changes, isNarrow || cursor !== undefined);
  useTitle('Changes');
  useKeys('Changes', {
    j: { text: 'Next change', run: () => moveRow(table, 1) },
    k: { text: 'Change before', run: () => moveRow(table, -1) },
    ']': { text: 'Older changes', run: () => next !== undefined && set({ cursor: next }) },
    '[': { text: 'The newest changes', run: () => set({ cursor: undefined }) },
  });
  return (
    <>
      <h1>{headline}</h1>
      <p class="lede">
        What others told of, kept for 90 days; each is with the incidents that it may have caused. What people did in Tocsin is in
        the <a href="/audit">audit log</a>.
      </p>
      <div class="stack">
        <ChangeFilters query={query} narrow={narrow} />
        {match === undefined || match === '' ? null : (
          <p class="row">
            <span>
              Only <code>{match}</code>
            </span>
            <button type="button" class="button quiet" onClick={() => narrow({ match: undefined })}>
              All
            </button>
          </p>
        )}
        <Shown answer={answer} what="changes" lines={10}>
          {({ changes }) => (
            <Panel title={cursor === undefined ? 'The newest first' : 'Older changes'} count={changes.length}>
              {changes.length === 0 ? (
                <Empty isNarrow={isNarrow} isMore={next !== undefined} />
              ) : (
                <ChangeRows changes={changes} table={table} />
              )}
            </Panel>
          )}
        </Shown>
        <div class="row">
          {cursor === undefined ? null : (
            <button type="button" class="button" onClick={() => set({ cursor: undefined })}>
              The newest <kbd>[</kbd>
            </button>
          )}
          {next === undefined ? null : (
            <button type="button" class="button" onClick={() => set({ cursor: next })}>
              Older <kbd>]</kbd>
            </button>
          )}
        </div>
      </div>
    </>
  );
}

function headlineOf(changes: readonly ChangeDto[] | undefined, isPart: boolean): string {
  const [last] = changes ?? [];
  if (changes === undefined || isPart) return 'What was changed';
  return last === undefined ? 'Tocsin was told of no change yet.' : `Last, ${last.text}.`;
}

function Empty({ isNarrow, isMore }: { isNarrow: boolean; isMore: boolean }) {
  if (isNarrow)
    return (
      <p class="in dim">
        {isMore ? 'None of the last 5,000 fits these filters; older ones may.' : 'No change fits these filters.'}
      </p>
    );
  return (
    <p class="in dim">
      Let what deploys tell of it, with <code>POST /v1/changes</code> or <code>tocsin change</code>: an incident then says what
      was changed before it.
    </p>
  );
}
