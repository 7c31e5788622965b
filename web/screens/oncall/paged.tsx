import type { RouteDto } from '../../../http/api/dto/route.ts';
import { useAnswer } from '../../data/answer.ts';
import { durationText } from '../../frame/zone.ts';
import { Panel } from '../../parts/panel.tsx';
import { Shown } from '../../parts/states.tsx';
import { Time } from '../../parts/time.tsx';

type Step = RouteDto['steps'][number];

const names = ({ targets }: Step): string =>
  targets
    .map(({ responder, target, unresolved }) => responder ?? target?.replace(/^channel\//, '#') ?? unresolved ?? '')
    .join(', ');

/** The first step, and the first after it that reaches others. */
function stepsShown({ steps }: RouteDto): { first: Step | undefined; next: Step | undefined } {
  const [first] = steps;
  return { first, next: first === undefined ? undefined : steps.find((step) => step !== first && names(step) !== names(first)) };
}

const said = (route: RouteDto): string => {
  const { first, next: then } = stepsShown(route);
  return `${first === undefined ? '' : names(first)}|${then === undefined ? '' : `${names(then)} ${then.afterMs - (first?.afterMs ?? 0)}`}`;
};

/** Who would be paged for each category now, and who after that. */
export function PagedNow() {
  const answer = useAnswer<{ routes: RouteDto[] }>('/api/oncall/paged', ({ kind }) => kind === 'overrides');
  return (
    <Shown answer={answer} what="who is paged now" lines={5}>
      {({ routes }) => (
        <Panel title="If something breaks now">
          <table>
            <thead>
              <tr>
                <th scope="col">Category</th>
                <th scope="col">Pages</th>
                <th scope="col">Then, if nobody acknowledges</th>
              </tr>
            </thead>
            <tbody>{rowsOf(routes)}</tbody>
          </table>
        </Panel>
      )}
    </Shown>
  );
}

/** A row a category for critical; one for warnings where they go elsewhere. */
function rowsOf(routes: readonly RouteDto[]) {
  const critical = routes.filter(({ severity }) => severity === 'critical');
  return critical.flatMap((route) => {
    const warn = routes.find(({ category, severity }) => category === route.category && severity === 'warn');
    const isOther = warn !== undefined && said(warn) !== said(route);
    return [
      <PagedRow key={route.category} route={route} label={isOther ? `${route.category}, critical` : route.category} />,
      ...(isOther ? [<PagedRow key={`${route.category} warn`} route={warn} label={`${route.category}, warn`} />] : []),
    ];
  });
}

function PagedRow({ route, label }: { route: RouteDto; label: string }) {
  const { first, next } = stepsShown(route);
  const isNobody = first === undefined || first.targets.every(({ unresolved }) => unresolved !== undefined);
  return (
    <tr>
      <td class="nowrap">{label}</td>
      <td class={isNobody ? 't-critical' : 'strong'}>
        {route.muted === undefined ? null : (
          <span class="t-warn">
            muted by {route.muted.by}
            {route.muted.until === undefined ? '' : ' until '}
            {route.muted.until === undefined ? null : <Time at={route.muted.until} />}
            {first === undefined ? '' : ', then '}
          </span>
        )}
        {first === undefined ? nobodyText(route) : names(first)}
      </td>
      <td class="dim">{next === undefined ? '–' : `${names(next)}, ${durationText(next.afterMs - (first?.afterMs ?? 0))}`}</td>
    </tr>
  );
}

const nobodyText = ({ nobody, muted }: RouteDto): string =>
  nobody !== undefined ? `nobody, by the route ${nobody.join(' > ')}` : muted === undefined ? 'nobody' : '';
