const ours = 'https://tocsin.invalid';

/**
 * Where somebody goes after signing in: a path of this origin, or `/`. A link to the sign-in page
 * may have been made by anybody, so nothing else is followed.
 */
export function returnPath(given: string | undefined): string {
  if (given === undefined || given.length > 2000 || !/^\/(?![/\\])[!-~]*$/.test(given) || !URL.canParse(given, ours)) return '/';
  const { origin, pathname, search, hash } = new URL(given, ours);
  // `/.//evil.example` is a path of ours, and its normal form is not.
  const path = `${pathname}${search}${hash}`;
  if (origin !== ours || !/^\/(?![/\\])/.test(path) || /^\/(signin|signout|api|link)(\/|$|\?)/.test(path)) return '/';
  return path;
}
