/**
 * How rare a measurement is, judged by its own past only.
 *
 * The past is kept as maxima of equal blocks of samples: 8 samples at first. When 128 blocks are
 * full they merge in pairs, so the same memory spans more history, up to blocks of 64 samples
 * (8,192 samples); after that the oldest block is dropped. Inside the seen range the return period
 * is the rank among the maxima. Beyond the k-th largest it is Weissman's tail estimate with Hill's
 * index (B. Hill, Annals of Statistics 3(5), 1975; I. Weissman, JASA 73, 1978), so a series with
 * wild spikes needs a far wilder one to surprise, and a calm one does not.
 */
export interface Tail {
  /** Samples per block. */
  block: number;
  /** Samples in the current block, and their maximum. */
  filled: number;
  current: number;
  /**
   * Maxima of full blocks, oldest first. The array is replaced, never modified, so copies of a tail
   * may share it.
   */
  maxima: readonly number[];
  /**
   * Derived from `maxima`: their median, the start of the tail (the k-th largest) and its
   * heaviness.
   */
  middle: number;
  bound: number;
  heaviness: number;
}

const firstBlock = 8;
const lastBlock = 64;
const blocks = 128;
const blocksToSpeak = 10;
/** Samples needed before the first surprise. */
export const samplesToSpeak = firstBlock * blocksToSpeak;
/** The tail holds 10 % of the blocks, at least 5 and at most 12. */
const tailSize = (count: number): number => Math.min(12, Math.max(5, Math.floor(count / 10)));
/**
 * Hill's index is shrunk towards a light tail, with the weight of three more blocks: five to twelve
 * values say little.
 */
const priorHeaviness = 0.05;
const priorBlocks = 3;
/**
 * A maximum counts as at most a hundred times the bound, so that one huge outlier does not hide
 * later surprises.
 */
const largestLogRatio = Math.log(100);
/** A hundred blocks cannot measure events rarer than once in 10^10 units. */
const largestSurprise = 10;
/** Surprise is the orders of magnitude above once in this many samples. */
const unit = 32;

export const emptyTail = (): Tail => ({
  block: firstBlock,
  filled: 0,
  current: 0,
  maxima: [],
  middle: 0,
  bound: 0,
  heaviness: priorHeaviness,
});

/**
 * The surprise of a measurement >= 0, before it is learned: log10 of its return period in units of
 * 32 samples, 0 to 10. 0 for fewer than ten blocks, and for anything that every second block
 * reaches.
 */
export function surpriseOf(tail: Tail, measure: number): number {
  const { maxima, middle, bound, heaviness, block } = tail;
  const count = maxima.length;
  if (count < blocksToSpeak || measure <= middle) return 0;
  const perUnit = Math.log10(block / unit);
  if (bound > 0 && measure > bound) {
    const share = (tailSize(count) + 1) / (count + 1);
    return clamp((Math.log10(measure) - Math.log10(bound)) / heaviness - Math.log10(share) + perUnit);
  }
  let [reached, largest] = [0, 0];
  for (const maximum of maxima) {
    if (maximum >= measure) reached += 1;
    if (maximum > largest) largest = maximum;
  }
  // With this many flat blocks there is no tail to extend: a value above them all scores by its
  // ratio to the largest.
  const above = reached === 0 ? (largest > 0 ? Math.min(3, Math.log10(1 + measure / largest)) : Math.log10(2)) : 0;
  return clamp(Math.log10((count + 1) / (reached + 1)) + above + perUnit);
}

const clamp = (surprise: number): number => Math.min(largestSurprise, Math.max(0, surprise));

/** Learns a measurement. Modifies the tail passed in. */
export function learn(tail: Tail, measure: number): void {
  if (measure > tail.current) tail.current = measure;
  tail.filled += 1;
  if (tail.filled < tail.block) return;
  // Four digits suffice for a rank and keep the stored state short.
  const maxima = [...tail.maxima, Number(tail.current.toPrecision(4))];
  tail.filled = 0;
  tail.current = 0;
  if (maxima.length < blocks) {
    tail.maxima = maxima;
  } else if (tail.block < lastBlock) {
    tail.maxima = maxima.flatMap((left, i) => (i % 2 === 0 ? [Math.max(left, maxima[i + 1] ?? 0)] : []));
    tail.block *= 2;
  } else {
    tail.maxima = maxima.slice(1);
  }
  measureTail(tail);
}

function measureTail(tail: Tail): void {
  const sorted = Float64Array.from(tail.maxima).sort().reverse();
  const size = tailSize(sorted.length);
  tail.middle = sorted[Math.floor(sorted.length / 2)] ?? 0;
  tail.bound = sorted[size] ?? 0;
  if (tail.bound === 0) return;
  const logBound = Math.log(tail.bound);
  let sum = priorHeaviness * priorBlocks;
  for (let i = 0; i < size; i += 1) sum += Math.min(largestLogRatio, Math.log(sorted[i] ?? 0) - logBound);
  tail.heaviness = sum / (size + priorBlocks);
}
