import { defaultProvider } from '@aws-sdk/credential-provider-node';
import { Sha256 } from '@smithy/core/checksum';
import { SignatureV4 } from '@smithy/signature-v4';

/** The region is that of the process, which Lambda sets; on one machine AWS_REGION names it. */
function region(): string {
  const { AWS_REGION, AWS_DEFAULT_REGION } = process.env;
  const found = AWS_REGION ?? AWS_DEFAULT_REGION;
  if (found === undefined || found === '')
    throw new Error('settings.traces.endpoint is xray, and no AWS_REGION says in which region');
  return found;
}

/** Where X-Ray takes OTLP. `AWS_ENDPOINT_URL_XRAY` leads elsewhere, as it does for the AWS clients. */
export const xrayUrl = (): string =>
  `${(process.env['AWS_ENDPOINT_URL_XRAY'] ?? `https://xray.${region()}.amazonaws.com`).replace(/\/$/, '')}/v1/traces`;

let signer: SignatureV4 | undefined;

/** The headers with a Signature Version 4 by the credentials of the process. */
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
  // It is signed, and whoever sends the request writes it.
  const { host: _, ...others } = signed.headers;
  return others;
}
