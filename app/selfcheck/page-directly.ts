import type { Config } from '../../core/config/schema.ts';
import { contactKey } from '../../core/response/contacts/contact.ts';
import { policyFor } from '../../core/response/escalation/matrix.ts';
import { targetText } from '../../core/response/escalation/page-target.ts';
import type { Target } from '../../core/response/escalation/policy-schema.ts';
import { resolveTarget } from '../../core/response/escalation/targets.ts';
import type { Page } from '../../core/response/paging/page.ts';
import type { Category } from '../../core/vocabulary/schema-parts.ts';
import { answered } from '../deliver/attempt.ts';
import { channelOf } from '../ports/channel.ts';
import type { Ports } from '../ports/ports.ts';
import { effectiveConfig } from '../respond/effective-config.ts';

/**
 * Whom to page when normal paging cannot: the fallback of the policy for critical alerts, or its
 * first tier if it has none.
 */
export function lastResort(config: Config, category: Category): { targets: readonly Target[]; isFallback: boolean } {
  const { fallback, tiers } = policyFor(config, category, 'critical');
  return fallback === undefined
    ? { targets: tiers[0]?.targets ?? [], isFallback: false }
    : { targets: [fallback], isFallback: true };
}

/**
 * Pages targets at once about what cannot be stored, bypassing outbox and rate limit; each by the
 * first contact method that works. Returns whether anybody was reached. Never throws.
 */
export async function pageDirectly(
  ports: Ports,
  targets: readonly Target[],
  page: Omit<Page, 'target'>,
  key: string,
): Promise<boolean> {
  const config = await effectiveConfig(ports, page.at).catch(() => ports.config);
  const reached = await Promise.all(targets.map((target) => pageOne(ports, config, target, page, key)));
  return reached.some(Boolean);
}

async function pageOne(ports: Ports, config: Config, to: Target, page: Omit<Page, 'target'>, key: string): Promise<boolean> {
  const resolved = resolveTarget(config, to, page.at);
  if (!resolved.ok) {
    ports.log('error', 'a direct page has no target', { reason: resolved.reason });
    return false;
  }
  const { contacts } = resolved;
  const target = targetText(resolved.target);
  for (const contact of contacts) {
    try {
      const channel = channelOf(ports.channels, contact);
      await answered(channel.send(contact, { ...page, target }, `${key} ${target}`), contactKey(contact));
      ports.log('warn', 'paged directly', { target, contact: contactKey(contact), why: page.why });
      return true;
    } catch (error) {
      ports.log('error', 'a direct page failed', { target, contact: contactKey(contact), error: String(error) });
    }
  }
  return false;
}
