import type { Settings } from './settings-schema.ts';

/** Names of the secrets that people sign in with, or that sign what they are given. */
export const signInSecrets = ({ webPassword, signIn }: Pick<Settings, 'webPassword' | 'signIn'>): string[] =>
  [webPassword, signIn.secret, signIn.oidc?.clientSecret].filter((name) => name !== undefined);
