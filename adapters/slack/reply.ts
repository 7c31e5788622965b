/** Slack gives these addresses out itself; anything else in a `response_url` is not followed. */
const slackHosts = ['hooks.slack.com', 'hooks.slack-gov.com'];

/** Answers a button or command to the one person who used it. Throws when Slack does not take it. */
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
