import Table from 'cli-table3';
import { Command } from 'commander';
import { describeLabels, formatUtc, formatValue } from '../core/vocabulary/format.ts';
import { oneLine } from '../core/vocabulary/printable.ts';
import type { JudgementDto, RuleStateDto, WhyDto } from '../http/api/dto/rule.ts';
import { msOf } from '../http/api/dto/time.ts';
import { withClient } from './client/open-client.ts';
import { type ClientOptions, withClientOptions } from './client/options.ts';

type Options = ClientOptions & { json?: boolean };

const write = (line: string): void => void process.stdout.write(`${line}\n`);
const at = (time: string | undefined): string => (time === undefined ? '' : formatUtc(msOf(time)));

export function whyCommand(): Command {
  return withClientOptions(new Command('why'))
    .argument('<rule>', 'id of a rule; source/alertname for an alert of another system')
    .description('why a rule pages nobody, or whom it paged: every step from the data to the phone')
    .option('--json', 'as one JSON document')
    .action((rule: string, options: Options) =>
      withClient(options, async (client) => {
        const found = await client.why(rule);
        if ('error' in found) return refused(found.error);
        if (options.json) write(JSON.stringify(found));
        else for (const line of whyLines(found)) write(oneLine(line));
      }),
    );
}

const marks = { passed: 'ok  ', stopped: 'STOP', waits: 'wait', unknown: '?   ' } as const;

function* whyLines({ answer, stoppedAt, pagedAt, steps }: WhyDto): Generator<string> {
  yield stoppedAt === undefined || pagedAt !== undefined ? answer : `No page: ${answer}`;
  for (const { step, outcome, text, details } of steps) {
    yield `${marks[outcome]}  ${step.padEnd(8)}  ${text}`;
    for (const detail of details) yield `                ${detail}`;
  }
}

export function evaluateCommand(): Command {
  return withClientOptions(new Command('evaluate'))
    .argument('<rule>', 'id of a rule')
    .description('judge a rule now, and print what it finds; no alert, incident or page comes of it')
    .option('--json', 'as one JSON document')
    .action((rule: string, options: Options) =>
      withClient(options, async (client) => {
        const found = await client.evaluate(rule);
        if ('error' in found) return refused(found.error);
        if (options.json) write(JSON.stringify(found));
        else for (const line of judgementLines(found)) write(oneLine(line));
      }),
    );
}

function* judgementLines({ at: time, totalSeries, verdicts, fault, series }: JudgementDto): Generator<string> {
  const counts = Object.entries(verdicts).filter(([, count]) => count > 0);
  yield `${at(time)}: ${totalSeries} series; ${counts.map(([status, count]) => `${count} ${status}`).join(', ') || 'no verdict'}`;
  if (fault !== undefined) yield `not all of it was judged: ${fault}`;
  for (const { labels, status, found, unjudged } of series) {
    const value = found?.value === undefined ? '' : `${formatValue(found.value)}: `;
    yield `${status}  {${describeLabels(labels)}}  ${value}${found?.reason ?? unjudged ?? ''}`;
  }
}

export function rulesCommand(): Command {
  return withClientOptions(new Command('rules'))
    .description('whether each rule is judged, and if not, why: never had data, warming up, its source fails')
    .option('--json', 'as JSON lines')
    .action((options: Options) =>
      withClient(options, async (client) => {
        const rules = await client.rules();
        if (options.json) {
          for (const rule of rules) write(JSON.stringify(rule));
          return;
        }
        const table = new Table({
          head: ['rule', 'state', 'judged', 'next', 'why not all of it'],
          style: { head: [], border: [] },
        });
        for (const one of rules) table.push([one.rule, one.state, at(one.judgedAt), at(one.nextAt), whyNot(one)]);
        write(table.toString());
      }),
    );
}

function whyNot({ trouble, warmUntil }: RuleStateDto): string {
  if (trouble === undefined) return '';
  const warm = warmUntil === undefined ? '' : `; warming up until about ${at(warmUntil)}`;
  return oneLine(`${trouble.text}, since ${at(trouble.since)}${warm}`);
}

function refused(error: string): void {
  process.stderr.write(`tocsin: ${oneLine(error)}\n`);
  process.exitCode = 1;
}
