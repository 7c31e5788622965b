import type { Config } from '../../core/config/schema.ts';
import type { Secrets } from './secrets.ts';

/** What a runtime gives its adapters to be made with: one machine and each function of a deployment have their own. */
export type Outside = {
  config: Pick<Config, 'settings'>;
  secrets: Secrets;
  /** The span that is under way, as a W3C traceparent, for receivers that continue the trace. */
  traceparent(): string | undefined;
  /** Takes lines that are for a person at this machine. */
  write(line: string): void;
  colors: boolean;
  /** Where Slack is asked when not at slack.com. */
  slackApiUrl?: string | undefined;
  /** The topic that `sns: default` means. There is none on one machine. */
  defaultTopicArn?: string | undefined;
  /** How often a client of AWS tries a call; as often as the SDK does by itself when left out. */
  awsAttempts?: number | undefined;
};
