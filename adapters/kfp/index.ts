/**
 * Runs of Kubeflow Pipelines, `GET /apis/v2beta1/runs`, newest first, page by page, until one began
 * too long ago.
 *
 * https://www.kubeflow.org/docs/components/pipelines/reference/api/kubeflow-pipeline-api-spec/
 */
import * as z from 'zod';
import type { Secrets } from '../../app/ports/secrets.ts';
import { type AskedRun, mostRuns } from '../../core/telemetry/registries/asked-runs.ts';
import type { KfpConfig } from '../../core/telemetry/registries/kfp-schema.ts';
import { parseTimestamp } from '../../core/vocabulary/timestamp.ts';
import { authorizationOf } from '../authorization.ts';
import { allPagesMs, askJson } from '../registry-answer.ts';

const runsAPage = 100;

const answer = z.object({
  runs: z
    .array(
      z.looseObject({
        run_id: z.string().min(1),
        state: z.string().nullish(),
        created_at: z.string().nullish(),
        finished_at: z.string().nullish(),
      }),
    )
    .nullish(),
  next_page_token: z.string().nullish(),
});
type Run = NonNullable<z.output<typeof answer>['runs']>[number];

export async function kfpRuns(registry: KfpConfig, from: number, secrets: Secrets): Promise<AskedRun[]> {
  const headers = await authorizationOf(registry, secrets);
  const endsAt = performance.now() + allPagesMs;
  const ended: AskedRun[] = [];
  let token: string | undefined;
  for (let seen = 0; seen < mostRuns; seen += runsAPage) {
    const query = {
      page_size: String(runsAPage),
      sort_by: 'created_at desc',
      ...(registry.namespace === undefined ? {} : { namespace: registry.namespace }),
      ...(token === undefined ? {} : { page_token: token }),
    };
    const question = { server: 'Kubeflow Pipelines', path: '/apis/v2beta1/runs', query };
    const read = answer.safeParse(await askJson(registry.url, question, { headers, endsAt }));
    if (!read.success)
      throw new Error(`the answer is not that of Kubeflow Pipelines: ${read.error.issues[0]?.path.join('.') || 'its shape'}`);
    const runs = read.data.runs ?? [];
    ended.push(...runs.flatMap((run) => endedRun(run) ?? []));
    token = read.data.next_page_token || undefined;
    if (token === undefined || runs.some(({ created_at }) => timeOf(created_at, from) < from)) break;
  }
  return ended;
}

/** Undefined for a run that goes on, or was stopped. */
function endedRun(run: Run): AskedRun | undefined {
  const { run_id: id, state, created_at, finished_at } = run;
  if (state !== 'FAILED' && state !== 'SUCCEEDED') return undefined;
  const endedAt = timeOf(finished_at, timeOf(created_at, 0));
  return { id, endedAt, document: run };
}

/** What has not ended has a time of 1970 or of year 1. */
function timeOf(text: string | null | undefined, otherwise: number): number {
  const at = text ? parseTimestamp(text) : undefined;
  return at === undefined || at <= 0 ? otherwise : at;
}
