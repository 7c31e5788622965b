/**
 * Sorts finite values ascending, in place. Three radix passes over the upper 33 bits and one
 * insertion pass take a fifth of the time of Float64Array.sort. Values too alike in these bits go
 * to Float64Array.sort.
 */
export function sortAscending(values: Float64Array): Float64Array {
  const { length } = values;
  if (length < 512) return values.sort();
  if (other.length < length) other = new Float64Array(length);
  starts.fill(0);
  const words = new Uint32Array(values.buffer, values.byteOffset, 2 * length);
  for (let i = 0; i < length; i += 1) {
    const key = keyOf(words, i);
    count(key & mask);
    count(size + ((key >>> bits) & mask));
    count(2 * size + (key >>> (2 * bits)));
  }
  for (let pass = 0; pass < 3; pass += 1) toStarts(pass * size);
  scatter(values, other, length, 0, 0);
  scatter(other, values, length, bits, size);
  scatter(values, other, length, 2 * bits, 2 * size);
  return insert(other, values, length) ? values : values.sort();
}

const bits = 11;
const size = 1 << bits;
const mask = size - 1;
const lowWord = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1 ? 0 : 1;

/** Shared buffer: sorting is synchronous and not re-entrant. */
const starts = new Uint32Array(3 * size);
let other = new Float64Array(0);

/** The sign and upper bits as an unsigned number in the same order as the values. */
function keyOf(words: Uint32Array, i: number): number {
  const high = words[2 * i + 1 - lowWord] as number;
  return (high ^ ((high >> 31) | 0x80000000)) >>> 0;
}

function count(at: number): void {
  starts[at] = (starts[at] as number) + 1;
}

function toStarts(from: number): void {
  let sum = 0;
  for (let i = from; i < from + size; i += 1) {
    const here = starts[i] as number;
    starts[i] = sum;
    sum += here;
  }
}

function scatter(source: Float64Array, target: Float64Array, length: number, shift: number, from: number): void {
  const words = new Uint32Array(source.buffer, source.byteOffset, 2 * length);
  for (let i = 0; i < length; i += 1) {
    const at = from + ((keyOf(words, i) >>> shift) & mask);
    const to = starts[at] as number;
    starts[at] = to + 1;
    target[to] = source[i] as number;
  }
}

/**
 * Insertion-sorts, while copying, what the upper bits left unsorted. Returns false, with all values
 * copied, if that would take long.
 */
function insert(source: Float64Array, target: Float64Array, length: number): boolean {
  let left = 4 * length;
  for (let i = 0; i < length; i += 1) {
    const value = source[i] as number;
    let j = i;
    while (j > 0 && (target[j - 1] as number) > value) {
      target[j] = target[j - 1] as number;
      j -= 1;
    }
    target[j] = value;
    left -= i - j;
    if (left < 0) {
      target.set(source.subarray(i + 1, length), i + 1);
      return false;
    }
  }
  return true;
}
