import { readDigest } from '../../app/digest/read-digest.ts';
import { judgeNow } from '../../app/evaluate/judge-now.ts';
import { readInsufficientEvidence } from '../../app/evaluate/undecided.ts';
import { historyOf } from '../../app/explain/history.ts';
import { ruleStates } from '../../app/explain/rule-states.ts';
import { whyOf } from '../../app/explain/why.ts';
import { IngestError } from '../../app/ingest/ingest.ts';
import { ingestChanges } from '../../app/ingest/ingest-changes.ts';
import { promote, trainingsOverview } from '../../app/ingest/serve.ts';
import { ingestTraining } from '../../app/ingest/train.ts';
import { latestOf } from '../../app/latest-incident.ts';
import type { Ports } from '../../app/ports/ports.ts';
import type { Store } from '../../app/ports/store.ts';
import { auditEntries } from '../../app/query/audit-log.ts';
import { changeList } from '../../app/query/change-list.ts';
import { heartbeatsNow, heartbeatsOf, noSuchHeartbeat } from '../../app/query/heartbeats.ts';
import { inShort } from '../../app/query/incident-in-short.ts';
import { incidentList } from '../../app/query/incident-list.ts';
import { incidentPage } from '../../app/query/incident-pages.ts';
import { acceptBaseline } from '../../app/respond/accept.ts';
import { effectiveConfig } from '../../app/respond/effective-config.ts';
import { endEarly } from '../../app/respond/end-early.ts';
import { addOverride } from '../../app/respond/override.ts';
import { respond } from '../../app/respond/respond.ts';
import { addSilence } from '../../app/respond/silence.ts';
import { evidenceSeen } from '../../app/sources/evidence-seen.ts';
import { labelOf, labelsSeen } from '../../app/sources/labels-seen.ts';
import { placeOfCursor } from '../../core/access/audit-log.ts';
import { intervalOf } from '../../core/detection/points/interval.ts';
import type { Incident } from '../../core/response/incidents/incident.ts';
import { firingLines } from '../../core/response/incidents/still-firing.ts';
import { onCallNow } from '../../core/response/oncall/in-force.ts';
import { asFingerprint, asIncidentId, asRuleId } from '../../core/vocabulary/ids.ts';
import { shown } from '../../core/vocabulary/shown.ts';
import { parseDuration } from '../../core/vocabulary/units.ts';
import { changeFilterOf } from '../../http/api/changes.ts';
import { auditPage } from '../../http/api/dto/audit-entry.ts';
import { changeListDto } from '../../http/api/dto/change.ts';
import { digestDto } from '../../http/api/dto/digest.ts';
import { heartbeatDto, heartbeatsDto } from '../../http/api/dto/heartbeat.ts';
import { historyDto } from '../../http/api/dto/history.ts';
import { incidentDto } from '../../http/api/dto/incident.ts';
import { incidentListDto } from '../../http/api/dto/incident-list.ts';
import { insufficientEvidenceDto } from '../../http/api/dto/insufficient-evidence.ts';
import { labelRecordDto, sourceLabelsDto } from '../../http/api/dto/labels.ts';
import { shiftDto } from '../../http/api/dto/on-call.ts';
import { overrideDto } from '../../http/api/dto/override.ts';
import { judgementDto, ruleStateDto, whyDto } from '../../http/api/dto/rule.ts';
import { silenceDto } from '../../http/api/dto/silence.ts';
import { timeOf } from '../../http/api/dto/time.ts';
import { timelineEntryDto } from '../../http/api/dto/timeline-entry.ts';
import { trainingsDto } from '../../http/api/dto/training.ts';
import { labelsSpanMs } from '../../http/api/labels.ts';
import { environmentSecrets, localPorts } from '../../local/ports.ts';
import { readConfig } from '../../local/read-config.ts';
import { StartError } from '../../local/start-error.ts';
import { StoreFileError, StoreLockedError, sqliteStore } from '../../stores/sqlite/index.ts';
import { configOrThrow } from '../config-options.ts';
import { changeTold } from './change-told.ts';
import type { Client } from './client.ts';
import { type ClientOptions, me } from './options.ts';
import { trained } from './trained.ts';

/**
 * Works on the store itself, as its owner. Resulting pages go out at the next start of the service.
 */
