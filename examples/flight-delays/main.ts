import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import type { Secrets } from '../../app/ports/secrets.ts';
import { yieldToEventLoop } from '../../app/yield-to-event-loop.ts';
import { formatUtc } from '../../core/vocabulary/format.ts';
import { formatDuration } from '../../core/vocabulary/units.ts';
import { virtualClock } from '../../local/clock.ts';
import { exampleSecret } from '../../local/example-secret.ts';
import { type StartOptions, stopRequested } from '../../local/main.ts';
import { environmentSecrets } from '../../local/ports.ts';
import { realRun } from '../../local/run/real-run.ts';
import { virtualRun } from '../../local/run/virtual-run.ts';
import { openService, type Service } from '../../local/service.ts';
import { StartError } from '../../local/start-error.ts';
import { versions } from './model.ts';
import { type ModelServer, startModelServer } from './model-server.ts';
import { goOnNightly, nightlyJob, type ReportNightly } from './nightly.ts';
import { readProgress, saveProgress } from './progress.ts';
import { type ProgressView, progressView } from './progress-view.ts';
import { flightStory, servedFrom, servedTo } from './story.ts';

const source = 'flights';
const deployment = 'flight-delays';

/**
 * Runs the example pipeline against a service on this machine, then lets the service go on, until
 * it is stopped.
 */
export async function serveWithExample(options: StartOptions): Promise<void> {
  const path = options.store ?? '.tocsin/example/flight-delays.sqlite';
  const clock = virtualClock(servedFrom);
  const view = progressView(servedFrom, servedTo);
  let run: ReturnType<typeof realRun> | undefined;
  let stopping = false;
  const open = () =>
    openService({
      config: options.config,
      runbooks: options.runbooks,
      store: path,
      port: options.port,
      clock,
      secrets: exampleSecrets(),
      write: view.write,
      colors: process.stdout.isTTY === true,
      onEffects: () => run?.kick(),
      onFold: (folded) => run?.folded(folded),
    });
  let service = await open();
  if (options.fresh) {
    // Opened first, so that the store of a running service is never taken away from under it.
    await service.close();
    for (const ending of ['', '-wal', '-shm']) rmSync(`${path}${ending}`, { force: true });
    service = await open();
  }
  const stopped = stopRequested();
  try {
    const before = await readProgress(service.ports.store);
    clock.set(before?.at ?? servedFrom);
    const server = await modelServer(service, clock.now, before?.deployments);
    try {
      if (before?.finished) {
        view.write(`The example has run before. What it left is at ${service.url}/; run it again with: npm start -- --fresh`);
      } else {
        await tell(service, server, before?.at);
      }
      if (stopping) return;
      clock.run();
      run = realRun(service.ports, clock);
      const stopNightly = goOnNightly(clock, reportTo(service), (error) =>
        view.write(`The nightly job could not report: ${error}`),
      );
      await summary(service, view);
      view.write(`The service goes on. Incidents: ${service.url}/  (Ctrl-C stops)`);
      await stopped;
      stopNightly();
      view.write('Stopping: finishing deliveries under way.');
      await run.stop();
    } finally {
      await server.close();
    }
  } finally {
    view.close();
    await service.close();
    view.write('Stopped. The next start finds everything again.');
  }

  async function tell(one: Service, server: ModelServer, resumeAt: number | undefined): Promise<void> {
    view.write(
      resumeAt === undefined
        ? `A model that predicts late flights, trained on January 2001, serves February and March in ${options.seconds} seconds.`
        : `Going on from ${formatUtc(resumeAt)}, where the example was stopped.`,
    );
    view.write(`Watch it at ${one.url}/  (Ctrl-C stops; times are those of the flights, in UTC)`);
    const story = flightStory({
      source,
      server,
      post: (to, records, key) => post(one.url, to, records, key),
      report: reportTo(one),
    });
    let interrupted = false;
    void stopped.then(() => {
      interrupted = true;
    });
    const startedAt = Date.now();
    const startedFrom = clock.now();
    let savedAt = startedFrom;
    let steps = 0;
    function* remaining() {
      for (const event of story.events) {
        if (resumeAt !== undefined && event.at <= resumeAt) continue;
        yield {
          at: event.at,
          async run() {
            await event.run();
            if (event.label !== undefined) view.write(`${formatUtc(event.at)}  ${event.label}`);
          },
        };
      }
    }
    view.start();
    const finished = await virtualRun({
      ports: one.ports,
      clock,
      events: remaining(),
      until: story.to,
      async onAdvance(at) {
        if (clock.now() - savedAt >= 3_600_000) {
          savedAt = clock.now();
          await saveProgress(one.ports.store, { at: savedAt, finished: false, deployments: server.history() });
        }
        view.advance(at, server.history().at(-1)?.version ?? versions.good);
        // Slow enough to be read. The pages are served in these pauses, and while there is time for
        // none, in between: a timer takes a millisecond at least, and the story has a step for
        // every minute of two months.
        const aheadMs = startedAt + (1000 * options.seconds * (at - startedFrom)) / (story.to - story.from) - Date.now();
        steps += 1;
        if (aheadMs > 0) await new Promise((resolve) => setTimeout(resolve, aheadMs));
        else await yieldToEventLoop(steps);
        return !interrupted;
      },
    });
    view.close();
    stopping = !finished;
    await saveProgress(one.ports.store, { at: clock.now(), finished, deployments: server.history() });
  }
}

