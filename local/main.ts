import { Command, InvalidArgumentError, Option } from 'commander';
import { deadMansPing } from '../adapters/dead-mans-ping/index.ts';
import type { Ping } from '../app/selfcheck/dead-mans-ping.ts';
import { alsoConfigured } from '../core/config/also-configured.ts';
import { counted } from '../core/vocabulary/counted.ts';
import { steadyClock } from './clock.ts';
import { jsonLog } from './json-log.ts';
import { lineWriter } from './lines.ts';
import { metricsSender } from './metrics-sender.ts';
import { realRun } from './run/real-run.ts';
import { openService, type Service } from './service.ts';
import { StartError } from './start-error.ts';

export const defaultPort = 4319;

/** Options of the service alone. */
export function serviceOptions(command: Command): Command {
  return command
    .option('--config <path>', 'folder of YAML files, or one file', 'config')
    .option('--runbooks <path>', 'folder of Markdown files', 'runbooks')
    .option('--store <path>', 'file of the store')
    .addOption(
      new Option('--log <form>', 'text for people, or JSON records for a collector').choices(['text', 'json']).default('text'),
    )
    .addOption(new Option('--port <number>', 'port to listen on').argParser(portOf).default(defaultPort).env('TOCSIN_PORT'));
}

/** Options of `npm start`, with and without the example. */
export function startCommand(): Command {
  return serviceOptions(
    new Command('npm start --')
      .description('Starts Tocsin on this machine.')
      .option('--no-example', 'only the service, without the example pipeline')
      .option('--fresh', 'forget the example that was run before and run it again')
      .option('--seconds <number>', 'how long the example takes', secondsOf, 40),
  ).showHelpAfterError('(npm start -- --help says more)');
}

export type ServeOptions = {
  config: string;
  runbooks: string;
  store?: string;
  log: 'text' | 'json';
  port: number;
  /** By default the loopback address. */
  host?: string;
};
export type StartOptions = ServeOptions & { example: boolean; fresh?: boolean; seconds: number };

function portOf(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535) throw new InvalidArgumentError('expected a port from 0 to 65535.');
  return port;
}

function secondsOf(text: string): number {
  const seconds = Number(text);
  if (!/^\d+$/.test(text) || seconds > 3600) throw new InvalidArgumentError('expected a number of seconds from 0 to 3600.');
  return seconds;
}

/** Runs the service alone, until stopped. */
export async function serve(options: ServeOptions): Promise<void> {
  const clock = steadyClock();
  const write = lineWriter(process.stdout);
  const tell = options.log === 'json' ? jsonLog(write, clock.now).write : write;
  let run: ReturnType<typeof realRun> | undefined;
  let takenOver: (why: string) => void = () => {};
  const lost = new Promise<string>((resolve) => {
    takenOver = resolve;
  });
  const service = await openService({
    config: options.config,
    runbooks: options.runbooks,
    store: options.store ?? '.tocsin/tocsin.sqlite',
    port: options.port,
    host: options.host,
    clock,
    write,
    colors: process.stdout.isTTY === true,
    log: options.log,
    onEffects: () => run?.kick(),
    onFold: (folded) => run?.folded(folded),
    onTakenOver: takenOver,
  });
  run = realRun(service.ports, clock, {
    ping: whileStoring(service, deadMansPing()),
    metrics: await metricsSender(service.ports.config, clock.now()),
  });
  const { config } = service.ports;
  const watched = [counted(Object.keys(config.rules).length, 'rule'), ...alsoConfigured(config)].join(', ');
  tell(`Tocsin watches ${watched}. Incidents: ${service.url}/  (Ctrl-C stops)`);
  const about = otlpLine(service);
  if (about !== undefined) tell(about);
  const ended = await Promise.race([stopRequested(), lost]);
  tell('Stopping: finishing deliveries under way.');
  await run.stop();
  await service.close();
  tell('Stopped.');
  if (ended !== undefined) throw new StartError(ended);
}

/**
 * What is only in memory is lost with the process, so the exit status must raise an alarm
 * elsewhere.
 */
const whileStoring =
  ({ stores }: Pick<Service, 'stores'>, ping: Ping): Ping =>
  async (url) => {
    if (!stores()) throw new Error('withheld, because nothing can be stored');
    await ping(url);
  };

/** Where metrics can be sent by OTLP; undefined without such a source. */
export function otlpLine({ url, otlp, ports }: Pick<Service, 'url' | 'otlp' | 'ports'>): string | undefined {
  if (otlp === undefined) return undefined;
  if (otlp.notReceived !== undefined)
    return `OTLP metrics are not received yet: ${otlp.notReceived}. It is tried again; /healthz says when they are.`;
  const also = `OTLP metrics are taken at ${url}/v1/metrics`;
  if (otlp.listening !== undefined)
    return `${also} and at http://127.0.0.1:${otlp.listening}/v1/metrics, where SDKs send by themselves.`;
  const { otlpPort } = ports.config.settings;
  if (otlp.notListening === undefined) return `${also}.`;
  return `${also}, and not at port ${otlpPort}: ${otlp.notListening}. settings.otlpPort can name another one, or say off.`;
}

/** Resolves at the first Ctrl-C or SIGTERM; a second Ctrl-C exits at once. */
export function stopRequested(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.once(signal, () => {
        process.once('SIGINT', () => process.exit(130));
        resolve();
      });
    }
  });
}

/** Runs to the end, then exits. A failed start prints its reason in one line and exits with 1. */
export async function orExplain(work: Promise<void>): Promise<void> {
  let code = 0;
  try {
    await work;
  } catch (error) {
    if (!(error instanceof StartError)) throw error;
    process.stderr.write(`tocsin: ${error.message}\n`);
    code = 1;
  }
  // A receiver that has not answered would hold the process until its timeout; the next start
  // repeats the page.
  process.stdout.write('', () => process.exit(code));
}
