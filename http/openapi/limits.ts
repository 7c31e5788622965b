import { maxBodyBytes as apiBytes } from '../api/routes.ts';
import { maxEventBytes } from '../compat/event-bytes.ts';
import { maxLogBytes } from '../heartbeats.ts';
import { maxBodyBytes as ingestBytes } from '../ingest-answer.ts';
import { maxMlflowBytes } from '../mlflow.ts';
import { maxSlackBytes } from '../slack.ts';

/** Bytes of a body, by the part that takes it; an operation shows its own as `x-max-body-bytes`. */
export const bodyLimit = {
  ingest: ingestBytes,
  api: apiBytes,
  slack: maxSlackBytes,
  event: maxEventBytes,
  heartbeat: maxLogBytes,
  mlflow: maxMlflowBytes,
} as const;
