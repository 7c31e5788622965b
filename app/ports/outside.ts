import type { Config } from '../../core/config/schema.ts';
import type { Secrets } from './secrets.ts';
import type { OtlpReceiver } from './telemetry.ts';
import type { DeviceBook } from './web-push.ts';

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
  /** The OTLP receiver. Left out: nothing receives OTLP metrics here. */
  otlp?: Pick<OtlpReceiver, 'query'> | undefined;
  /** The devices of people, where pages are sent. */
  devices?: DeviceBook | undefined;
  /**
   * The private VAPID key (32 bytes, base64url) that is kept here if the config names no secret.
   */
  ownPushKey?: (() => Promise<string>) | undefined;
};
