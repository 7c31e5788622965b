import { isLoopback } from '../../core/vocabulary/loopback.ts';
import { StartError } from '../../local/start-error.ts';

/**
 * The URL of a service as people write it: `localhost:4319` is http, `tocsin.example.com` is https.
 * Throws StartError for what is no URL.
 */
export function addressFrom(text: string): string {
  const written = text.trim();
  const hasScheme = /^[a-z][a-z0-9+.-]*:\/\//i.test(written);
  const url = hasScheme ? parsed(written) : (local(`http://${written}`) ?? parsed(`https://${written}`));
  if (url !== undefined && /^https?:$/.test(url.protocol)) return url.href.replace(/\/$/, '');
  throw new StartError(`expected the URL of a service such as http://127.0.0.1:4319; received ${JSON.stringify(text)}`);
}

const parsed = (text: string): URL | undefined => (URL.canParse(text) ? new URL(text) : undefined);
const local = (text: string): URL | undefined => (URL.canParse(text) && isLoopback(text) ? new URL(text) : undefined);
