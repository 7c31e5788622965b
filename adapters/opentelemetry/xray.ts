import { defaultProvider } from '@aws-sdk/credential-provider-node';
import { Sha256 } from '@smithy/core/checksum';
import { SignatureV4 } from '@smithy/signature-v4';

/** The process's region: set by Lambda, or AWS_REGION on one machine. */
function region(): string {
  const { AWS_REGION, AWS_DEFAULT_REGION } = process.env;
  const found = AWS_REGION ?? AWS_DEFAULT_REGION;
  if (found === undefined || found === '')
    throw new Error('settings.traces.endpoint is xray, and no AWS_REGION says in which region');
  return found;
}

/** X-Ray's OTLP URL. `AWS_ENDPOINT_URL_XRAY` overrides it, as for AWS clients. */
export const xrayUrl = (): string =>
  `${(process.env['AWS_ENDPOINT_URL_XRAY'] ?? `https://xray.${region()}.amazonaws.com`).replace(/\/$/, '')}/v1/traces`;

let signer: SignatureV4 | undefined;

/** Headers with a Signature Version 4 from the process's credentials. */
export async function signedForXray(
  url: string,
  headers: Record<string, string>,
  body: Uint8Array,
): Promise<Record<string, string>> {
  signer ??= new SignatureV4({ service: 'xray', region: region(), credentials: defaultProvider(), sha256: Sha256 });
  const { protocol, hostname, port, host, pathname } = new URL(url);
  const signed = await signer.sign({
    method: 'POST',
    protocol,
    hostname,
    ...(port === '' ? {} : { port: Number(port) }),
    path: pathname,
    query: {},
    headers: { ...headers, host },
    body,
  });
  // The host is signed, but fetch sets it itself.
  const { host: _, ...others } = signed.headers;
  return others;
}
