import { snappyUncompressor } from 'hysnappy';

/** The body cannot be read, and sending it again will not help. `size`: it is too large. */
export class WriteError extends Error {
  override name = 'WriteError';
  readonly isTooLarge: boolean;
  constructor(message: string, isTooLarge = false) {
    super(message);
    this.isTooLarge = isTooLarge;
  }
}

/** Prometheus sends up to 2,000 samples at a time, which are below 1 MB. */
const maxBytes = 8 * 1024 * 1024;

let uncompress: ReturnType<typeof snappyUncompressor> | undefined;

/**
 * The content of a body in snappy's block format, which begins with the length of what it holds:
 * that is looked at before any memory is taken for it. Throws WriteError.
 * https://github.com/google/snappy/blob/main/format_description.txt
 */
export function unpacked(body: Uint8Array): Uint8Array {
  const length = declaredLength(body);
  if (length > maxBytes)
    throw new WriteError(`expected at most ${maxBytes} bytes uncompressed; received ${length}; lower max_samples_per_send`, true);
  uncompress ??= snappyUncompressor();
  try {
    return uncompress(body, length);
  } catch {
    throw new WriteError('expected a body in the block format of snappy; this one is cut off or was changed on its way');
  }
}

/** A varint of up to 32 bits. */
function declaredLength(body: Uint8Array): number {
  let length = 0;
  for (let place = 0; place < 5; place += 1) {
    const byte = body[place];
    if (byte === undefined) break;
    length += (byte & 0x7f) * 2 ** (7 * place);
    if (byte < 0x80) return length;
  }
  throw new WriteError('expected a body in the block format of snappy; received something else');
}
