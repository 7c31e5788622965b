import { type Alias, type Document, isAlias, isMap, isScalar, isSeq, type Node, type Scalar, type YAMLMap } from 'yaml';

/**
 * The most nodes that aliases in one file may produce: a few nested lines can expand to billions.
 */
const maxAliasedNodes = 100_000;
const maxDepth = 100;

/** A part of a YAML file that no config can hold. */
export class UnusableNode extends Error {
  override name = 'UnusableNode';
  offset: number;
  constructor(message: string, offset: number) {
    super(message);
    this.offset = offset;
  }
}

/** A key that a mapping contains twice, with both offsets. */
export type Duplicate = { key: string; offset: number; first: number };

type Reading = {
  /** Anchors so far. An alias refers to the last one of its name before it. */
  anchors: Map<string, Node>;
  /** The target of each alias, fixed where it is written, not where another alias repeats it. */
  targets: Map<Alias, Node | undefined>;
  aliased: number;
  open: Set<Node>;
  duplicates: Duplicate[];
};

/**
 * The plain data of a document. Stricter than the YAML library: keys are strings and compared as
 * strings for duplicates; aliases are bounded and cannot be circular. Throws UnusableNode.
 */
export function readNode(doc: Document.Parsed): { value: unknown; duplicates: Duplicate[] } {
  const reading: Reading = { anchors: new Map(), targets: new Map(), aliased: 0, open: new Set(), duplicates: [] };
  const value = doc.contents === null ? undefined : read(reading, doc.contents, false, 0);
  return { value: value ?? undefined, duplicates: reading.duplicates };
}

function read(reading: Reading, node: Node | null | undefined, inAlias: boolean, depth: number): unknown {
  if (node === null || node === undefined) return null;
  const offset = node.range?.[0] ?? 0;
  if (depth > maxDepth)
    throw new UnusableNode(`expected at most ${maxDepth} levels; received a file that is nested deeper`, offset);
  if (inAlias) reading.aliased += 1;
  if (reading.aliased > maxAliasedNodes) {
    throw new UnusableNode(
      `expected at most ${maxAliasedNodes} values from aliases; received more; write them out instead`,
      offset,
    );
  }
  if (!isAlias(node) && node.tag !== undefined) {
    throw new UnusableNode(
      `expected plain YAML; received the tag ${node.tag}; remove it, and quote a text that is not meant as a number`,
      offset,
    );
  }
  if (!isAlias(node) && node.anchor !== undefined) reading.anchors.set(node.anchor, node);
  if (isScalar(node)) return node.value;
  if (isAlias(node)) {
    if (!reading.targets.has(node)) reading.targets.set(node, reading.anchors.get(node.source));
    const target = reading.targets.get(node);
    if (target === undefined) throw new UnusableNode(`the alias *${node.source} has no anchor &${node.source} before it`, offset);
    if (reading.open.has(target)) throw new UnusableNode(`the alias *${node.source} stands for something that holds it`, offset);
    return read(reading, target, true, depth + 1);
  }
  reading.open.add(node);
  let value: unknown;
  if (isSeq(node)) value = node.items.map((item) => read(reading, item as Node | null, inAlias, depth + 1));
  else if (isMap(node)) value = readMap(reading, node, inAlias, depth);
  reading.open.delete(node);
  return value;
}

/** A key is its text: `1.10` and `01` stay what they are. Undefined for a key without one. */
export function keyText({ value, source }: Scalar): string | undefined {
  if (value === null) return undefined;
  return typeof value === 'string' ? value : (source ?? String(value));
}

function readMap(reading: Reading, map: YAMLMap, inAlias: boolean, depth: number): Record<string, unknown> {
  const value: Record<string, unknown> = {};
  const seen = new Map<string, number>();
  for (const { key: node, value: item } of map.items) {
    const offset = (node as Node | null)?.range?.[0] ?? map.range?.[0] ?? 0;
    const key = isScalar(node) ? keyText(node) : undefined;
    if (key === undefined) {
      throw new UnusableNode('expected a text as key; received a list, a mapping, an alias or nothing', offset);
    }
    if (key === '__proto__') throw new UnusableNode('the key __proto__ is not allowed', offset);
    const first = seen.get(key);
    if (first !== undefined) {
      if (!inAlias) reading.duplicates.push({ key, offset, first });
      continue;
    }
    seen.set(key, offset);
    value[key] = read(reading, item as Node | null, inAlias, depth + 1);
  }
  return value;
}