export function storeClient(path: string, options: ClientOptions): Client {
  let writable: Ports | undefined;
  const reading = openStore({ path, readOnly: true });
  const now = Date.now();
  function writing(): Ports {
    const { config } = configOrThrow(options);
    const store = openStore({ path });
    writable ??= localPorts({
      config,
      store,
      secrets: environmentSecrets(),
      log: () => {},
      observe: () => {},
      write: () => {},
      colors: false,
    });
    return writable;
  }
  /** For questions: with the sources of the config, and a store that is only read. */
  const looking = (): Ports =>
    localPorts({
      config: configOrThrow(options).config,
      store: reading,
      secrets: environmentSecrets(),
      log: () => {},
      observe: () => {},
      write: () => {},
      colors: false,
    });
  /** As they were judged last. Without a config, as they are stored. */
  async function latest(incidents: Incident[]): Promise<Incident[]> {
    const read = readConfig(options.config, options.runbooks);
    return read.ok ? latestOf({ store: reading, config: read.config }, incidents) : incidents;
  }
  return {
    async incidents(status, limit, synthetic = false) {
      const ask = { status, tenants: synthetic, filter: {}, limit };
      const read = readConfig(options.config, options.runbooks);
      if (read.ok) return incidentListDto(await incidentList({ store: reading, config: read.config }, ask, now), now);
      // Without a config, as they are stored.
      const { incidents, ...rest } = await incidentPage({ store: reading }, ask);
      return incidentListDto({ ...rest, incidents: incidents.map((one) => inShort(one, undefined)) }, now);
    },
    async show(given) {
      const id = asIncidentId(given);
      const stored = await reading.incident(id);
      const [incident] = stored === undefined ? [] : await latest([stored]);
      if (incident === undefined) return undefined;
      const timeline = (await reading.timeline(id)).map(timelineEntryDto);
      return { at: timeOf(now), incident: incidentDto(incident), timeline };
    },
    async respond(id, response, actor, force = false) {
      const confirmed = force ? { force: true as const } : undefined;
      const { firing, ...result } = await respond(
        writing(),
        { incidentId: asIncidentId(id), response, confirmed, actor, role: 'admin' },
        now,
      );
      return firing === undefined ? result : { ...result, stillFiring: firingLines(firing) };
    },
    silence: async (request) => addSilence(writing(), { ...request, role: 'admin' }, now),
    silences: async () => (await reading.silences(now)).map(silenceDto),
    evidence: () => evidenceSeen(reading, configOrThrow(options).config, now),
    insufficientEvidence: async () => (await readInsufficientEvidence({ store: reading })).map(insufficientEvidenceDto),
    digest: async (since, zone) => {
      const config = configOrThrow(options).config;
      const from = now - (parseDuration(since) ?? 0);
      return digestDto(await readDigest({ store: reading, config }, { from, to: now, zone }), now);
    },
    rules: async () => (await ruleStates(looking())).map(ruleStateDto),
    async why(rule) {
      const found = await whyOf(looking(), asRuleId(rule), now);
      return 'unknown' in found ? { error: found.unknown } : whyDto(found.why, now);
    },
    async evaluate(rule) {
      const found = await judgeNow(looking(), asRuleId(rule), now);
      return 'unknown' in found ? { error: found.unknown } : judgementDto(found.judgement);
    },
    async history(rule, { series, ...span }) {
      const asked = { rule: asRuleId(rule), fingerprint: series === undefined ? undefined : asFingerprint(series), ...span };
      const found = await historyOf(looking(), asked, now);
      if ('unknown' in found) return { error: found.unknown };
      return historyDto(found, now, intervalOf(configOrThrow(options).config.rules[rule]));
    },
    heartbeats: async () => heartbeatsDto(await heartbeatsNow(looking(), now)),
    async heartbeat(name) {
      const [found] = await heartbeatsOf(looking(), [name], now);
      return found === undefined ? { error: noSuchHeartbeat(name) } : { at: timeOf(now), ...heartbeatDto(found) };
    },
    async link() {
      throw new StartError('a link leads to a running service, and none answers; start it, or name it with --url');
    },
    override: async (request) => addOverride(writing(), { ...request, role: 'admin' }, now),
    end: async (what, actor) => endEarly(writing(), { ...what, actor, role: 'admin' }, now),
    async oncall() {
      const { config } = configOrThrow(options);
      const inForce = await effectiveConfig({ config, store: reading }, now);
      return { oncall: onCallNow(inForce, now).map(shiftDto), overrides: (await reading.overrides(now)).map(overrideDto) };
    },
    async auditLog(limit, before) {
      const place = before === undefined ? undefined : placeOfCursor(before);
      if (before !== undefined && place === undefined)
        throw new StartError(`expected --before as an earlier answer names it; received ${shown(before)}`);
      return auditPage(await auditEntries({ store: reading }, { filter: {}, limit, before: place }));
    },
    labels: async () => {
      const { config } = configOrThrow(options);
      return (await labelsSeen({ store: reading, config }, now, labelsSpanMs)).map(sourceLabelsDto);
    },
    async label(source, id) {
      const found = await labelOf(reading, source, id, now);
      return found === undefined ? undefined : labelRecordDto(found, now);
    },
    async change(body) {
      try {
        const result = await ingestChanges(
          writing(),
          { contentType: 'application/json', text: JSON.stringify(body), sender: me() },
          now,
        );
        return changeTold({ ...result, rejections: result.rejected });
      } catch (error) {
        if (error instanceof IngestError) return { ok: false, message: error.message };
        throw error;
      }
    },
    async changes({ limit, kind, q, match, from, to }) {
      const filter = changeFilterOf({ kind, q, match, from, to });
      if ('error' in filter) throw new StartError(filter.error);
      return changeListDto(await changeList({ store: reading }, { filter, limit: Number(limit), before: undefined }), now);
    },
    async train(source, body) {
      try {
        const text = JSON.stringify(body);
        return trained(await ingestTraining(writing(), source, { contentType: 'application/json', text }, {}, me(), now));
      } catch (error) {
        if (error instanceof IngestError) return { ok: false, message: error.message };
        throw error;
      }
    },
    trainings: async () => trainingsDto(await trainingsOverview({ config: configOrThrow(options).config, store: reading })),
    promote: (source, modelVersion, actor) => promote(writing(), { source, modelVersion, actor, role: 'admin' }, now),
    accept: (request) => acceptBaseline(writing(), { ...request, role: 'admin' }, now),
    async close() {
      await reading.close();
      await writable?.store.close();
    },
  };
}

export function openStore(options: { path: string; readOnly?: boolean }): Store {
  try {
    return sqliteStore(options);
  } catch (cause) {
    if (cause instanceof StoreLockedError)
      throw new StartError(`the service runs on the store ${options.path}; name its address with --url`, { cause });
    if (cause instanceof StoreFileError) throw new StartError(cause.message, { cause });
    throw cause;
  }
}
