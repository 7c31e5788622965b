import { isLoopback } from '../vocabulary/loopback.ts';
import type { Report } from '../vocabulary/report.ts';
import type { Config } from './schema.ts';

/** Whether people can sign in at the provider, and as one person each. */
export function checkSignIn({ settings, responders }: Config, report: Report): void {
  const { publicUrl, signIn } = settings;
  const known = new Map<string, string>();
  for (const [name, { email }] of Object.entries(responders)) {
    if (email === undefined) continue;
    const other = known.get(email.toLowerCase());
    known.set(email.toLowerCase(), name);
    if (other === undefined) continue;
    report(['responders', name, 'email'], 'value', `expected an address of their own; the responder ${other} has it as well`);
  }
  checkPageLinks(settings, report);
  if (signIn.oidc === undefined || publicUrl.startsWith('https:') || isLoopback(publicUrl)) return;
  const message =
    'expected an https:// URL, since people come back to it from the OpenID provider with what signs them in; received one of plain HTTP';
  report(['settings', 'publicUrl'], 'value', message);
}

/** What sends pages signs their links: with the key of sessions it could sign anybody in. */
function checkPageLinks({ pageLinks, signIn, webPassword }: Config['settings'], report: Report): void {
  const { secret } = pageLinks;
  if (secret === undefined || (secret !== signIn.secret && secret !== webPassword)) return;
  const whose = secret === signIn.secret ? 'signIn.secret' : 'webPassword';
  const message = `expected a secret of its own, since the function that sends pages reads it; ${secret} is also settings.${whose}`;
  report(['settings', 'pageLinks', 'secret'], 'value', message);
}
