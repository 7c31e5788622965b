import type { SyntaxNode } from '@lezer/common';
import { parser } from '@prometheus-io/lezer-promql';

/**
 * What an alerting expression compares: the value of a query with a number. `presence`: the query
 * is 1 where the expression returns anything, for it is more than one such comparison.
 */
export type Compared =
  | { by: 'bound'; query: string; side: 'above' | 'below'; bound: number; includesBound: boolean }
  | { by: 'presence'; query: string };

export type ReadExpression = { ok: true; compared: Compared } | { ok: false; reason: string };

const presenceOf = (text: string): Compared => ({ by: 'presence', query: `group without () (${text})` });

/** Reads PromQL by the grammar of Prometheus' own editor. */
export function readExpression(written: string): ReadExpression {
  const text = written.trim();
  const tree = parser.parse(text);
  let fault: number | undefined;
  let comments = false;
  tree.iterate({
    enter({ type, from }) {
      if (type.isError) fault ??= from;
      comments ||= type.name === 'LineComment';
    },
  });
  const top = unwrapped(tree.topNode.firstChild);
  if (fault !== undefined || top === null)
    return {
      ok: false,
      reason: `expected PromQL; cannot read it from ${JSON.stringify(text.slice(fault ?? 0, (fault ?? 0) + 30))} on`,
    };
  // A comment ends with its line.
  return { ok: true, compared: comparison(top, text) ?? presenceOf(comments ? `${text}\n` : text) };
}

const operators: Readonly<Record<string, { side: 'above' | 'below'; includesBound: boolean }>> = {
  Gtr: { side: 'above', includesBound: false },
  Gte: { side: 'above', includesBound: true },
  Lss: { side: 'below', includesBound: false },
  Lte: { side: 'below', includesBound: true },
};
const other = { above: 'below', below: 'above' } as const;

/** `QUERY > NUMBER`, or the other way round; undefined for anything else. */
function comparison(top: SyntaxNode, text: string): Compared | undefined {
  if (top.name !== 'BinaryExpr') return undefined;
  const parts = childrenOf(top).filter(({ name }) => name !== 'LineComment');
  const [left, operator, right] = parts;
  if (parts.length !== 3 || left === undefined || operator === undefined || right === undefined) return undefined;
  const compares = operators[operator.name];
  if (compares === undefined) return undefined;
  const [first, last] = [numberIn(left, text), numberIn(right, text)];
  if ((first === undefined) === (last === undefined)) return undefined;
  const asked = first === undefined ? left : right;
  return {
    by: 'bound',
    query: textOf(unwrapped(asked) ?? asked, text),
    side: first === undefined ? compares.side : other[compares.side],
    bound: first ?? last ?? Number.NaN,
    includesBound: compares.includesBound,
  };
}

/**
 * The least value that counts as past a bound which itself does, so that `>= 1` is `> 0.9999...`.
 */
export function exclusive(bound: number, side: 'above' | 'below'): number {
  const bits = new BigInt64Array(new Float64Array([bound]).buffer);
  const before = side === 'above' ? -1n : 1n;
  // Numbers of one sign are in the order of their bits; below zero it is the other way round.
  if (bound === 0) return side === 'above' ? -Number.MIN_VALUE : Number.MIN_VALUE;
  bits[0] = (bits[0] ?? 0n) + (bound > 0 ? before : -before);
  return new Float64Array(bits.buffer)[0] ?? bound;
}

/** A number with its signs and parentheses. */
function numberIn(node: SyntaxNode, text: string): number | undefined {
  const inner = unwrapped(node);
  if (inner?.name === 'UnaryExpr') {
    const [sign, operand, ...more] = childrenOf(inner);
    // Of several signs the grammar keeps the last.
    if (sign?.from !== inner.from || operand === undefined || more.length > 0) return undefined;
    const value = numberIn(operand, text);
    return value === undefined || textOf(sign, text) !== '-' ? value : -value;
  }
  if (inner?.name !== 'NumberDurationLiteral') return undefined;
  const digits = textOf(inner, text).replace(/_/g, '');
  // A leading zero makes it octal, as in Go.
  const value = /^0[0-7]+$/.test(digits) ? Number.parseInt(digits, 8) : Number(digits);
  return Number.isFinite(value) ? value : undefined;
}

function unwrapped(node: SyntaxNode | null): SyntaxNode | null {
  let inner = node;
  while (inner?.name === 'ParenExpr') inner = inner.firstChild;
  return inner;
}

function childrenOf(node: SyntaxNode): SyntaxNode[] {
  const children: SyntaxNode[] = [];
  for (let child = node.firstChild; child !== null; child = child.nextSibling) children.push(child);
  return children;
}

const textOf = ({ from, to }: SyntaxNode, text: string): string => text.slice(from, to);
