import { formatValue } from '../../../core/vocabulary/format.ts';
import type { NowDto, NowRowDto } from '../../../http/api/dto/now.ts';
import type { RuleHealthDto } from '../../../http/api/dto/rule-health.ts';
import { useGrowing } from '../../data/growing.ts';
import { useSpark } from '../../data/sparks.ts';
import { useSteady } from '../../data/steady.ts';
import { HealthCounts, healthMark, healthOrder, healthWord } from '../../parts/health.tsx';
import { Mark } from '../../parts/mark.tsx';
import { Panel } from '../../parts/panel.tsx';
import { LineSpark } from '../../parts/rule-spark.tsx';
import { still } from '../../parts/still.ts';

const never = (): boolean => false;
const keyOfRow = ({ kind, name }: NowRowDto): string => `${kind} ${name}`;
export const rulesOf = (name: string): string => `/rules?model=${encodeURIComponent(name)}`;
export const ruleAddress = (rule: string): string => `/rules/${encodeURIComponent(rule)}`;

/**
 * A row a model, a cell a rule; past many models a cell a model. The order stays for a visit: what
 * gets worse changes in place.
 */
export function HealthGrid({ now, byModel }: { now: NowDto; byModel: boolean }) {
  const rows = useSteady(now.models.shown, keyOfRow, { isHeld: never, isFixed: true });
  const isMany = now.models.total > now.models.shown.length || now.models.shown.every(({ cells }) => cells.length <= 1);
  const isTiles = byModel || (isMany && now.models.total > 12);
  const hidden = now.models.total - now.models.shown.length;
  const well = now.counts['ok'] ?? 0;
  return (
    <Panel
      title="Health of rules"
      end={
        <span class="wide">
          48 h · <kbd>M</kbd> {isTiles ? 'rules' : 'models'}
        </span>
      }
    >
      <div class="in">
        <HealthCounts counts={now.counts} />
      </div>
      {isTiles ? (
        <Tiles rows={rows.shown} />
      ) : (
        <ul class="health">
          {rows.shown.map((row) => (
            <ModelRow key={keyOfRow(row)} row={row} />
          ))}
        </ul>
      )}
      {well > 0 ? (
        <p class="in small phone">
          <a href="/rules?health=ok">
            {well} more {well === 1 ? 'rule is' : 'rules are'} well
          </a>
        </p>
      ) : null}
      {hidden > 0 ? (
        <p class="in small">
          <a href="/rules">{hidden} more models</a>
        </p>
      ) : null}
    </Panel>
  );
}

const ModelRow = still(({ row }: { row: NowRowDto }) => {
  const cells = useSteady(row.cells, ({ rule }) => rule, { isHeld: never, isFixed: true });
  const more = row.total - row.cells.length;
  const isWell = row.cells.every(({ health }) => health === 'ok');
  return (
    <li class={`health-row ${isWell ? 'all-well' : ''}`}>
      <h3>
        <a href={rulesOf(row.name)}>{row.name}</a>
        {row.version === undefined ? null : <code class="dim">{row.version}</code>}
      </h3>
      <ul>
        {cells.shown.map((cell) => (
          <RuleCell key={cell.rule} cell={cell} />
        ))}
        {more > 0 ? (
          <li class="cell more">
            <a href={rulesOf(row.name)}>{more} more</a>
          </li>
        ) : null}
      </ul>
    </li>
  );
});

/** Without the name of the model, which stands at the left. */
function shortTitle({ title, group }: RuleHealthDto): string {
  const short =
    title.startsWith(`${group.name}-`) || title.startsWith(`${group.name} `) ? title.slice(group.name.length + 1) : title;
  return short === '' ? title : short;
}

export const valueText = ({ value, bound, baseline }: Pick<RuleHealthDto, 'value' | 'bound' | 'baseline'>): string =>
  value === undefined ? '–' : formatValue(value, ...[bound, baseline].filter((one) => one !== undefined));

const RuleCell = still(({ cell }: { cell: RuleHealthDto }) => {
  const { ref, spark } = useSpark<HTMLLIElement>(cell.rule);
  const { health, rule, muted } = cell;
  return (
    <li class={`cell ${healthMark[health]}`} ref={ref}>
      <a href={ruleAddress(rule)} title={cell.title}>
        <span class="name">
          <Mark kind={healthMark[health]} />
          <span class="vh">{healthWord[health]}: </span>
          <span class="text">{shortTitle(cell)}</span>
        </span>
        <span class="value">
          <b>{valueText(cell)}</b>
          {muted === true ? <span class="small dim3">muted</span> : null}
        </span>
      </a>
      <span class="spark">{spark === undefined ? null : <LineSpark spark={spark} />}</span>
    </li>
  );
});

const tilesAtOnce = 48;
/** Of the first view they are below what a phone shows. */
const tilesAtFirst = 8;

/** As many as fill a screen, and the rest as somebody comes near them. */
function Tiles({ rows }: { rows: readonly NowRowDto[] }) {
  const { shown, end, isWhole } = useGrowing<NowRowDto, HTMLLIElement>(rows, tilesAtOnce, tilesAtFirst);
  return (
    <ul class="tiles">
      {shown.map((row) => (
        <ModelTile key={keyOfRow(row)} row={row} />
      ))}
      {isWhole ? null : (
        <li class="cell more" ref={end}>
          {rows.length - shown.length} more models
        </li>
      )}
    </ul>
  );
}

const ModelTile = still(({ row }: { row: NowRowDto }) => {
  const worst = healthOrder.find((state) => (row.counts[state] ?? 0) > 0) ?? 'ok';
  const [first] = row.cells;
  return (
    <li class={`cell ${healthMark[worst]}`}>
      <a href={rulesOf(row.name)} title={row.name}>
        <span class="name">
          <Mark kind={healthMark[worst]} />
          <span class="vh">{healthWord[worst]}: </span>
          <span class="text strong">{row.name}</span>
        </span>
        <span class="value small dim">
          {worst === 'ok' || first === undefined
            ? `${row.total} ${row.total === 1 ? 'rule' : 'rules'} ok`
            : `${shortTitle(first)} ${valueText(first)}`}
        </span>
      </a>
    </li>
  );
});
