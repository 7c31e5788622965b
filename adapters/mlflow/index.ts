/**
 * Models of MLflow's registry, `GET /api/2.0/mlflow/registered-models/search`, page by page.
 * Prompts are models there, too, and are left out.
 *
 * https://mlflow.org/docs/latest/api_reference/rest-api.html#search-registeredmodels
 */
import * as z from 'zod';
import type { AskRegistry } from '../../app/ports/registries.ts';
import type { Secrets } from '../../app/ports/secrets.ts';
import type { RegistryModel } from '../../core/telemetry/registries/poll.ts';
import { authorizationOf } from '../authorization.ts';
import { allPagesMs, askJson } from '../registry-answer.ts';

const modelsAPage = 100;
const mostPages = 20;

const tag = z.object({ key: z.string(), value: z.string().nullish() });
const page = z.object({
  registered_models: z
    .array(
      z.object({
        name: z.string().min(1).max(256),
        aliases: z.array(z.object({ alias: z.string().min(1).max(256), version: z.coerce.string().max(64) })).nullish(),
        latest_versions: z.array(z.object({ version: z.coerce.string() })).nullish(),
        tags: z.array(tag).nullish(),
      }),
    )
    .nullish(),
  next_page_token: z.string().nullish(),
});

export function mlflowRegistries(secrets: Secrets): AskRegistry {
  return async (registry) => {
    const headers = await authorizationOf(registry, secrets);
    const endsAt = performance.now() + allPagesMs;
    const models: RegistryModel[] = [];
    let token: string | undefined;
    for (let pages = 0; pages < mostPages; pages += 1) {
      const query = { max_results: String(modelsAPage), ...(token === undefined ? {} : { page_token: token }) };
      const question = { server: 'MLflow', path: '/api/2.0/mlflow/registered-models/search', query };
      const read = page.safeParse(await askJson(registry.url, question, { headers, endsAt }));
      if (!read.success)
        throw new Error(`the answer is not that of MLflow's registry: ${read.error.issues[0]?.path.join('.') ?? 'its shape'}`);
      for (const model of read.data.registered_models ?? []) {
        if (model.tags?.some(({ key, value }) => key === 'mlflow.prompt.is_prompt' && value?.toLowerCase() === 'true')) continue;
        models.push(modelOf(model.name, model.aliases ?? [], model.latest_versions ?? []));
      }
      token = read.data.next_page_token || undefined;
      if (token === undefined) return models;
    }
    throw new Error(`the registry has more than ${mostPages * modelsAPage} models, which is more than is asked for`);
  };
}

function modelOf(
  name: string,
  aliases: readonly { alias: string; version: string }[],
  latest: readonly { version: string }[],
): RegistryModel {
  const numbers = latest.map(({ version }) => Number(version)).filter((number) => Number.isSafeInteger(number) && number > 0);
  return {
    name,
    aliases: Object.fromEntries(aliases.map(({ alias, version }) => [alias, version])),
    ...(numbers.length === 0 ? {} : { newest: Math.max(...numbers) }),
  };
}
