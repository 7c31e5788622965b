/** Of Chrome and most that are built on it, Firefox, Safari, Edge. */
const hosts = ['fcm.googleapis.com'];
const domains = ['.push.services.mozilla.com', '.push.apple.com', '.notify.windows.com'];

const maxLength = 1000;

/**
 * Why messages do not go to this address; undefined if they may. A browser names the address, so
 * any person who signs in could make Tocsin call one of the network that it runs in: only known
 * push services are called, and those that the config adds by their origin.
 */
export function endpointFault(endpoint: string, services: readonly string[] = []): string | undefined {
  if (endpoint.length > maxLength) return `expected at most ${maxLength} characters; received ${endpoint.length}`;
  if (!URL.canParse(endpoint)) return 'expected a URL';
  const { protocol, hostname, port, username, password, origin } = new URL(endpoint);
  if (username !== '' || password !== '') return 'expected no user name and no password in it';
  if (services.some((one) => new URL(one).origin === origin)) return undefined;
  if (protocol !== 'https:') return `expected an https:// URL; received one of ${protocol}//`;
  if (port === '' && (hosts.includes(hostname) || domains.some((domain) => hostname.endsWith(domain)))) return undefined;
  return `${origin} is no push service that Tocsin knows; settings.webPush.services of the config may name it`;
}
