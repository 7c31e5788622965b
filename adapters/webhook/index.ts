/**
 * Signed webhooks, in two uses: a channel that posts pages as JSON, and a rollback hook that asks a
 * team's own service what is deployed and tells it to go back. docs/webhooks.md documents both
 * formats and how to check the signature.
 *
 * - Every request is a POST signed with the secret that the config names (`Tocsin-Signature`,
 *   core/access/signing/sign.ts). A
 * page and a rollback carry the same `Tocsin-Key` on every attempt, so that the receiver can drop
 * repeats.
 * - Any 2xx is taken as done. 408, 425, 429, 5xx, a time-out (5 s) and a cut connection may be
 *   tried again, after
 * `Retry-After` where it is given. Other answers, redirects included, are refusals for good.
 * - Error messages name the host only, since URLs of webhooks often carry secrets; bodies of
 *   answers are not quoted.
 */
import * as z from 'zod';
import type { Channel } from '../../app/ports/channel.ts';
import { DeliveryError } from '../../app/ports/delivery-error.ts';
import type { Outside } from '../../app/ports/outside.ts';
import type { DeploymentOf, RollbackHook } from '../../app/ports/rollback-hook.ts';
import { parsedJson } from '../parsed-json.ts';
import { alertmanagerBody } from './alertmanager-format.ts';
import { digestBody, pageBody, webhookVersion } from './format.ts';
import { postSigned, type WebhookOptions } from './post.ts';

export type { WebhookOptions } from './post.ts';

export const openChannel = (outside: Outside): Channel<'webhook'> =>
  webhookChannel({ ...outside, publicUrl: outside.config.settings.publicUrl });

/** `publicUrl`: where Tocsin is, for formats that say so. */
export function webhookChannel(options: WebhookOptions & { publicUrl?: string }): Channel<'webhook'> {
  return {
    async send(contact, page, key) {
      const body = contact.format === 'alertmanager' ? alertmanagerBody(page, options.publicUrl ?? '') : pageBody(page, key);
      await postSigned(options, contact, body, key);
      return {};
    },
    async digest(contact, digest, key) {
      if (contact.format === 'alertmanager')
        throw new DeliveryError('a webhook of format alertmanager takes no digests; name another contact', { retryable: false });
      await postSigned(options, contact, digestBody(digest, key), key);
      return {};
    },
  };
}

/** Times as milliseconds since the epoch or ISO 8601. */
const time = z.union([z.number().nonnegative(), z.iso.datetime({ offset: true }).transform((text) => Date.parse(text))]);

const version = z.string().min(1).max(200);

/** Other systems compute shares, with rounding errors. */
const shareSlack = 0.01;

const split = z
  .array(z.object({ version, weight: z.number().min(0).max(1) }))
  .max(20)
  .refine((shares) => new Set(shares.map((share) => share.version)).size === shares.length, {
    error: 'expected each version once',
  })
  .refine((shares) => shares.length === 0 || Math.abs(shares.reduce((sum, { weight }) => sum + weight, 0) - 1) <= shareSlack, {
    error: 'expected weights from 0 to 1 that add up to 1',
  });

const describeAnswer = z
  .object({
    current: version,
    split: split.optional(),
    revision: z.string().max(1000).optional(),
    candidates: z
      .array(
        z.object({
          version,
          deployedAt: time.optional(),
          servedMs: z.number().nonnegative().optional(),
          compatible: z.boolean().optional(),
          why: z.string().max(500).optional(),
        }),
      )
      .max(1000),
  })
  .refine(({ current, split: shares = [] }) => shares.length === 0 || shares.some((share) => share.version === current), {
    error: 'expected the current version among those that share the traffic, if only with a weight of 0',
    path: ['split'],
  });

const rollbackAnswer = z.object({ providerId: z.string().min(1).max(500), already: z.boolean().prefault(false) });

export const openHook = (outside: Outside): RollbackHook<'webhook'> => webhookHook(outside);

export function webhookHook(options: WebhookOptions): RollbackHook<'webhook'> {
  async function ask<T>(
    name: string,
    deployment: DeploymentOf<'webhook'>,
    body: Record<string, unknown>,
    answer: z.ZodType<T>,
    key?: string,
  ): Promise<T> {
    const text = await postSigned(options, deployment.hook, { version: webhookVersion, ...body, deployment: name }, key);
    const parsed = answer.safeParse(parsedJson(text));
    if (parsed.success) return parsed.data;
    const issues = parsed.error.issues.map((issue) => `${issue.path.join('.') || 'body'}: ${issue.message}`);
    const what = `answered ${String(body['action'])} with something else than docs/webhooks.md says (${issues.slice(0, 3).join('; ')})`;
    throw new DeliveryError(`webhook of deployment ${name}: ${what}`, { retryable: false });
  }

  return {
    describe(name, deployment) {
      return ask(name, deployment, { action: 'describe' }, describeAnswer);
    },
    rollback(name, deployment, { from, to, revision, requestId }) {
      return ask(name, deployment, { action: 'rollback', from, to, revision, requestId }, rollbackAnswer, requestId);
    },
  };
}
