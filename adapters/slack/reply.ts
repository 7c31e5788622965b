/** Slack's own hosts; any other `response_url` is ignored. */
const slackHosts = ['hooks.slack.com', 'hooks.slack-gov.com'];

/** Replies to a button or command, visible only to its user. Throws if Slack refuses. */
export async function slackReply(
  responseUrl: string,
  text: string,
  { blocks, replaces = false }: { blocks?: object[]; replaces?: boolean } = {},
): Promise<void> {
  const { host, protocol } = new URL(responseUrl);
  if (protocol !== 'https:' || !slackHosts.includes(host))
    throw new Error(`expected a response_url of Slack; received one of ${host}`);
  const response = await fetch(responseUrl, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ response_type: 'ephemeral', replace_original: replaces, text, blocks }),
    signal: AbortSignal.timeout(1500),
    redirect: 'error',
  });
  if (!response.ok) throw new Error(`Slack answered ${response.status} to a reply`);
}
