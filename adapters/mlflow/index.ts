/**
 * Models of MLflow's registry, `GET /api/2.0/mlflow/registered-models/search`, page by page. Prompts are models there, too, and are left out.
 *
 * https://mlflow.org/docs/latest/api_reference/rest-api.html#search-registeredmodels
 */
import * as z from 'zod';
import type { AskRegistry } from '../../app/ports/registries.ts';
import type { Secrets } from '../../app/ports/secrets.ts';
import type { RegistryModel } from '../../core/telemetry/registries/poll.ts';
import type { PolledRegistry } from '../../core/telemetry/registries/registry-schema.ts';
import { reasonOf } from '../exchange.ts';
import { neededSecret } from '../secret-values.ts';

const pageTimeoutMs = 10_000;
/** Of all pages together: a tick on AWS waits for it. */
const allMs = 20_000;
const modelsAPage = 100;
const mostPages = 20;
const maxBytes = 8 * 1024 * 1024;

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
    const headers = await headersOf(registry, secrets);
    const endsAt = performance.now() + allMs;
    const models: RegistryModel[] = [];
    let token: string | undefined;
    for (let pages = 0; pages < mostPages; pages += 1) {
      const read = page.safeParse(await pageOf(registry.url, token, headers, endsAt));
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

async function headersOf({ basic, bearer }: PolledRegistry, secrets: Secrets): Promise<Record<string, string>> {
  if (basic !== undefined) {
    const both = `${basic.username}:${await neededSecret(secrets, basic.password)}`;
    return { Authorization: `Basic ${Buffer.from(both).toString('base64')}` };
  }
  return bearer === undefined ? {} : { Authorization: `Bearer ${await neededSecret(secrets, bearer)}` };
}

async function pageOf(
  address: string,
  token: string | undefined,
  headers: Record<string, string>,
  endsAt: number,
): Promise<unknown> {
  const url = new URL(`${address.replace(/\/+$/, '')}/api/2.0/mlflow/registered-models/search`);
  url.search = new URLSearchParams({
    max_results: String(modelsAPage),
    ...(token === undefined ? {} : { page_token: token }),
  }).toString();
  const timeoutMs = Math.min(pageTimeoutMs, Math.max(1, Math.trunc(endsAt - performance.now())));
  let response: Response;
  let text: string;
  try {
    // Redirects are not followed, so that a password goes nowhere else.
    response = await fetch(url, {
      headers: { ...headers, Accept: 'application/json' },
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMs),
    });
    text = await bodyOf(response);
  } catch (cause) {
    if (cause instanceof TooLongError) throw cause;
    if (cause instanceof DOMException) throw new Error(`no answer within ${timeoutMs / 1000} s`);
    throw new Error(`MLflow cannot be reached: ${reasonOf(cause instanceof Error ? (cause.cause ?? cause) : cause)}`);
  }
  if (response.status === 401 || response.status === 403)
    throw new Error(`MLflow refuses the credentials with status ${response.status}; check basic or bearer of the registry`);
  if (response.status !== 200) throw new Error(`MLflow answered with status ${response.status}; check url of the registry`);
  try {
    return JSON.parse(text);
  } catch {
    throw new Error('the answer of MLflow is not JSON; check url of the registry');
  }
}

class TooLongError extends Error {
  override name = 'TooLongError';
}

async function bodyOf(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > maxBytes) throw new TooLongError(`the answer is longer than ${maxBytes / 1024 ** 2} MB`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
