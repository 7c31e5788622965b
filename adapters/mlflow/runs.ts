/**
 * Runs of experiments, `POST /api/2.0/mlflow/runs/search`, those that began last first.
 *
 * https://mlflow.org/docs/latest/api_reference/rest-api.html#search-runs
 */
import * as z from 'zod';
import type { Secrets } from '../../app/ports/secrets.ts';
import type { MlflowRun } from '../../core/alerting/intakes/kinds/mlflow-runs.ts';
import { type AskedRun, mostRuns } from '../../core/telemetry/registries/asked-runs.ts';
import type { PolledMlflow } from '../../core/telemetry/registries/mlflow-schema.ts';
import { authorizationOf } from '../authorization.ts';
import { allPagesMs, askJson } from '../registry-answer.ts';

const runsAPage = 100;
const server = 'MLflow';

const experimentAnswer = z.object({ experiment: z.object({ experiment_id: z.coerce.string().min(1) }) });
const searchAnswer = z.object({
  runs: z
    .array(
      z.object({
        info: z.object({
          run_id: z.string().min(1),
          run_name: z.string().nullish(),
          experiment_id: z.coerce.string(),
          status: z.string(),
          end_time: z.coerce.number().nullish(),
        }),
      }),
    )
    .nullish(),
  next_page_token: z.string().nullish(),
});
type Info = NonNullable<z.output<typeof searchAnswer>['runs']>[number]['info'];

export async function mlflowRuns(registry: PolledMlflow, from: number, secrets: Secrets): Promise<AskedRun[]> {
  const { experiments = [] } = registry.runs ?? {};
  const asking = { headers: await authorizationOf(registry, secrets), endsAt: performance.now() + allPagesMs };
  const ids = await Promise.all(experiments.map((name) => experimentId(registry.url, name, asking)));
  const names = new Map(ids.map((id, place) => [id, experiments[place] as string]));
  const ended: AskedRun[] = [];
  let token: string | undefined;
  for (let seen = 0; seen < mostRuns; seen += runsAPage) {
    const body = {
      experiment_ids: ids,
      filter: `attributes.start_time >= ${Math.max(0, Math.trunc(from))}`,
      order_by: ['attributes.start_time DESC'],
      max_results: runsAPage,
      ...(token === undefined ? {} : { page_token: token }),
    };
    const read = searchAnswer.safeParse(
      await askJson(registry.url, { server, path: '/api/2.0/mlflow/runs/search', body }, asking),
    );
    if (!read.success)
      throw new Error(`the answer is not that of MLflow's runs: ${read.error.issues[0]?.path.join('.') || 'its shape'}`);
    ended.push(...(read.data.runs ?? []).flatMap(({ info }) => endedRun(registry.url, names, info) ?? []));
    token = read.data.next_page_token || undefined;
    if (token === undefined) break;
  }
  return ended;
}

async function experimentId(url: string, name: string, asking: Parameters<typeof askJson>[2]): Promise<string> {
  const question = { server, path: '/api/2.0/mlflow/experiments/get-by-name', query: { experiment_name: name } };
  try {
    const read = experimentAnswer.safeParse(await askJson(url, question, asking));
    if (!read.success) throw new Error('its answer has no experiment_id');
    return read.data.experiment.experiment_id;
  } catch (cause) {
    throw new Error(`the experiment ${name} cannot be asked for: ${cause instanceof Error ? cause.message : String(cause)}`);
  }
}

/** Undefined for a run that goes on, or was killed. */
function endedRun(url: string, names: ReadonlyMap<string, string>, info: Info): AskedRun | undefined {
  const { run_id: runId, run_name: runName, experiment_id: id, status, end_time: endedAt } = info;
  const experiment = names.get(id);
  if (experiment === undefined || !endedAt || (status !== 'FAILED' && status !== 'FINISHED')) return undefined;
  const address = url.replace(/\/+$/, '');
  const document: MlflowRun = {
    ...{ server: address, experiment, runId, status, endedAt },
    ...(runName ? { runName } : {}),
    link: `${address}/#/experiments/${encodeURIComponent(id)}/runs/${encodeURIComponent(runId)}`,
  };
  return { id: runId, endedAt, document };
}
