import type { Answers } from './answers.ts';
import { ruleOf, sourceOf } from './files.ts';

const url = 'http://127.0.0.1:4319';

/**
 * What to do after `init`, as commands to copy. `folder`: where the config is, from here; empty for
 * here.
 */
export function nextSteps({ watched, paged }: Answers, folder: string): string {
  const rule = ruleOf(watched);
  const source = sourceOf(watched);
  const path = watched.of === 'samples' ? '/v1/samples' : '/v1/predictions';
  const features =
    watched.of === 'drift' ? `, "features": {${watched.features.map((feature) => `"${feature}": 1`).join(', ')}}` : '';
  const record =
    watched.of !== 'samples'
      ? `{"model": "${watched.model}", "id": "a1", "timestamp": "'$(date -u +%FT%TZ)'", "prediction": 1, "score": 0.8, "label": 0${features}}`
      : `{"metric": "${watched.metric}", "value": 1, "timestamp": "'$(date -u +%FT%TZ)'"}`;
  const secrets =
    paged.contact === 'terminal'
      ? ''
      : 'slack' in paged.contact
        ? 'Slack needs SLACK_BOT_TOKEN and SLACK_SIGNING_SECRET in the environment of the service (docs/slack.md).\n'
        : 'The pages are signed with the secret PAGES_SECRET, from the environment of the service (docs/webhooks.md).\n';
  const written = `Written: config/ and runbooks/${folder === '' ? '' : ` in ${folder}`}.${secrets === '' ? '' : ` ${secrets}`}`;
  const steps = [
    ['tocsin check', 'is it valid? when do alerts end?'],
    ['tocsin start', `the service; its pages: ${url}/`],
    [`tocsin backfill FILE --source ${source}`, 'your history, if you have it: .csv, .parquet, .ndjson'],
    [`tocsin backtest ${rule} --data FILE`, 'what would the rule have paged?'],
  ] as const;
  const wide = Math.max(...steps.map(([command]) => command.length));
  return `${written.trimEnd()}

${folder === '' ? '' : `  cd ${folder}\n`}${steps.map(([command, why]) => `  ${command.padEnd(wide)}   # ${why}`).join('\n')}

Send what you have, as it comes:

  curl -X POST ${url}${path} -H 'Content-Type: application/json' -H "Idempotency-Key: $(uuidgen)" \\
    -d '[${record}]'

The rule ${rule} is judged every ${watched.of === 'drift' ? 'day, once it has two days to compare' : 'minute'}.
`;
}
