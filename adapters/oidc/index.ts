/**
 * Signing in at an OpenID provider: authorization code flow with PKCE (S256), state and nonce, by
 * `openid-client`, which also checks `iss` of the response (RFC 9207), issuer, audience, expiry and
 * nonce of the ID token. Its signature is checked as well, although the token comes over TLS. What
 * the token does not hold is asked at the userinfo endpoint. No token of the provider is kept.
 *
 * The provider's configuration is read at the first sign-in, and again after an hour.
 */
import * as client from 'openid-client';
import { type Flow, type IdentityProvider, SignInError } from '../../app/ports/identity-provider.ts';
import type { Secrets } from '../../app/ports/secrets.ts';
import type { OidcConfig } from '../../core/access/sign-in/oidc-schema.ts';
import { isLoopback } from '../../core/vocabulary/loopback.ts';

const keptMs = 3_600_000;
const timeoutSeconds = 5;

type Known = { configuration: client.Configuration; secret: string | undefined; until: number };

export function oidcProvider(oidc: OidcConfig, secrets: Secrets, now: () => number = Date.now): IdentityProvider {
  let known: Known | undefined;

  async function configured(): Promise<client.Configuration> {
    const secret = oidc.clientSecret === undefined ? undefined : await secrets.get(oidc.clientSecret);
    if (oidc.clientSecret !== undefined && !secret)
      throw new SignInError('unavailable', `the secret ${oidc.clientSecret} has no value`);
    if (known !== undefined && known.until > now() && known.secret === secret) return known.configuration;
    const configuration = await discover(oidc, secret);
    known = { configuration, secret, until: now() + keptMs };
    return configuration;
  }

  return {
    async begin(redirectUri) {
      const configuration = await configured();
      const verifier = client.randomPKCECodeVerifier();
      const flow: Flow = { state: client.randomState(), nonce: client.randomNonce(), verifier };
      const url = client.buildAuthorizationUrl(configuration, {
        redirect_uri: redirectUri,
        scope: [...new Set(['openid', ...oidc.scopes])].join(' '),
        code_challenge: await client.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
        state: flow.state,
        nonce: flow.nonce,
      });
      return { url: url.href, flow };
    },
    async finish(url, redirectUri, { state, nonce, verifier }) {
      const configuration = await configured();
      // What was registered, whatever host and path the request seemed to have.
      const returned = new URL(redirectUri);
      returned.search = url.search;
      try {
        const tokens = await client.authorizationCodeGrant(configuration, returned, {
          pkceCodeVerifier: verifier,
          expectedState: state,
          expectedNonce: nonce,
          idTokenExpected: true,
        });
        const claims = tokens.claims();
        if (claims === undefined) throw new SignInError('refused', 'the provider sent no ID token');
        const wanted = ['email', oidc.names, oidc.groups];
        const hasMore = configuration.serverMetadata().userinfo_endpoint !== undefined;
        if (!hasMore || wanted.every((name) => Object.hasOwn(claims, name))) return claims;
        return { ...(await client.fetchUserInfo(configuration, tokens.access_token, claims.sub)), ...claims };
      } catch (error) {
        throw asSignInError(error);
      }
    },
  };
}

/** Reads the configuration of a provider. Throws SignInError. */
export async function discover(oidc: OidcConfig, secret: string | undefined): Promise<client.Configuration> {
  const { issuer, clientId } = oidc;
  try {
    const configuration = await client.discovery(new URL(issuer), clientId, undefined, authentication(secret), {
      timeout: timeoutSeconds,
      execute: [client.enableNonRepudiationChecks, ...(isLoopback(issuer) ? [client.allowInsecureRequests] : [])],
    });
    const { token_endpoint_auth_methods_supported: methods } = configuration.serverMetadata();
    if (secret === undefined || methods === undefined || methods.includes('client_secret_basic')) return configuration;
    const other = new client.Configuration(configuration.serverMetadata(), clientId, undefined, client.ClientSecretPost(secret));
    other.timeout = timeoutSeconds;
    client.enableNonRepudiationChecks(other);
    if (isLoopback(issuer)) client.allowInsecureRequests(other);
    return other;
  } catch (cause) {
    throw new SignInError('unavailable', `the configuration of ${issuer} could not be read: ${textOf(cause)}`, { cause });
  }
}

/** What a provider lacks that signing in takes, and where it sends people. Throws SignInError. */
export async function probeProvider(oidc: OidcConfig): Promise<{ faults: string[]; endpoint: string }> {
  const found = (await discover(oidc, undefined)).serverMetadata();
  const { authorization_endpoint: endpoint, code_challenge_methods_supported: challenges } = found;
  const faults = [
    ...(endpoint === undefined ? ['it names no authorization endpoint'] : []),
    ...(found.token_endpoint === undefined ? ['it names no token endpoint'] : []),
    ...(found.jwks_uri === undefined ? ['it names no keys (jwks_uri), so ID tokens cannot be checked'] : []),
    ...(challenges !== undefined && !challenges.includes('S256') ? ['it does not know PKCE with S256'] : []),
    ...(found.response_types_supported?.includes('code') === false ? ['it does not know the authorization code flow'] : []),
  ];
  return { faults, endpoint: endpoint ?? '' };
}

/** Basic authentication is what every provider has to know. */
const authentication = (secret: string | undefined): client.ClientAuth =>
  secret === undefined ? client.None() : client.ClientSecretBasic(secret);

const unreachable = new Set(['OAUTH_TIMEOUT', 'OAUTH_HTTP_REQUEST_FORBIDDEN', 'OAUTH_RESPONSE_IS_NOT_CONFORM']);

function asSignInError(error: unknown): SignInError {
  if (error instanceof SignInError) return error;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const why = error instanceof TypeError || unreachable.has(code) ? 'unavailable' : 'refused';
  return new SignInError(why, textOf(error), { cause: error });
}

/** What the provider said, where it said something; none of it is a token. */
function textOf(error: unknown): string {
  if (error instanceof client.ResponseBodyError || error instanceof client.AuthorizationResponseError)
    return `${error.error}${error.error_description === undefined ? '' : `: ${error.error_description}`}`.slice(0, 300);
  const cause = error instanceof Error && error.cause instanceof Error ? `: ${error.cause.message}` : '';
  return `${error instanceof Error ? error.message : String(error)}${cause}`.slice(0, 300);
}
