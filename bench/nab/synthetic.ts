import type { LabelledSeries } from './corpus.ts';
import { normalFrom, randomFrom } from './random.ts';

type Random = () => number;
/** The undisturbed value at a part of the day from 0 to 1. */
type Base = (partOfDay: number) => number;

const bases: Base[] = [
  () => 0,
  (day) => 3 * Math.sin(2 * Math.PI * day),
  (day) => (day > 0.35 && day < 0.75 ? 4 : 0),
  (day) => 2 * Math.sin(2 * Math.PI * day) + (day > 0.3 && day < 0.4 ? 2 : 0),
];

/**
 * What a disturbed value becomes. `part` runs from 0 to 1 over the disturbance, `size` is signed,
 * in the unit of the values.
 */
type Disturb = (value: number, about: { part: number; size: number; before: readonly number[]; random: Random }) => number;

const disturbances: { change: Disturb; brief?: true }[] = [
  { change: (value, { size }) => value + 1.5 * size, brief: true },
  { change: (value, { size }) => value + size },
  { change: (_value, { before }) => before.at(-1) ?? 0 },
  { change: (value, { size, random }) => value + 0.7 * size * normalFrom(random) },
  { change: (value, { size, part }) => value + 1.2 * size * part },
  { change: (_value, { before, random }) => before[Math.floor(random() * before.length)] ?? 0 },
];

/**
 * Made-up series with known disturbances, so that the detector is not judged by one corpus alone:
 * steady, daily and weekly seasons, random walks and mostly idle series, with light or heavy,
 * independent or correlated noise, on scales from 0.001 to 1,000, every 5, 15 or 60 minutes. Each
 * has up to three disturbances of 4 to 10 deviations; a window is as long as NAB's (a tenth of the
 * series shared by its windows) and begins a quarter of itself before the disturbance.
 */
export function syntheticSeries(count = 48, seed = 1): LabelledSeries[] {
  const random = randomFrom(seed);
  return Array.from({ length: count }, (_, i) => oneSeries(`synthetic/${i}`, i, random));
}

function oneSeries(name: string, index: number, random: Random): LabelledSeries {
  const rows = [1500, 4000, 4000, 8000][index % 4] ?? 4000;
  const stepMs = ([60, 5, 5, 15][index % 4] ?? 5) * 60_000;
  const kind = index % 6;
  const base = bases[kind % bases.length] ?? bases[0];
  const noise = [0.05, 0.3, 1][Math.floor(random() * 3)] ?? 1;
  const heavy = random() < 0.4;
  const memory = random() < 0.5 ? 0.9 * random() : 0;
  const weekend = random() < 0.5 ? 0.4 : 1;
  const scale = 10 ** (6 * random() - 3);
  const offset = random() < 0.5 ? 0 : 20 * random();
  const times = Array.from({ length: rows }, (_, i) => 1_600_000_000_000 + i * stepMs);
  let [error, walk] = [0, 0];
  const values = times.map((time) => {
    const dayNumber = Math.floor(time / 86_400_000);
    const shock = normalFrom(random) * (heavy ? Math.exp(0.7 * normalFrom(random)) : 1);
    error = memory * error + shock * Math.sqrt(1 - memory * memory);
    walk += 0.02 * normalFrom(random);
    if (kind === 4) return walk + noise * error;
    if (kind === 5) return random() < 0.03 ? Math.exp(1 + normalFrom(random)) : Math.abs(error) * 0.2 * noise;
    return (base?.((time % 86_400_000) / 86_400_000) ?? 0) * (dayNumber % 7 >= 5 ? weekend : 1) + noise * error;
  });
  const windows = disturb(values, Math.max(noise, deviationOf(values) / 2), random);
  return { name, times, values: values.map((value) => scale * (offset + value)), windows };
}

function disturb(values: number[], unit: number, random: Random): [number, number][] {
  const count = Math.floor(random() * 4);
  const width = Math.floor(values.length / 10 / Math.max(1, count));
  const probation = Math.ceil(0.15 * values.length);
  const slot = (values.length - probation) / Math.max(1, count);
  return Array.from({ length: count }, (_, i): [number, number] => {
    const from = Math.floor(probation + slot * i + width / 2 + random() * (slot - 1.5 * width));
    const to = from + Math.floor(width * (0.2 + 0.5 * random()));
    const size = (4 + 6 * random()) * unit * (random() < 0.5 ? 1 : -1);
    const { change, brief } = disturbances[Math.floor(random() * disturbances.length)] ?? { change: (value: number) => value };
    const before = values.slice(0, from);
    const end = brief ? from + 2 : to;
    for (let at = from; at < end; at += 1) {
      values[at] = change(values[at] ?? 0, { part: (at - from) / (end - from), size, before, random });
    }
    const left = from - Math.floor(width / 4);
    return [left, left + width - 1];
  });
}

function deviationOf(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
}
