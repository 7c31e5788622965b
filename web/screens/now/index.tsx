import { useRef } from 'preact/hooks';
import type { NowDto } from '../../../http/api/dto/now.ts';
import { nowAddress } from '../../../http/console/asked-first.ts';
import { useView } from '../../data/address.ts';
import { useAnswer } from '../../data/answer.ts';
import { useGrowing } from '../../data/growing.ts';
import { useSteady } from '../../data/steady.ts';
import { useKeys } from '../../frame/keys.ts';
import { useScope } from '../../frame/scope.ts';
import { useTitle } from '../../frame/title.ts';
import { IncidentRow } from '../../parts/incident-row.tsx';
import { OfOthers } from '../../parts/of-others.tsx';
import { Panel } from '../../parts/panel.tsx';
import { isInside, moveRow } from '../../parts/row-keys.ts';
import { Shown } from '../../parts/states.tsx';
import { Changes, NotJudged, OnCallNow } from './beside.tsx';
import { FirstRule } from './first-rule.tsx';
import { HealthGrid } from './health-grid.tsx';
import { Upcoming } from './upcoming.tsx';

/** Is anything wrong, who has it, and what is blind? */
export default function Now() {
  const { team } = useScope();
  const answer = useAnswer<NowDto>(nowAddress({ team }));
  const headline = answer.value?.headline;
  useTitle(headline?.title ?? 'Now');
  return (
    <>
      <h1>{headline?.title ?? 'Now'}</h1>
      {headline === undefined || headline.detail === '' ? null : <p class="lede">{headline.detail}</p>}
      <OfOthers others={answer.value?.ofOthers} />
      <Shown answer={answer} what="what is open, and the health of rules" lines={12}>
        {(now) => <Screen now={now} />}
      </Shown>
    </>
  );
}

/** As many as a phone shows at first, and then the rest: the first view is there sooner. */
const incidentsAtFirst = 6;
const incidentsAtOnce = 20;

function Screen({ now }: { now: NowDto }) {
  const list = useRef<HTMLUListElement>(null);
  const { query, set } = useView();
  const byModel = query['by'] === 'models';
  const incidents = useSteady(now.incidents.shown, ({ id }) => id, { isHeld: () => isInside(list) });
  useKeys('Now', {
    j: { text: 'Next incident', run: () => moveRow(list, 1) },
    k: { text: 'Incident before', run: () => moveRow(list, -1) },
    m: { text: 'Models or rules', run: () => set({ by: byModel ? undefined : 'models' }) },
  });
  const rows = useGrowing<NowDto['incidents']['shown'][number], HTMLLIElement>(
    incidents.shown,
    incidentsAtOnce,
    incidentsAtFirst,
  );
  const hidden = now.incidents.total - now.incidents.shown.length;
  const isEmpty = now.models.total === 0;
  return (
    <div class="columns now">
      <div class="stack main">
        {now.incidents.total === 0 ? null : (
          <Panel
            title="Open incidents"
            count={now.incidents.total}
            end={
              <span class="wide">
                <kbd>J</kbd> <kbd>K</kbd> move, <kbd>Enter</kbd> open
              </span>
            }
          >
            <ul class="incident-rows" ref={list}>
              {rows.shown.map((incident) => (
                <IncidentRow key={incident.id} incident={incident} />
              ))}
              {rows.isWhole ? null : (
                <li class="in dim" ref={rows.end}>
                  {incidents.shown.length - rows.shown.length} more
                </li>
              )}
            </ul>
            {incidents.more === 0 ? null : (
              <p class="in">
                <button type="button" class="button quiet" onClick={incidents.let}>
                  {incidents.more} new, show
                </button>
              </p>
            )}
            {hidden > 0 || now.incidents.total > 3 ? (
              <p class="in small">
                {hidden > 0 ? `${hidden} more are open. ` : ''}
                <a href="/incidents">List them, and acknowledge several at once</a>
              </p>
            ) : null}
          </Panel>
        )}
        {isEmpty ? <FirstRule /> : <HealthGrid now={now} byModel={byModel} />}
        <Upcoming upcoming={now.upcoming} at={now.at} />
      </div>
      <div class="stack beside">
        <OnCallNow shifts={now.onCall} />
        <NotJudged notJudged={now.notJudged} />
        <Changes changes={now.changes} />
      </div>
    </div>
  );
}
