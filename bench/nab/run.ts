/**
 * `node bench/nab/run.ts [--series]`: the Numenta Anomaly Benchmark's scores of the anomaly
 * detector and of baselines.
 */
import { parseArgs } from 'node:util';
import Table from 'cli-table3';
import { corpusFolder, type LabelledSeries, readCorpus } from './corpus.ts';
import { falseAlarms } from './false-alarms.ts';
import { bestResult, type NabProfile, type NabResult, resultAt } from './score.ts';
import { syntheticSeries } from './synthetic.ts';
import { bestByProfile, detectors, fixedByProfile, halves, scored, tocsinDetector, transferred } from './table.ts';

/**
 * The profiles as NAB publishes them, for the synthetic series when the corpus and its file of
 * profiles are absent.
 */
const published: Record<string, NabProfile> = {
  standard: { tp: 1, fp: 0.11, fn: 1 },
  reward_low_FP_rate: { tp: 1, fp: 0.22, fn: 1 },
  reward_low_FN_rate: { tp: 1, fp: 0.11, fn: 2 },
};

const { values } = parseArgs({ options: { series: { type: 'boolean' } } });
const corpus = readCorpus();
const profiles = corpus?.profiles ?? published;
const table = new Table({
  head: ['detector', ...Object.keys(profiles), 'found', 'false points'],
  style: { head: [], border: [] },
});
const add = (name: string, results: Record<string, NabResult>): void => {
  const standard = results['standard'];
  table.push([
    name,
    ...Object.values(results).map(({ score }) => score.toFixed(1)),
    standard ? `${standard.found} of ${standard.windows}` : '',
    standard?.falsePoints ?? '',
  ]);
};

if (corpus) {
  for (const [name, detect] of Object.entries(detectors)) add(name, bestByProfile(scored(corpus.series, detect), profiles));
  const own = scored(corpus.series, tocsinDetector);
  add('tocsin, its own threshold 0.5', fixedByProfile(own, profiles));
  const [chosen, other] = halves(own);
  add('tocsin, the half parameters were chosen on', bestByProfile(chosen, profiles));
  add('tocsin, the other half', bestByProfile(other, profiles));
  add(
    'tocsin, the other half, threshold of the first',
    Object.fromEntries(
      Object.entries(profiles).map(([name, profile]) => [name, resultAt(other, profile, bestResult(chosen, profile).threshold)]),
    ),
  );
} else {
  process.stdout.write(`The corpus is not at ${corpusFolder}: only the synthetic series are scored.\n`);
}
const synthetic = syntheticSeries();
add(
  'windowed Gaussian, synthetic series',
  bestByProfile(scored(synthetic, detectors['windowed Gaussian'] ?? tocsinDetector), profiles),
);
add('tocsin, synthetic series', bestByProfile(scored(synthetic, tocsinDetector), profiles));
add('tocsin, synthetic series, its own threshold', fixedByProfile(scored(synthetic, tocsinDetector), profiles));
process.stdout.write(`${table.toString()}\n`);

process.stdout.write('Events a week on series in which nothing happens, five minutes apart, mean of six:\n');
for (const { name, first, later } of falseAlarms()) {
  process.stdout.write(`  ${name.padEnd(26)} first week ${first.toFixed(1)}, then ${later.toFixed(1)} a week\n`);
}

if (corpus) {
  const own = scored(corpus.series, tocsinDetector);
  const means = Object.entries(profiles).map(([name, profile]) => `${name} ${transferred(own, profile).toFixed(1)}`);
  process.stdout.write(`Threshold from a random half, score on the other, mean of 40: ${means.join(', ')}\n`);
  process.stdout.write(
    'Published, on all 58 series (standard): HTM 70, CAD OSE 69.9, random cut forest 51.7, windowed Gaussian 39.6.\n',
  );
  if (values.series) for (const one of corpus.series) process.stdout.write(`${lineOf(one, profiles['standard'])}\n`);
}

function lineOf(series: LabelledSeries, profile: NabProfile | undefined): string {
  if (!profile) return series.name;
  const { found, windows, falsePoints } = resultAt(scored([series], tocsinDetector), profile, 0.5);
  return `${series.name.padEnd(58)} found ${found} of ${windows}, false points ${falsePoints}`;
}
