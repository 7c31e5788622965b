import { detectAnomalies } from '../core/detection/kinds/anomaly/detect.ts';
import { emptyAnomalyState } from '../core/detection/kinds/anomaly/state.ts';
import { corpusFolder, readCorpus } from './nab/corpus.ts';
import { syntheticSeries } from './nab/synthetic.ts';
import { bestByProfile, scored, tocsinDetector } from './nab/table.ts';

/**
 * Samples of the anomaly detector a second, in one call and one a call as a tick does it, and NAB's
 * scores where the data is.
 */
export async function benchAnomaly(): Promise<{ name: string; value: string }[]> {
  const samples = syntheticSeries(8).map(({ times, values }) => times.map((at, i) => ({ at, value: values[i] ?? 0 })));
  const count = samples.reduce((sum, series) => sum + series.length, 0);
  let [together, apart, stateBytes] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, 0];
  for (let round = 0; round < 3; round += 1) {
    const started = performance.now();
    for (const series of samples) detectAnomalies(emptyAnomalyState(), series);
    together = Math.min(together, (performance.now() - started) / count);
    const between = performance.now();
    for (const series of samples) {
      let state = emptyAnomalyState();
      for (const sample of series) ({ state } = detectAnomalies(state, [sample]));
      stateBytes = Math.max(stateBytes, JSON.stringify(state).length);
    }
    apart = Math.min(apart, (performance.now() - between) / count);
  }
  const show = (ms: number): string => `${(ms * 1000).toFixed(1)} µs (${Math.round(1000 / ms).toLocaleString('en')} a second)`;
  const rows = [
    { name: 'anomaly: one sample of a replay', value: show(together) },
    { name: 'anomaly: one sample a call, with the copy of the state', value: show(apart) },
    { name: 'anomaly: largest stored state', value: `${Math.round(stateBytes / 1024)} KiB of JSON` },
  ];
  const corpus = readCorpus();
  if (!corpus) return [...rows, { name: 'anomaly: NAB scores', value: `not measured: the corpus is not at ${corpusFolder}` }];
  const results = bestByProfile(scored(corpus.series, tocsinDetector), corpus.profiles);
  return [
    ...rows,
    ...Object.entries(results).map(([profile, { score }]) => ({
      name: `anomaly: NAB ${profile}, ${corpus.series.length} of 58 series`,
      value: score.toFixed(1),
    })),
  ];
}
