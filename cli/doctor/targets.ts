import { contactProbes } from '../../adapters/contact-probes.ts';
import type { ContactProbes } from '../../app/ports/probe.ts';
import type { Secrets } from '../../app/ports/secrets.ts';
import { contactsOf } from '../../core/config/contacts.ts';
import type { Config } from '../../core/config/schema.ts';
import type { ContactKind } from '../../core/response/contacts/contact.ts';
import { kindsIn } from '../../core/vocabulary/kinds.ts';
import { checked, type Finding } from './finding.ts';

/** Whether each contact works, as far as can be tested without paging anybody. */
export async function checkTargets(
  config: Config,
  secrets: Secrets,
  now: number,
  slackApiUrl?: string,
  defaultTopicArn?: string,
): Promise<Finding[]> {
  const contacts = contactsOf(config);
  const probes = kindsIn(contactProbes).map(async (kind) => {
    const probesOf = (await contactProbes[kind]()) as ContactProbes<ContactKind>;
    return probesOf(
      contacts.filter((contact) => contact.kind === kind),
      { config, secrets, slackApiUrl, defaultTopicArn },
      now,
    );
  });
  return Promise.all(
    (await Promise.all(probes)).flat().map(({ what, todo, run }) => {
      const at = { area: 'targets', what } as const;
      return checked(at, todo, async () => ({ ...at, ...(await run()) }));
    }),
  );
}
