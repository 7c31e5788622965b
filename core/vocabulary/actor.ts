/**
 * The name within `responder/ana`, `web:ana`, `cli:ana` or `slack:U1 (ana)`, as a person would say
 * it.
 */
export function nameOfActor(actor: string): string {
  const named = /\(([^()]+)\)$/.exec(actor)?.[1];
  return named ?? actor.replace(/^[a-z]+[:/]/, '');
}
