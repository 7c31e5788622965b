import { isLoopback } from '../core/vocabulary/loopback.ts';

/** A URL of this machine with the port that a service really has; any other URL stays as it is. */
export function onPort(publicUrl: string, port: string | number | undefined): string {
  if (port === undefined || Number(port) === 0 || !isLoopback(publicUrl)) return publicUrl;
  const url = new URL(publicUrl);
  url.port = String(port);
  return url.origin;
}
