import type { IdentityProvider } from '../app/ports/identity-provider.ts';
import type { Secrets } from '../app/ports/secrets.ts';
import type { Config } from '../core/config/schema.ts';

/** Where people sign in, if the config names a provider. Its client loads at the first sign-in. */
export function identityProviderOf({ settings: { signIn } }: Config, secrets: Secrets): IdentityProvider | undefined {
  const { oidc } = signIn;
  if (oidc === undefined) return undefined;
  let loaded: Promise<IdentityProvider> | undefined;
  const provider = (): Promise<IdentityProvider> => {
    loaded ??= import('./oidc/index.ts').then(({ oidcProvider }) => oidcProvider(oidc, secrets));
    return loaded;
  };
  return {
    begin: async (...ask) => (await provider()).begin(...ask),
    finish: async (...ask) => (await provider()).finish(...ask),
  };
}