/**
 * The hook's secret has no meaning beyond this process, so it is made here unless someone sets one.
 */
function exampleSecrets(): Secrets {
  const made = randomBytes(24).toString('base64url');
  const environment = environmentSecrets();
  return { get: async (name) => (await environment.get(name)) ?? (name === exampleSecret ? made : undefined) };
}

async function modelServer(
  service: Service,
  now: () => number,
  history: ModelServer['history'] extends () => infer H ? H | undefined : never,
): Promise<ModelServer> {
  const hook = service.ports.config.deployments[deployment]?.hook;
  if (hook?.kind !== 'webhook' || service.ports.config.sources[source]?.kind !== 'predictions') {
    throw new StartError(
      `the example needs the deployment ${deployment} with a webhook and the source ${source} in the config; start without it: npm start -- --no-example`,
    );
  }
  const secret = (await service.ports.secrets.get(hook.secret)) ?? '';
  try {
    return await startModelServer({
      url: hook.url,
      secret,
      now,
      versions: [versions.good, versions.faulty],
      ...(history === undefined ? {} : { history }),
    });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw cause;
    throw new StartError(
      `the port of the example's model server, ${hook.url}, is taken; stop what listens there, or change deployments.${deployment} in the config`,
      { cause },
    );
  }
}

async function post(base: string, path: string, records: object[], key: string): Promise<void> {
  const response = await fetch(new URL(path, base), {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'Idempotency-Key': key },
    body: JSON.stringify(records),
  });
  const answer = await response.text();
  if (!response.ok) throw new Error(`${path} answered ${response.status}: ${answer.slice(0, 500)}`);
}

/** A config of one's own may not expect it. */
const reportTo =
  ({ url, ports }: Service): ReportNightly =>
  async ({ state, done, total, log = '' }) => {
    if (!Object.hasOwn(ports.config.heartbeats, nightlyJob)) return;
    const to = new URL(`/v1/heartbeats/${nightlyJob}/${state}`, url);
    if (done !== undefined && total !== undefined)
      to.search = new URLSearchParams({ done: `${done}`, total: `${total}` }).toString();
    const response = await fetch(to, { method: 'POST', headers: { 'Content-Type': 'text/plain' }, body: log });
    if (!response.ok) throw new Error(`${to.pathname} answered ${response.status}: ${(await response.text()).slice(0, 500)}`);
  };

async function summary({ ports }: Service, view: ProgressView): Promise<void> {
  const incidents = (await ports.store.incidents({ status: 'all', limit: 100 })).toSorted((a, b) => a.openedAt - b.openedAt);
  view.write(`\n${incidents.length} incidents in two months:`);
  for (const { id, worst, status, title, since, resolvedAt, resolveReason } of incidents) {
    const lasted =
      resolvedAt === undefined ? '' : ` after ${formatDuration(Math.round((resolvedAt - since) / 3_600_000) * 3_600_000)}`;
    view.write(
      `  ${formatUtc(since)}  ${worst.padEnd(8)}  ${title}: ${status}${lasted}${resolveReason === undefined ? '' : `, ${resolveReason}`}  [${id}]`,
    );
  }
  view.write('');
}
