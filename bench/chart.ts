import { openResvg } from '../adapters/resvg/index.ts';
import { chartPicture } from '../core/charts/chart-picture.ts';
import { resvgFiles } from '../local/charts/files.ts';
import { chartThread } from '../local/charts/start.ts';
import { exampleChart, worstChart } from '../test/charts/example-chart.ts';

const rounds = 25;

/** How long the chart of a page takes to be drawn, and how large it is. */
export async function benchChart(): Promise<{ name: string; value: string }[]> {
  const svg = chartPicture(exampleChart());
  const { rasteriser, close } = chartThread();
  const first = performance.now();
  await rasteriser(svg);
  const firstMs = performance.now() - first;
  // How long the thread that pages is held up meanwhile, at most.
  let [longestMs, last, going] = [0, performance.now(), true];
  const beat = (): void => {
    const now = performance.now();
    longestMs = Math.max(longestMs, now - last);
    last = now;
    if (going) setImmediate(beat);
  };
  beat();
  for (let i = 0; i < rounds; i++) await rasteriser(svg);
  going = false;
  await close();
  const draw = await openResvg(resvgFiles());
  const measured = (one: string): { ms: number; bytes: number } => {
    const times = Array.from({ length: rounds }, () => {
      const from = performance.now();
      draw(one);
      return performance.now() - from;
    });
    return { ms: times.toSorted((a, b) => a - b)[Math.floor(rounds / 2)] as number, bytes: draw(one).length };
  };
  const [usual, worst] = [svg, chartPicture(worstChart())].map(measured);
  const said = (one: typeof usual): string => `${Math.round(one?.ms ?? 0)} ms, ${Math.round((one?.bytes ?? 0) / 100) / 10} kB`;
  return [
    { name: 'chart of a page: a day at 5 min, median', value: said(usual) },
    { name: 'chart of a page: 800 points all over it, 40 flags, median', value: said(worst) },
    { name: 'chart of a page: the first one, with the start of its thread', value: `${Math.round(firstMs)} ms` },
    { name: 'chart of a page: longest wait of the thread that pages, meanwhile', value: `${Math.round(longestMs)} ms` },
  ];
}
