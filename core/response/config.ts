import type { AlertingConfig } from '../alerting/config.ts';
import type { RemediationConfig } from '../remediation/config.ts';
import type { Contact } from './contacts/contact.ts';
import type { Matrix } from './escalation/matrix-schema.ts';
import type { Policy } from './escalation/policy-schema.ts';
import type { Responder } from './oncall/responder-schema.ts';
import type { Schedule } from './oncall/schedule-schema.ts';

/** Times in milliseconds; core/config/settings-schema.ts says what each is. */
type ResponseSettings = {
  publicUrl: string;
  groupWait: number;
  groupInterval: number;
  reopenWindow: number;
  resolveDelay: number;
  syntheticIncident?: { contact: Contact; every: number; within: number } | undefined;
};

/** What incidents, escalation and paging know of a config. */
export type ResponseConfig = AlertingConfig &
  RemediationConfig & {
    settings: ResponseSettings;
    responders: Record<string, Responder>;
    schedules: Record<string, Schedule>;
    channels: Record<string, Contact>;
    policies: Record<string, Policy>;
    matrix: Matrix;
  };
