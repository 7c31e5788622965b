import { Command, InvalidArgumentError, Option } from 'commander';
import { type Assumed, type Assumption, type AssumptionName, assume, assumptions } from '../core/dry-run/cost/assumptions.ts';
import { costReport } from '../core/dry-run/cost/report.ts';
import { scaledTo } from '../core/dry-run/cost/scaled.ts';
import { StartError } from '../local/start-error.ts';
import { type ConfigOptions, configOrThrow, withConfigOptions } from './config-options.ts';
import { costText } from './cost-text.ts';
import { durationLike } from './duration-option.ts';

type Options = ConfigOptions & { rules?: number; detectWithin: number; json?: boolean } & Record<string, unknown>;

/** The limit of `--rules`: more would not fit into one tick either. */
const maxRules = 100_000;

const flags = (Object.entries(assumptions) as [AssumptionName, Assumption][]).flatMap(([name, { flag, what, value }]) =>
  flag === undefined ? [] : [{ name, option: new Option(`${flag} <number>`, `${what} (${value})`).argParser(numberOf) }],
);

export function costCommand(): Command {
  const command = withConfigOptions(new Command('cost'))
    .description('what the config would cost a month on AWS, line by line, beside the same rules as CloudWatch alarms')
    .option('--rules <number>', 'assume this many two-band rules on CloudWatch, modelled on its own', rulesOf)
    .option(
      '--detect-within <duration>',
      'how late a lasting breach may be seen with the recommended cadences',
      durationLike('15m'),
      900_000,
    )
    .option('--json', 'everything as one JSON object, including lines below one cent')
    .addHelpText('after', '\nList prices without free tiers; docs/cost.md explains the estimate. Does not call AWS.');
  for (const { option } of flags) command.addOption(option);
  return command.action((options: Options) => {
    const { config: own } = configOrThrow(options);
    const known: Partial<Assumed> = {};
    for (const { name, option } of flags) known[name] = options[option.attributeName()] as number | undefined;
    const assumed = assumedOrThrow(known);
    const scaled = options.rules === undefined ? undefined : scaledTo(own, options.rules);
    const report = costReport(scaled?.config ?? own, assumed, options.detectWithin);
    process.stdout.write(
      options.json
        ? `${JSON.stringify({ ...report, ...(scaled === undefined ? {} : { madeAfter: scaled.after }), assumed }, null, 2)}\n`
        : costText(report, { assumed, madeAfter: scaled?.after, detectWithinMs: options.detectWithin }),
    );
  });
}

function assumedOrThrow(known: Partial<Assumed>): Assumed {
  try {
    return assume(known);
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw new StartError(cause.message, { cause });
  }
}

function numberOf(text: string): number {
  const number = Number(text);
  if (text.trim() === '' || !Number.isFinite(number) || number < 0)
    throw new InvalidArgumentError(`expected a number from 0; received ${JSON.stringify(text)}.`);
  return number;
}

function rulesOf(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1 || number > maxRules)
    throw new InvalidArgumentError(`expected a whole number from 1 to ${maxRules}; received ${JSON.stringify(text)}.`);
  return number;
}
