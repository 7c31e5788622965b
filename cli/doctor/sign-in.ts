import type { Secrets } from '../../app/ports/secrets.ts';
import { valuesIn } from '../../core/access/ingest-keys/keys.ts';
import { leastSecretLength } from '../../core/access/sign-in/sign-in-schema.ts';
import type { Config } from '../../core/config/schema.ts';
import { checked, type Finding } from './finding.ts';

/**
 * Whether sessions and links in pages can be signed, and whether the OpenID provider answers as it
 * has to.
 */
export async function checkSignIn({ settings }: Config, secrets: Secrets): Promise<Finding[]> {
  const { secret, oidc } = settings.signIn;
  const found: Promise<Finding>[] = [];
  const { secret: ofLinks } = settings.pageLinks;
  if (secret !== undefined) found.push(checkKey(secret, secrets, 'nobody can sign in'));
  if (ofLinks !== undefined) found.push(checkKey(ofLinks, secrets, 'pages have no links that acknowledge, and no charts'));
  if (oidc !== undefined) {
    const at = { area: 'signing in', what: oidc.issuer } as const;
    const todo = 'check settings.signIn.oidc.issuer, and whether this machine reaches it';
    found.push(
      checked(at, todo, async () => {
        const { probeProvider } = await import('../../adapters/oidc/index.ts');
        const { faults, endpoint } = await probeProvider(oidc);
        if (faults.length > 0)
          return { ...at, state: 'failed', found: faults.join('; '), todo: 'docs/signing-in.md says what it needs' };
        const todoThere = `register this redirect URI there: ${settings.publicUrl.replace(/\/$/, '')}/signin/callback`;
        return { ...at, state: 'ok', found: `people sign in at ${endpoint}`, todo: todoThere };
      }),
    );
  }
  return Promise.all(found);
}

function checkKey(name: string, secrets: Secrets, otherwise: string): Promise<Finding> {
  const at = { area: 'signing in', what: name } as const;
  return checked(at, 'check that the secret can be read', async () => {
    const keys = valuesIn((await secrets.get(name)) ?? '');
    if (keys.length === 0) return { ...at, state: 'skipped', found: 'has no value' };
    if (keys.every((key) => key.length >= leastSecretLength)) return { ...at, state: 'ok', found: 'is long enough to sign with' };
    const todo = 'store a longer one, such as of openssl rand -hex 32';
    return { ...at, state: 'failed', found: `is shorter than ${leastSecretLength} characters, so ${otherwise}`, todo };
  });
}
