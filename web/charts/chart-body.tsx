import { useId } from 'preact/hooks';
import type { ChartVerdict } from '../../core/charts/chart.ts';
import type { Layout } from '../../core/charts/layout.ts';

const verdictClass: Readonly<Record<ChartVerdict, string>> = {
  ok: 'c-ok',
  warn: 'c-warn',
  critical: 'c-critical',
  'not judged': 'c-unjudged',
};

/** What a layout looks like, as the parts of an SVG. `bare` layouts have no texts. */
export function ChartBody({ layout, cursor }: { layout: Layout; cursor?: { x: number; y: number } | undefined }) {
  const { plot, strip, last } = layout;
  const { left, right, top, bottom } = plot;
  const id = useId();
  const fillOf: Partial<Record<ChartVerdict, string>> = { warn: `url(#${id}w)`, 'not judged': `url(#${id}u)` };
  return (
    <>
      <defs>
        <pattern id={`${id}w`} width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <rect class="c-warn" width="6" height="6" />
          <path class="c-hatch" d="M0 0V6" />
        </pattern>
        <pattern id={`${id}u`} width="5" height="6" patternUnits="userSpaceOnUse">
          <circle class="c-unjudged" cx="2" cy="3" r="1.4" />
        </pattern>
      </defs>
      {layout.fields.map(({ severity, d }) => (
        <path key={severity} class={`c-${severity}-field`} d={d} />
      ))}
      {layout.valueTicks.map(({ y, text }) => (
        <g key={text}>
          <path class="c-grid" d={`M${left} ${y}H${right}`} />
          <text x={left - 6} y={y + 4} text-anchor="end">
            {text}
          </text>
        </g>
      ))}
      {layout.gaps.map(({ x, width }) => (
        <rect key={x} class="c-gap" x={x} y={top} width={width} height={bottom - top} />
      ))}
      <path class="c-interval" d={layout.interval} />
      <path class="c-baseline" d={layout.baseline} />
      {layout.bounds.map(({ severity, d }) => (
        <path key={severity} class={`c-${severity}-line`} d={d} />
      ))}
      <path class="c-range" d={layout.ranges} />
      <path class="c-line" d={layout.judged} />
      <path class="c-line c-provisional" d={layout.provisional} />
      <path class="c-first" d={layout.firsts} />
      {layout.places
        .filter(({ isProvisional }) => isProvisional)
        .map(({ x, y, index }) => (
          <circle key={index} class="c-hollow" cx={x} cy={y} r="2.8" />
        ))}
      {layout.labels.map(({ x, y, name, text }) => (
        <text key={name} class={`c-label-${name}`} x={x} y={y + 4}>
          {text}
        </text>
      ))}
      {layout.flags.map(({ x, level, kind, text, anchor, more }) => {
        const y = top - 6 - level * 16;
        const sign = kind === 'rollback' ? '◀ ' : kind === 'deploy' ? '▶ ' : '';
        return (
          <g key={`${x} ${level}`} class={`c-flag c-${kind}`}>
            <path d={`M${x} ${y - 8}V${bottom}`} />
            <text x={anchor === 'start' ? x + 4 : x - 4} y={y} text-anchor={anchor}>
              {`${sign}${text}${more > 0 ? ` +${more}` : ''}`}
            </text>
          </g>
        );
      })}
      {strip.spans.map(({ x, width, verdict }) => (
        <rect
          key={x}
          class={fillOf[verdict] === undefined ? verdictClass[verdict] : undefined}
          fill={fillOf[verdict]}
          x={x}
          y={strip.y}
          width={width}
          height={strip.height}
        />
      ))}
      {layout.pages.map(({ x, y }) => (
        <path key={x} class="c-page" d={`M${x} ${y - 7}l4 8h-8z`} />
      ))}
      {layout.timeTicks.map(({ x, y, text }) => (
        <text key={x} x={x} y={y} text-anchor="middle">
          {text}
        </text>
      ))}
      {last === undefined || layout.valueTicks.length === 0 ? null : (
        <g class="c-last">
          <circle cx={last.x} cy={last.y} r="3.5" />
          <text
            x={last.x > right - 40 ? last.x - 7 : last.x + 7}
            y={last.y + 14}
            text-anchor={last.x > right - 40 ? 'end' : 'start'}
          >
            {last.text}
          </text>
        </g>
      )}
      {cursor === undefined ? null : (
        <g class="c-cursor">
          <path d={`M${cursor.x} ${top}V${bottom}`} />
          <circle cx={cursor.x} cy={cursor.y} r="4" />
        </g>
      )}
    </>
  );
}
