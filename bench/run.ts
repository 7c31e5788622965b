/** `npm run bench`: measures, and prints one table; `--only NAME` (also several) measures less. */
import { cpus, totalmem } from 'node:os';
import { parseArgs } from 'node:util';
import Table from 'cli-table3';
import { benchAnomaly } from './anomaly.ts';
import { benchBesidePrometheus } from './beside-prometheus.ts';
import { benchChart } from './chart.ts';
import { benchConsole } from './console.ts';
import { benchDrift } from './drift.ts';
import { benchFirstPage } from './first-page.ts';
import { benchJudge } from './judge.ts';
import { benchLambdas } from './lambdas.ts';
import { benchOtlp } from './otlp.ts';
import { benchProportions } from './proportions.ts';
import { benchRemoteWrite } from './remote-write.ts';
import { benchSqlite } from './sqlite.ts';
import { benchTick } from './tick.ts';

const { values } = parseArgs({ options: { markdown: { type: 'boolean' }, only: { type: 'string', multiple: true } } });
const all = {
  judge: benchJudge,
  tick: benchTick,
  'beside prometheus': benchBesidePrometheus,
  sqlite: benchSqlite,
  'remote write': benchRemoteWrite,
  otlp: benchOtlp,
  lambdas: benchLambdas,
  drift: benchDrift,
  anomaly: benchAnomaly,
  evidence: benchProportions,
  console: benchConsole,
  chart: benchChart,
  'the first page': benchFirstPage,
};

const rows: { name: string; value: string }[] = [];
for (const one of values.only ?? [])
  if (!Object.hasOwn(all, one)) throw new Error(`--only: expected one of ${Object.keys(all).join(', ')}; received ${one}`);
for (const [name, bench] of Object.entries(all)) {
  if (values.only !== undefined && !values.only.includes(name)) continue;
  process.stderr.write(`measuring ${name} ...\n`);
  rows.push(...(await bench()));
}
const machine = `${cpus()[0]?.model ?? 'unknown processor'}, ${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GiB; Node ${process.versions.node}, SQLite ${process.versions['sqlite'] ?? ''}`;
if (values.markdown) {
  process.stdout.write(
    `${machine}\n\n| Measure | Value |\n|---|---|\n${rows.map(({ name, value }) => `| ${name} | ${value} |\n`).join('')}`,
  );
} else {
  const table = new Table({ head: ['measure', 'value'], style: { head: [], border: [] } });
  for (const { name, value } of rows) table.push([name, value]);
  process.stdout.write(`${machine}\n${table.toString()}\n`);
}
