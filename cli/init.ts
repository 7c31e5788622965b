import { lstatSync } from 'node:fs';
import { join, relative } from 'node:path';
import { createInterface, type Interface } from 'node:readline/promises';
import { Command } from 'commander';
import { configJsonSchema } from '../core/config/json-schema.ts';
import { formatConfigError, loadConfig } from '../core/config/load.ts';
import { sourceFailingRunbook } from '../core/config/references.ts';
import type { Config } from '../core/config/schema.ts';
import { readRunbooks } from '../local/read-config.ts';
import { StartError } from '../local/start-error.ts';
import { makeFiles, type NewFile } from '../local/write-files.ts';
import { type Answers, badOf, pagedOf, type Understood, watchedOf } from './init/answers.ts';
import { configFiles } from './init/files.ts';
import { nextSteps } from './init/next-steps.ts';
import { ownRunbooks } from './own-files.ts';

type Options = { watch?: string; bad?: string; page?: string };

/** A question, and the option that answers it where nobody can be asked. */
type Question<T> = { option: keyof Options; text: string; read: (answer: string) => Understood<T> };

const questions = {
  watched: {
    option: 'watch',
    text: 'What do you watch? A model and a metric of its predictions, such as `churn accuracy`; its features, such as `churn drift age,plan`; or a number that you send, such as `latency_ms`',
    read: watchedOf,
  },
  bad: { option: 'bad', text: 'From where is it bad? Such as `below 0.8` or `above 250`', read: badOf },
  paged: {
    option: 'page',
    text: 'Who is paged? A name, and how if not in this terminal: `Mei Tanaka`, `Mei Tanaka, slack U0123ABCD`, `Mei Tanaka, https://example.com/pages`',
    read: pagedOf,
  },
} satisfies { [K in keyof Answers]: Question<Answers[K]> };

export function initCommand(): Command {
  return new Command('init')
    .argument('[folder]', 'folder for `config` and `runbooks`', '.')
    .description('make a config of your own, by three questions')
    .option('--watch <what>', 'answer to the first: `MODEL METRIC`, `MODEL drift FEATURES` or `METRIC`')
    .option('--bad <bound>', 'answer to the second: `below NUMBER` or `above NUMBER`')
    .option('--page <who>', 'answer to the third: `NAME`, `NAME, slack ID` or `NAME, URL`')
    .addHelpText('after', '\nNothing that is there is changed. docs/quickstart.md goes on from here.')
    .action(init);
}

async function init(folder: string, options: Options): Promise<void> {
  const config = join(folder, 'config');
  if (isThere(config))
    throw new StartError(`${config} is there already, and nothing in it is changed; name another folder: tocsin init FOLDER`);
  const own = join(folder, 'runbooks');
  const has = isThere(own) ? readRunbooks(own) : undefined;
  const answers = await answersOf(options);
  if (answers.watched.of === 'drift' && !(answers.bad.direction === 'above' && answers.bad.bound > 0))
    throw new StartError('--bad: expected a size above 0, such as `above 0.25`: the larger a drift, the worse it is');
  const files = configFiles(answers);
  // Answers that do not fit each other, such as an accuracy above 250, are told before anything is
  // written.
  const ours = [...readRunbooks(ownRunbooks).keys()];
  const loaded = loadConfig(
    Object.entries(files).map(([name, text]) => ({ path: name, text })),
    new Set([...ours, ...(has?.keys() ?? [])]),
  );
  if (!loaded.ok)
    throw new StartError(
      `these answers make no config that works, so nothing is written:\n${loaded.errors.map(formatConfigError).join('\n')}`,
    );
  const schema = `${JSON.stringify(configJsonSchema(), null, 2)}\n`;
  const written = Object.entries({ ...files, 'tocsin.schema.json': schema }).map(([name, text]) => ({
    path: join(config, name),
    text,
  }));
  // Runbooks of one's own stay as they are: beside them only those that the config names are added.
  const named = has === undefined ? ours : runbooksOf(loaded.config).filter((name) => !has.has(name));
  const copied = named.map((name): NewFile => ({ path: join(own, `${name}.md`), copyOf: join(ownRunbooks, `${name}.md`) }));
  makeFiles(has === undefined ? [config, own] : [config], [...written, ...copied]);
  process.stdout.write(nextSteps(answers, relative('.', folder)));
}

/** Whether anything has that name, such as a link that leads nowhere. */
const isThere = (path: string): boolean => {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch {
    // A file is where a folder above should be: making the folder says so.
    return false;
  }
};

const runbooksOf = ({ rules }: Config): string[] => [
  ...new Set([sourceFailingRunbook, ...Object.values(rules).map(({ runbook }) => runbook)]),
];

async function answersOf(options: Options): Promise<Answers> {
  const { stdin, stderr } = process;
  const terminal = stdin.isTTY ? createInterface({ input: stdin, output: stderr }) : undefined;
  try {
    const answer = async <T>(question: Question<T>): Promise<T> => answered(question, options[question.option], terminal);
    const watched = await answer(questions.watched);
    const bad = await answer(questions.bad);
    return { watched, bad, paged: await answer(questions.paged) };
  } finally {
    terminal?.close();
  }
}

/** An option that is not understood ends the command; a person is asked again. */
async function answered<T>(
  { option, text, read }: Question<T>,
  given: string | undefined,
  terminal: Interface | undefined,
): Promise<T> {
  if (given !== undefined) {
    const understood = read(given);
    if (understood.ok) return understood.value;
    throw new StartError(`--${option}: ${understood.error}`);
  }
  if (terminal === undefined) throw new StartError(`nobody can be asked here, so --${option} is needed. ${text}`);
  for (;;) {
    const understood = read(await terminal.question(`${text}\n> `));
    if (understood.ok) return understood.value;
    process.stderr.write(`${understood.error}\n`);
  }
}
