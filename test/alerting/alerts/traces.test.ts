import { describe, expect, it } from 'vitest';
import { numbersOf } from '../../../core/alerting/alerts/alert-step.ts';
import { summarize } from '../../../core/alerting/alerts/alert-summary.ts';
import { pageLines } from '../../../core/response/paging/describe.ts';
import { alertDto } from '../../../http/api/dto/alert.ts';
import { examplePage } from '../../contract/example-page.ts';
import { exampleAlert } from '../../contract/store-examples.ts';
import { configOf, t0 } from '../../scenario/harness.ts';

const [worst, other] = ['4bf92f3577b34da6a3ce929d0e0e4736', '00000000000000000000000000000001'];
const traces = [
  { trace: worst, value: 0.83, at: t0 },
  { trace: other, value: 0.2, at: t0 },
];
const linked = configOf({ settings: { traceUrl: 'https://jaeger.example/trace/{traceId}' } });

describe('the traces of a value', () => {
  it('are those of the last breaching one: they stay while the alert recovers', () => {
    const point = { at: t0, value: 0.83, traces };
    const verdict = { at: t0, reason: '', breaching: 1, judged: true as const, point };
    expect(numbersOf({ ...verdict, status: 'critical' })).toMatchObject({ traces });
    expect(numbersOf({ ...verdict, status: 'ok' })).not.toHaveProperty('traces');
    expect(
      { ...exampleAlert({ traces }), ...numbersOf({ ...verdict, status: 'critical', point: { at: t0, value: 1 } }) }.traces,
    ).toBeUndefined();
  });

  it('are linked where the config says how, and named by their ids where it does not', () => {
    const alert = exampleAlert({ traces, value: 0.83, bound: 0.5 });
    expect(summarize(alert, linked).traces).toEqual([
      { ...traces[0], link: `https://jaeger.example/trace/${worst}` },
      { ...traces[1], link: `https://jaeger.example/trace/${other}` },
    ]);
    const plain = summarize(alert, configOf());
    expect(plain.traces).toEqual(traces);
    expect(alertDto(plain).traces?.[0]).toEqual({ trace: worst, value: 0.83, at: new Date(t0).toISOString(), link: undefined });
    expect(summarize(exampleAlert(), linked)).not.toHaveProperty('traces');
  });

  it('begin with the smallest where the value lies below its bound', () => {
    const alert = exampleAlert({ traces, value: 0.2, bound: 0.5 });
    expect(summarize(alert, linked).traces?.map(({ trace }) => trace)).toEqual([other, worst]);
  });

  it('are in the text of a page', () => {
    const alerts = [summarize(exampleAlert({ traces, value: 0.83, bound: 0.5 }), linked)];
    expect(pageLines(examplePage({ alerts }))).toContain(`  trace ${worst} (0.83): https://jaeger.example/trace/${worst}`);
  });

  it('need the place of the id in the address', () => {
    expect(() => configOf({ settings: { traceUrl: 'https://jaeger.example/trace/' } })).toThrow(
      /expected \{traceId\} in the URL/,
    );
  });
});
