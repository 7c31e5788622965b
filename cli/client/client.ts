import type { OverrideRequest } from '../../app/respond/override.ts';
import type { SilenceRequest } from '../../app/respond/silence.ts';
import type { EvidenceSeen } from '../../app/sources/evidence-seen.ts';
import type { Endable } from '../../core/response/endable.ts';
import type { Response as Action } from '../../core/response/incidents/respond.ts';
import type { AuditEntryDto } from '../../http/api/dto/audit-entry.ts';
import type { IncidentDto } from '../../http/api/dto/incident.ts';
import type { InsufficientEvidenceDto } from '../../http/api/dto/insufficient-evidence.ts';
import type { ShiftDto } from '../../http/api/dto/on-call.ts';
import type { OverrideDto } from '../../http/api/dto/override.ts';
import type { SilenceDto } from '../../http/api/dto/silence.ts';
import type { TimelineEntryDto } from '../../http/api/dto/timeline-entry.ts';
import type { ServingDto, TrainingDto } from '../../http/api/dto/training.ts';

/** `stillFiring`: why an incident was not resolved, one line an alert. */
export type Done = { ok: boolean; message: string; stillFiring?: string[] };

/** What the command line does with incidents, whether the service runs or not. */
export type Client = {
  incidents(
    status: 'open' | 'resolved' | 'all',
    limit: number,
    synthetic?: boolean,
  ): Promise<{ at: string; incidents: IncidentDto[] }>;
  show(id: string): Promise<{ at: string; incident: IncidentDto; timeline: TimelineEntryDto[] } | undefined>;
  /** `force`: resolve although alerts fire. */
  respond(id: string, action: Action, actor: string, force?: boolean): Promise<Done>;
  silence(request: SilenceRequest & { actor: string }): Promise<Done>;
  /** Those that have not ended. */
  silences(): Promise<SilenceDto[]>;
  /** Rules that their latest evaluation had too little evidence to judge by. */
  insufficientEvidence(): Promise<InsufficientEvidenceDto[]>;
  override(request: OverrideRequest & { actor: string }): Promise<Done>;
  /** Ends a silence or an override early. */
  end(what: Endable, actor: string): Promise<Done>;
  /** Who is on call now, and the overrides that have not ended. */
  oncall(): Promise<{ oncall: ShiftDto[]; overrides: OverrideDto[] }>;
  /** What is kept of the series of each rule that asks what was sent, for what is to be expected of it. */
  evidence(): Promise<EvidenceSeen>;
  /** What was done that belongs to no incident, oldest first. */
  auditLog(): Promise<AuditEntryDto[]>;
  /** Stores what a version was trained on; `body` as `POST /v1/baselines` takes it. */
  train(source: string, body: object): Promise<Done>;
  trainings(): Promise<{ trainings: TrainingDto[]; serving: ServingDto[] }>;
  promote(source: string, version: string, actor: string): Promise<Done>;
  close(): Promise<void>;
};
