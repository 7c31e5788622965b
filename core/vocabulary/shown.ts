/**
 * Shapes of real credentials, each specific enough that no name or sentence matches by accident.
 * Each begins where nothing of its own letters stands before it, so that a text of many beginnings
 * takes no longer than its length.
 */
const credentials: { what: string; pattern: RegExp }[] = [
  { what: 'a Slack token', pattern: /(?<![\w-])(xox[a-z]|xapp)-[\w-]{4,}/ },
  { what: 'a Slack webhook address', pattern: /hooks\.slack\.com\/(services|workflows|triggers)\/\w/ },
  { what: 'an AWS access key', pattern: /\b(AKIA|ASIA)[0-9A-Z]{12,}\b/ },
  { what: 'a GitHub token', pattern: /\bgh[pousr]_[A-Za-z0-9]{20,}|\bgithub_pat_\w{20,}/ },
  { what: 'a GitLab token', pattern: /\bglpat-[\w-]{16,}/ },
  { what: 'a payment key', pattern: /\b[sr]k_(live|test)_\w{10,}/ },
  { what: 'a Google API key', pattern: /\bAIza[\w-]{30,}/ },
  { what: 'an API key', pattern: /\bsk-[\w-]{20,}/ },
  { what: 'a JSON web token', pattern: /(?<![\w-])eyJ[\w-]{8,}\.eyJ[\w-]{8,}/ },
  { what: 'a private key', pattern: /-----BEGIN [A-Z ]*PRIVATE KEY-----/ },
  { what: 'a password in an address', pattern: /(?<![a-z0-9+.-])[a-z][a-z0-9+.-]*:\/\/[^\s/:@]*:[^\s/@]+@/i },
];

/** What kind of credential a text holds, or undefined. */
export function credentialIn(text: string): string | undefined {
  return credentials.find(({ pattern }) => pattern.test(text))?.what;
}

const maxShown = 60;
/** A credential that begins within what is shown is known by so much. */
const mostLookedAt = 1000;

/**
 * A received value as messages show it: `"perfomance"`, `the number 5`, `a mapping`. Long texts are
 * cut, control characters escaped. A credential is never shown, only its kind.
 */
export const shown = (value: unknown): string => shownAs('mapping', value);

/** A received value of a JSON document, which calls a mapping an object. */
export const shownJson = (value: unknown): string => shownAs('object', value);

function shownAs(mapping: 'mapping' | 'object', value: unknown): string {
  if (value === undefined || value === null) return 'nothing';
  if (typeof value === 'string') {
    const credential = credentialIn(value.slice(0, mostLookedAt));
    if (credential !== undefined) return `what looks like ${credential}`;
    return JSON.stringify(value.length > maxShown ? `${value.slice(0, maxShown)}…` : value);
  }
  if (typeof value === 'number' && !Number.isFinite(value)) return `${value}`;
  if (typeof value === 'number' || typeof value === 'bigint') return `the number ${value}`;
  if (typeof value === 'boolean') return `${value}`;
  const what = Array.isArray(value) ? 'list' : mapping;
  if (Object.keys(value).length === 0) return `an empty ${what}`;
  return `${what === 'object' ? 'an' : 'a'} ${what}`;
}
