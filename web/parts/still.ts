import { type Component, type FunctionComponent, h } from 'preact';

/**
 * A part that is drawn again only when it is given something else. What is answered keeps the
 * identity of what did not change (kept-parts.ts), so of a list of hundreds only the rows that
 * changed are drawn.
 */
export function still<P extends object>(part: FunctionComponent<P>): FunctionComponent<P> {
  return function Still(this: Component<P>, props: P) {
    this.shouldComponentUpdate = (next) => isOther(this.props as P, next as P);
    return h(part, props);
  } as FunctionComponent<P>;
}

function isOther(before: object, after: object): boolean {
  const [known, given] = [Object.entries(before), new Map(Object.entries(after))];
  return known.length !== given.size || known.some(([name, value]) => !Object.is(given.get(name), value));
}
