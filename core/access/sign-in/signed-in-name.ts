/** What a name may be that somebody signs in with under a shared password. */
const namePattern = /^[\w.@ -]{1,60}$/;

export const signedInNameExpected =
  'expected a name of up to 60 letters, digits, spaces and ".", "_", "@", "-", such as that of a responder';

/**
 * The name somebody signs in with, or undefined if nobody may. A name that differs from that of a
 * responder in case only is that responder: the timeline has one spelling of each person.
 */
export function signedInName(responders: Record<string, unknown>, given: string): string | undefined {
  const name = given.normalize('NFKC').trim();
  if (!namePattern.test(name)) return undefined;
  if (Object.hasOwn(responders, name)) return name;
  const lower = name.toLowerCase();
  return Object.keys(responders).find((one) => one.toLowerCase() === lower) ?? name;
}
