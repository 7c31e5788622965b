/** What one sign-in must be answered with. It stays in the browser that began it, signed. */
export type Flow = { state: string; nonce: string; verifier: string };

/** Why nobody was signed in. `refused`: by the provider, or by us because its answer is wrong. */
export class SignInError extends Error {
  override name = 'SignInError';
  readonly why: 'refused' | 'unavailable';
  constructor(why: SignInError['why'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.why = why;
  }
}

/** Signs people in. Each call may throw SignInError. */
export type IdentityProvider = {
  /** Where to send the browser, and what to expect of its return. */
  begin(redirectUri: string): Promise<{ url: string; flow: Flow }>;
  /** What the provider says of whoever returned to `url`; `redirectUri` as it began. */
  finish(url: URL, redirectUri: string, flow: Flow): Promise<Record<string, unknown>>;
};
