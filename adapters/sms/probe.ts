import type { ContactProbes } from '../../app/ports/probe.ts';
import { basicAuthorization } from '../authorization.ts';
import { deliveryToken } from '../vendor-post.ts';

const timeoutMs = 5000;

/**
 * Asks Twilio about the account, which sends nothing. AWS is asked about the rights by `doctor
 * --deployed`.
 */
export const contactProbes: ContactProbes<'sms'> = (contacts, { config: { settings }, secrets }) => {
  const twilio = settings.sms?.twilio;
  const at = { what: 'sms', todo: 'docs/sms.md says how to set it up' };
  if (contacts.length === 0) return [];
  if (twilio === undefined)
    return [{ ...at, run: async () => ({ state: 'skipped', found: 'only a message would show whether AWS sends it' }) }];
  return [
    {
      ...at,
      async run() {
        const token = await deliveryToken(secrets, twilio.token, 'Twilio');
        const answer = await fetch(`https://api.twilio.com/2010-04-01/Accounts/${twilio.account}.json`, {
          headers: { Authorization: basicAuthorization(twilio.account, token) },
          redirect: 'manual',
          signal: AbortSignal.timeout(timeoutMs),
        });
        await answer.body?.cancel();
        if (answer.ok)
          return { state: 'ok', found: 'Twilio knows account and token; only a message would show whether it arrives' };
        return {
          state: 'failed',
          found: `Twilio answers ${answer.status}`,
          todo: 'check account and token of settings.sms.twilio',
        };
      },
    },
  ];
};
