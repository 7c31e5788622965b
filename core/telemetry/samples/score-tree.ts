import { highWord } from '../profiles/double-tree.ts';

/**
 * The tree of scores from 0 to 1, a part of the tree of doubles: its leaves are the upper words of
 * doubles, so a leaf is a millionth of its score wide. A node is a number: the root is 1, the
 * halves of n are 2 n and 2 n + 1.
 */
export type ScoreNode = number;

/**
 * Predictions by node: node, those of the negative class, those of the positive class, node, ... in
 * the order of the tree. Plain JSON.
 */
export type ScoreBins = number[];

/** The upper word of 1 and of all smaller doubles has so many bits. */
const depth = 30;
const firstLeaf = 2 ** depth;

const double = new Float64Array(1);
const words = new Uint32Array(double.buffer);

export function leafOf(score: number): ScoreNode {
  // Adding 0 turns -0 into 0.
  double[0] = score + 0;
  return firstLeaf + (words[highWord] as number);
}

const levelOf = (node: ScoreNode): number => Math.clz32(node) - 1;

/** The first leaf of a node, from 0, and the one after its last. */
export const lowOf = (node: ScoreNode): number => (node << levelOf(node)) - firstLeaf;
export const highOf = (node: ScoreNode): number => lowOf(node) + 2 ** levelOf(node);
/** Twice the leaf in its middle; of a leaf, its beginning. */
export const twiceMiddleOf = (node: ScoreNode): number => 2 * lowOf(node) + (node >= firstLeaf ? 0 : 2 ** levelOf(node));

/** A score that stands for those of a node: the smallest of a leaf, else the middle. */
export function middleOf(node: ScoreNode): number {
  words.fill(0);
  words[highWord] = twiceMiddleOf(node) / 2;
  return Math.min(1, double[0] as number);
}

/** The order of the tree: by where nodes begin, a node before those inside it. */
export const placeOf = (node: ScoreNode): number => lowOf(node) * (depth + 2) + (depth - levelOf(node));
export const nodeAt = (place: number): ScoreNode =>
  (firstLeaf + Math.floor(place / (depth + 2))) >>> (depth - (place % (depth + 2)));

/** The smallest node that holds two. */
export function commonNode(one: ScoreNode, other: ScoreNode): ScoreNode {
  const [a, b] = [Math.clz32(one), Math.clz32(other)];
  const [high, low] = a < b ? [one >>> (b - a), other] : [one, other >>> (a - b)];
  return high >>> (32 - Math.clz32(high ^ low));
}
