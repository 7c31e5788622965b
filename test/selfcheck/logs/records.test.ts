import { afterEach, describe, expect, it, vi } from 'vitest';
import { deliverDue } from '../../../app/deliver/deliver.ts';
import { evaluate } from '../../../app/evaluate/evaluate.ts';
import type { Ports } from '../../../app/ports/ports.ts';
import { embeddedMetrics } from '../../../core/selfcheck/logs/metrics.ts';
import { type LogRecord, logRecord, traceIdOf } from '../../../core/selfcheck/logs/record.ts';
import { addToLog, beginLog, log } from '../../../lambdas/wiring/log.ts';
import { jsonLog, withLogged } from '../../../local/json-log.ts';
import { minute, storyOf } from '../../scenario/harness.ts';

const at = Date.UTC(2026, 0, 5, 9);
const resource = { 'service.name': 'tocsin' };

describe('a log record', () => {
  it('has the field names of the OpenTelemetry log data model', () => {
    const traceId = traceIdOf('Root=1-58406520-a006649127e371903a2de979;Parent=4c721bf33e3caf8f;Sampled=1');
    expect(logRecord('warn', 'late', { incident: 'inc-1', count: 2, owner: undefined }, { resource, traceId }, at)).toEqual({
      timestamp: '2026-01-05T09:00:00.000Z',
      severityText: 'WARN',
      severityNumber: 13,
      body: 'late',
      attributes: { 'tocsin.incident.id': 'inc-1', 'tocsin.count': 2 },
      resource,
      traceId: '58406520a006649127e371903a2de979',
    });
  });

  it('has no trace where there is none', () => {
    expect(traceIdOf(undefined)).toBeUndefined();
    expect(traceIdOf('Sampled=0')).toBeUndefined();
    expect(logRecord('error', 'x', {}, { resource }, at)).not.toHaveProperty('traceId');
  });
});

describe('metrics in a log line', () => {
  it('are what CloudWatch reads as the embedded metric format, with the stage as the only dimension', () => {
    expect(embeddedMetrics({ Rules: 3, EffectAge: [1200, 80] }, 'prod', at)).toEqual({
      _aws: {
        Timestamp: at,
        CloudWatchMetrics: [
          {
            Namespace: 'Tocsin',
            Dimensions: [['stage']],
            Metrics: [
              { Name: 'Rules', Unit: 'Count' },
              { Name: 'EffectAge', Unit: 'Milliseconds' },
            ],
          },
        ],
      },
      stage: 'prod',
      Rules: 3,
      EffectAge: [1200, 80],
    });
  });

  it('count ignored alerts by source as well', () => {
    const record = embeddedMetrics({ IgnoredAlerts: 2 }, 'prod', at, 'prometheus');
    expect(record).toMatchObject({ stage: 'prod', source: 'prometheus', IgnoredAlerts: 2 });
    expect(record['_aws']).toMatchObject({ CloudWatchMetrics: [{ Dimensions: [['stage'], ['stage', 'source']] }] });
  });

  it('leave out what has no value, and take no more values than a record may have', () => {
    const record = embeddedMetrics({ EffectsDone: 0, EffectAge: [], TickGap: Array(150).fill(1) }, 'prod', at);
    expect(record).not.toHaveProperty('EffectAge');
    expect(record['TickGap']).toHaveLength(100);
  });
});

describe('the log of a function', () => {
  afterEach(() => {
    vi.restoreAllMocks();
    vi.unstubAllEnvs();
  });

  it('is one line of JSON a record, with the invocation, the stage and the tick it belongs to', () => {
    const lines: string[] = [];
    vi.stubEnv('TOCSIN_STAGE', 'prod');
    vi.spyOn(process.stdout, 'write').mockImplementation((line) => {
      lines.push(String(line));
      return true;
    });
    beginLog('evaluate', 'request-1');
    addToLog({ tick: 'tick-1' });
    log('info', 'two\nlines', { incident: 'inc-1' });
    log('debug', 'too much');
    beginLog('evaluate', 'request-2');
    log('error', 'another');
    expect(lines).toHaveLength(2);
    for (const line of lines) expect(line.indexOf('\n')).toBe(line.length - 1);
    const [first, second] = lines.map((line) => JSON.parse(line) as LogRecord);
    expect(first?.attributes).toEqual({
      'faas.invocation_id': 'request-1',
      'tocsin.tick.id': 'tick-1',
      'tocsin.incident.id': 'inc-1',
    });
    expect(first?.resource).toEqual({
      'service.name': 'tocsin',
      'deployment.environment.name': 'prod',
      'faas.name': 'evaluate',
    });
    expect(second?.attributes).toEqual({ 'faas.invocation_id': 'request-2' });
  });
});

describe('the JSON log of one machine', () => {
  it('lets a page be followed back: effect, incident, tick', async () => {
    const story = storyOf();
    const lines: string[] = [];
    const { log: logTo, observe } = jsonLog((line) => lines.push(line), story.clock.now);
    const ports: Ports = { ...story.ports, log: logTo, observe };
    await story.value('latency', 'critical');
    story.clock.set(story.clock.now() + minute);
    const now = story.clock.now();
    await withLogged({ tick: `tick-${now}` }, () => evaluate(ports, now));
    await deliverDue(ports, now);

    const records = lines.map((line) => JSON.parse(line) as LogRecord);
    const delivered = records.find(({ attributes }) => attributes['tocsin.kind'] === 'page delivered');
    const effect = delivered?.attributes['tocsin.effect.id'];
    const decided = records.find(
      ({ body, attributes }) => body === 'effect decided' && attributes['tocsin.effect.id'] === effect,
    );
    expect(effect).toBeDefined();
    expect(decided?.attributes).toMatchObject({ 'tocsin.tick.id': `tick-${now}`, 'tocsin.kind': 'page' });
    expect(decided?.attributes['tocsin.incident.id']).toBe((await story.incident()).id);
    expect(delivered?.attributes).not.toHaveProperty('tocsin.tick.id');
  });

  it('makes a record of every line that is meant for a person', () => {
    const lines: string[] = [];
    jsonLog(
      (line) => lines.push(line),
      () => at,
    ).write('Stopped.');
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ severityText: 'INFO', body: 'Stopped.', attributes: {} });
  });
});
