import { createHmac } from 'node:crypto';

/** As MLflow signs a webhook. The check has the real clock. */
export function mlflowHeaders(
  secret: string,
  body: string,
  { id = '9949a449-0dce-4533-bc22-6163045f8995', at = Math.trunc(Date.now() / 1000) }: { id?: string; at?: number } = {},
): Record<string, string> {
  const signature = createHmac('sha256', secret).update(`${id}.${at}.${body}`).digest('base64');
  return { 'X-MLflow-Delivery-Id': id, 'X-MLflow-Timestamp': String(at), 'X-MLflow-Signature': `v1,${signature}` };
}
