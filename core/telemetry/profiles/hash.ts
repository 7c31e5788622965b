/**
 * A well-mixed 32-bit hash of a text: FNV-1a over its UTF-16 units, then the finalizer of
 * MurmurHash3.
 */
export function hash32(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) {
    const unit = text.charCodeAt(i);
    hash = Math.imul(hash ^ (unit & 0xff), 0x01000193);
    hash = Math.imul(hash ^ (unit >>> 8), 0x01000193);
  }
  return mixed(hash);
}

const double = new Float64Array(1);
const words = new Uint32Array(double.buffer);

/** The same for a number, by its bits. */
export function hashNumber(value: number): number {
  double[0] = value + 0;
  return mixed(mixed(words[0] as number) ^ Math.imul(words[1] as number, 0x9e3779b1));
}

function mixed(bits: number): number {
  let hash = bits;
  hash ^= hash >>> 16;
  hash = Math.imul(hash, 0x85ebca6b);
  hash ^= hash >>> 13;
  hash = Math.imul(hash, 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
