import type { Config } from '../../core/config/schema.ts';
import type { Secrets } from './secrets.ts';

/**
 * What a runtime gives its adapters on creation; one machine and each deployed function have their
 * own.
 */
export type Outside = {
  config: Pick<Config, 'settings'>;
  secrets: Secrets;
  /** The current span as a W3C traceparent, for receivers that continue the trace. */
  traceparent(): string | undefined;
  /** Prints lines for a person at this machine. */
  write(line: string): void;
  colors: boolean;
  /** Slack's API if not slack.com. */
  slackApiUrl?: string | undefined;
  /** The topic that `sns: default` means. None on one machine. */
  defaultTopicArn?: string | undefined;
  /** Attempts per AWS call; default of the SDK if absent. */
  awsAttempts?: number | undefined;
};
