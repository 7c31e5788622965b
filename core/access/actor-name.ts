/**
 * Names of people as the timeline and the audit log show them: printable ASCII, after
 * compatibility forms were folded (NFKC), so that no letter of another script passes for a known
 * name. Nobody may claim, in any case, to be Tocsin, somebody of Slack, somebody who signed in,
 * or an integration.
 */
export const actorPattern = /^(?!(?:tocsin|web)$|(?:web|slack|oidc|link|integration):|responder\/)[ -~]{1,100}$/i;

export const actorExpected =
  'expected a name of up to 100 ASCII characters, not tocsin, and not one of Slack, the pages or an integration in any case';

/** The name to record, or undefined if this name may not be claimed. */
export function actorName(text: string): string | undefined {
  const name = text.normalize('NFKC').trim();
  return actorPattern.test(name) ? name : undefined;
}

/**
 * A name that another system gave, such as a user name of the machine: what is not ASCII is `?`.
 */
export const asciiName = (text: string): string =>
  text
    .normalize('NFKC')
    .replace(/[^ -~]/gu, '?')
    .slice(0, 100);
