import type { AcceptRequest } from '../../app/respond/accept.ts';
import type { OverrideRequest } from '../../app/respond/override.ts';
import type { SilenceRequest } from '../../app/respond/silence.ts';
import type { EvidenceSeen } from '../../app/sources/evidence-seen.ts';
import type { Endable } from '../../core/response/endable.ts';
import type { Response as Action } from '../../core/response/incidents/respond.ts';
import type { AuditPageDto } from '../../http/api/dto/audit-entry.ts';
import type { ChangeListDto } from '../../http/api/dto/change.ts';
import type { DigestDto } from '../../http/api/dto/digest.ts';
import type { HeartbeatDto, HeartbeatListDto } from '../../http/api/dto/heartbeat.ts';
import type { HistoryDto } from '../../http/api/dto/history.ts';
import type { IncidentDto } from '../../http/api/dto/incident.ts';
import type { IncidentListDto } from '../../http/api/dto/incident-list.ts';
import type { InsufficientEvidenceDto } from '../../http/api/dto/insufficient-evidence.ts';
import type { LabelRecordDto, SourceLabelsDto } from '../../http/api/dto/labels.ts';
import type { ShiftDto } from '../../http/api/dto/on-call.ts';
import type { OverrideDto } from '../../http/api/dto/override.ts';
import type { JudgementDto, RuleStateDto, WhyDto } from '../../http/api/dto/rule.ts';
import type { SilenceDto } from '../../http/api/dto/silence.ts';
import type { TimelineEntryDto } from '../../http/api/dto/timeline-entry.ts';
import type { TrainingsDto } from '../../http/api/dto/training.ts';

/** `stillFiring`: why an incident was not resolved, one line per alert. */
export type Done = { ok: boolean; message: string; stillFiring?: string[] };

/** `url`: the link, if there is one. */
export type LinkMade = Done & { url?: string };

/** Times in milliseconds since the epoch. */
export type HistoryAsk = { series?: string | undefined; from: number; to: number; most: number };

/** What the command line can do with incidents, whether the service runs or not. */
export type Client = {
  incidents(status: 'open' | 'resolved' | 'all', limit: number, synthetic?: boolean): Promise<IncidentListDto>;
  show(id: string): Promise<{ at: string; incident: IncidentDto; timeline: TimelineEntryDto[] } | undefined>;
  /** `force`: resolve although alerts fire. */
  respond(id: string, action: Action, actor: string, force?: boolean): Promise<Done>;
  silence(request: SilenceRequest & { actor: string }): Promise<Done>;
  /** Silences that have not ended. */
  silences(): Promise<SilenceDto[]>;
  /** Rules that had too little data to judge in their last evaluation. */
  insufficientEvidence(): Promise<InsufficientEvidenceDto[]>;
  /** Whether each rule is judged, and if not, why. */
  rules(): Promise<RuleStateDto[]>;
  /** Why a rule pages nobody; or an error in words if there is no such rule. */
  why(rule: string): Promise<WhyDto | { error: string }>;
  /** What judging a rule now finds. Changes nothing. */
  evaluate(rule: string): Promise<JudgementDto | { error: string }>;
  /** What was found of a series of a rule; `series`: its fingerprint, absent: the first. */
  history(rule: string, ask: HistoryAsk): Promise<HistoryDto | { error: string }>;
  /**
   * How jobs do that report their runs; and one of them, or an error in words if there is none
   * such.
   */
  heartbeats(): Promise<HeartbeatListDto['heartbeats']>;
  heartbeat(name: string): Promise<HeartbeatDto | { error: string }>;
  /** Makes a link by which others look at an incident; only a running service can. */
  link(id: string, lasts: string, actor: string): Promise<LinkMade>;
  override(request: OverrideRequest & { actor: string }): Promise<Done>;
  /** Ends a silence or an override early. */
  end(what: Endable, actor: string): Promise<Done>;
  /** Who is on call now, and overrides that have not ended. */
  oncall(): Promise<{ oncall: ShiftDto[]; overrides: OverrideDto[] }>;
  /** What is stored about the series of each rule on pushed data, for expected false alarms. */
  evidence(): Promise<EvidenceSeen>;
  /** The newest entries of the audit log, oldest first. */
  auditLog(limit: number, before?: string): Promise<AuditPageDto>;
  /** What happened since a while ago (`7d`). */
  digest(since: string, timezone: string): Promise<DigestDto>;
  /** What became of the labels of each model in the last seven days. */
  labels(): Promise<SourceLabelsDto[]>;
  /** What is known of one prediction id; undefined if nothing is. */
  label(source: string, id: string): Promise<LabelRecordDto | undefined>;
  /** Tells of a change; `body` as for `POST /v1/changes`. */
  change(body: object): Promise<Done>;
  /** The newest changes that fit, newest first; `ask`: as of `GET /api/changes`. */
  changes(ask: Readonly<Record<string, string>>): Promise<ChangeListDto>;
  /** Stores what a version was trained on; `body` as for `POST /v1/baselines`. */
  train(source: string, body: object): Promise<Done>;
  trainings(): Promise<TrainingsDto>;
  promote(source: string, version: string, actor: string): Promise<Done>;
  accept(request: AcceptRequest & { actor: string }): Promise<Done>;
  close(): Promise<void>;
};
