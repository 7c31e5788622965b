import { hmacHex } from '../../core/access/signing/hmac.ts';
import type { Silence } from '../../core/alerting/silences/silence.ts';
import type { Response } from '../../core/response/incidents/respond.ts';
import { actionIds } from '../../core/response/slack/interaction.ts';
import type { IncidentDto } from '../../http/api/dto/incident.ts';
import type { NowIncidentDto } from '../../http/api/dto/now.ts';
import type { TimelineEntryDto } from '../../http/api/dto/timeline-entry.ts';
import type { Outputs } from './cdk.ts';

export type Keys = { ingest: string; web: string; signing: string };
export type Sample = { metric: string; value: number; service: string };
export type Answered = { status: number; body: string };

/** A deployed Tocsin as senders, Slack and browsers reach it: by its three addresses. */
export type Deployed = {
  push(samples: Sample[], key?: string): Promise<Answered>;
  /** Where senders send. */
  ingestAt(path: string): string;
  /**
   * Slack telling that a person pressed a button; as if signed `ageSeconds` ago, or with another
   * secret.
   */
  press(action: Response, incidentId: string, by: { id: string; ageSeconds?: number; secret?: string }): Promise<Answered>;
  command(text: string, userId: string): Promise<Answered>;
  page(path: string, password?: string): Promise<Answered>;
  incidents(status?: 'open' | 'resolved' | 'all'): Promise<NowIncidentDto[]>;
  incident(id: string): Promise<{ incident: IncidentDto; timeline: TimelineEntryDto[] }>;
  silences(): Promise<Silence[]>;
};

/**
 * `emulator` is where its addresses are: the names that the outputs give lead to AWS, so their ids
 * are asked for by path.
 */
export function deployedAt(emulator: string, outputs: Outputs, keys: Keys): Deployed {
  const base = (url: string): string => `${emulator}/_aws/lambda-url/${new URL(url).hostname.split('.')[0]}`;
  const call = async (url: string, init: RequestInit = {}): Promise<Answered> => {
    const response = await fetch(url, { ...init, redirect: 'manual' });
    return { status: response.status, body: await response.text() };
  };
  const signed = (path: string, form: Record<string, string>, { ageSeconds = 0, secret = keys.signing }): Promise<Answered> => {
    const body = new URLSearchParams(form).toString();
    const timestamp = String(Math.floor(Date.now() / 1000) - ageSeconds);
    const headers = {
      'content-type': 'application/x-www-form-urlencoded',
      'x-slack-request-timestamp': timestamp,
      'x-slack-signature': `v0=${hmacHex(secret, `v0:${timestamp}:`, body)}`,
    };
    return call(`${base(outputs.SlackUrl)}${path}`, { method: 'POST', headers, body });
  };
  const page = (path: string, password: string = keys.web): Promise<Answered> =>
    call(`${base(outputs.WebUrl)}${path}`, {
      headers: { authorization: `Basic ${Buffer.from(`tester:${password}`).toString('base64')}` },
    });
  const api = async <T>(path: string): Promise<T> => {
    const { status, body } = await page(`/api${path}`);
    if (status !== 200) throw new Error(`expected 200 from ${path}; received ${status}: ${body}`);
    return JSON.parse(body) as T;
  };

  return {
    push(samples, key = keys.ingest) {
      const timestamp = new Date().toISOString();
      const body = JSON.stringify(samples.map(({ service, ...sample }) => ({ ...sample, timestamp, labels: { service } })));
      const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
      return call(`${base(outputs.IngestUrl)}/v1/samples`, { method: 'POST', headers, body });
    },
    ingestAt: (path) => `${base(outputs.IngestUrl)}${path}`,
    press(action, incidentId, { id, ...signing }) {
      const actions = [{ action_id: actionIds[action], value: incidentId }];
      return signed(
        '/slack/interactions',
        { payload: JSON.stringify({ type: 'block_actions', user: { id }, actions }) },
        signing,
      );
    },
    command: (text, userId) => signed('/slack/commands', { text, user_id: userId, user_name: userId }, {}),
    page,
    incidents: async (status = 'open') => (await api<{ incidents: NowIncidentDto[] }>(`/incidents?status=${status}`)).incidents,
    incident: (id) => api(`/incidents/${id}`),
    silences: async () => (await api<{ silences: Silence[] }>('/silences')).silences,
  };
}
