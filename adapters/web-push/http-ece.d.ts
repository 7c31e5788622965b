/** Encrypted content encoding of the reference library, as far as it is used here. */
declare module 'http_ece' {
  import type { ECDH } from 'node:crypto';

  const ece: {
    /**
     * RFC 8291 with `version: 'aes128gcm'`: `dh` and `authSecret` are of the browser, base64url.
     */
    encrypt(plain: Buffer, how: { version: 'aes128gcm'; dh: string; privateKey: ECDH; salt: string; authSecret: string }): Buffer;
  };
  export default ece;
}
