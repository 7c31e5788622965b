import { useMemo } from 'preact/hooks';
import { chartSentence } from '../../../core/charts/words.ts';
import type { HistoryDto } from '../../../http/api/dto/history.ts';
import type { RuleDetailDto } from '../../../http/api/dto/rule-detail.ts';
import { ChartFigure, chartTimeText } from '../../charts/chart.tsx';
import type { Answer } from '../../data/answer.ts';
import { useKeys } from '../../frame/keys.ts';
import { Choice } from '../../parts/choice.tsx';
import { Panel } from '../../parts/panel.tsx';
import { Shown } from '../../parts/states.tsx';
import { chartOfHistory } from './history-chart.ts';
import type { Range } from './range.ts';

const choices = [
  { value: '3d', text: '3 d' },
  { value: '14d', text: '14 d' },
  { value: '45d', text: '45 d' },
] as const;

/** The metric over days, with its bands, its pages and how it was judged. */
export function MetricChart(props: {
  title: string;
  history: Answer<HistoryDto>;
  incidents: RuleDetailDto['incidents'];
  versions: RuleDetailDto['versions'];
  range: Range;
  choose(range: Range): void;
}) {
  const { title, history, incidents, versions, range, choose } = props;
  const at = choices.findIndex(({ value }) => value === range);
  const move = (step: number) => (): void => {
    const next = choices[Math.max(0, Math.min(choices.length - 1, at + step))];
    if (next !== undefined) choose(next.value);
  };
  useKeys('Chart', { '[': { text: 'Shorter range', run: move(-1) }, ']': { text: 'Longer range', run: move(1) } });
  return (
    <Panel title={title} end={<Choice label="Range" choices={choices} value={range} choose={choose} />}>
      {history.value === undefined && !history.loading && history.fault === undefined ? (
        <p class="in dim">It has judged no series yet, so there is nothing to draw.</p>
      ) : (
        <Shown answer={history} what={`judgements of ${range.replace('d', ' days')}`}>
          {(value) => <Drawn title={title} history={value} incidents={incidents} versions={versions} />}
        </Shown>
      )}
    </Panel>
  );
}

function Drawn(props: { title: string; history: HistoryDto } & Pick<RuleDetailDto, 'incidents' | 'versions'>) {
  const { title, history, incidents, versions } = props;
  const chart = useMemo(() => chartOfHistory(title, history, { incidents, versions }), [title, history, incidents, versions]);
  const confidence = history.entries.findLast(({ interval }) => interval !== undefined)?.interval?.confidence;
  if (chart.points.length === 0)
    return <p class="in dim">Nothing is kept of this time. History begins with the first judgement.</p>;
  return <ChartFigure chart={chart} sentence={chartSentence(chart, confidence, chartTimeText)} height={240} />;
}
