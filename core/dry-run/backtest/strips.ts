import type { Strip } from '../../charts/plot.ts';
import { labelsKey } from '../../vocabulary/labels-key.ts';
import type { Labels } from '../../vocabulary/schema-parts.ts';
import type { History } from './history.ts';
import { isTrue } from './score.ts';
import type { LabelledWindow } from './windows.ts';

/** The row of one history: when it fired and paged. */
export function stripOf(name: string, history: History, windows: readonly LabelledWindow[] | undefined): Strip {
  const wrong = (page: History['pages'][number]): boolean => windows !== undefined && !isTrue(page, history, windows);
  return { name, spans: history.firing, marks: history.pages.map((page) => ({ at: page.at, wrong: wrong(page) })) };
}

/** The series to plot: the one that fired longest, or the first if none fired. */
export function plottedSeries({ series, firing }: History): History['series'][number] | undefined {
  const fired = (labels: Labels): number => {
    const key = labelsKey(labels);
    return firing.reduce((sum, one) => sum + (labelsKey(one.labels) === key ? one.to - one.from : 0), 0);
  };
  return series.toSorted((a, b) => fired(b.labels) - fired(a.labels))[0];
}
