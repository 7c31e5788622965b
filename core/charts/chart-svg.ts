import type { Chart, ChartVerdict } from './chart.ts';
import { type Layout, layoutOf } from './layout.ts';
import { plotStyle } from './style.ts';
import { xmlText } from './xml-text.ts';

/**
 * `wide`: for a screen. `narrow`: for a phone, which would shrink the texts of a wide one to 4 px.
 */
const sheets = { wide: { width: 960, plotHeight: 260 }, narrow: { width: 400, plotHeight: 220 } };
export type ChartSize = keyof typeof sheets;

/**
 * A chart as SVG that is whole by itself: with its title, its style, and its key. Equal charts give
 * equal text.
 */
export function chartSvg(chart: Chart, size: ChartSize = 'wide', style = plotStyle): string {
  const layout = layoutOf(chart, sheets[size]);
  const { width, height } = layout;
  const key = keyOf[size];
  const [head, foot] = [28, 8 + key.length * 16];
  const whole = height + head + foot;
  const chars = Math.floor(width / 7);
  const title = chart.title.length > chars ? `${chart.title.slice(0, chars - 1)}…` : chart.title;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${whole}" width="${width}" height="${whole}" role="img">`,
    `<title>${xmlText(chart.title)}</title><style>${style}</style>${patterns}`,
    `<text x="6" y="18" font-weight="600">${xmlText(title)}</text>`,
    `<g transform="translate(0 ${head})">`,
    ...bodyOf(layout),
    '</g>',
    ...key.map((line, index) => `<text class="dim" x="6" y="${height + head + 18 + index * 16}">${line}</text>`),
    '</svg>\n',
  ].join('\n');
}

/** Shape first: hatched, solid, dotted. */
const stripLook: Readonly<Record<ChartVerdict, string>> = {
  ok: 'class="ok"',
  warn: 'fill="url(#warn)"',
  critical: 'class="critical"',
  'not judged': 'fill="url(#unjudged)"',
};
const patterns = `<defs><pattern id="warn" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect class="warn" width="6" height="6"/><path class="hatch" d="M0 0V6"/></pattern><pattern id="unjudged" width="5" height="6" patternUnits="userSpaceOnUse"><circle class="unjudged" cx="2" cy="3" r="1.4"/></pattern></defs>`;

const keyOf: Readonly<Record<ChartSize, readonly string[]>> = (() => {
  const lines = 'line: judged, dashed: may still change · ribbon: interval';
  const fields = 'grey dots: baseline · fields: warn, critical · triangle: page';
  const strip = 'strip: grey ok, hatched warn, red critical, dotted not judged';
  return { wide: [`${lines} · ${fields}`, strip], narrow: [lines, fields, strip] };
})();

const path = (name: string, d: string): string[] => (d === '' ? [] : [`<path class="${name}" d="${d}"/>`]);

function bodyOf(layout: Layout): string[] {
  const { plot, strip } = layout;
  const { left, right, top, bottom } = plot;
  return [
    ...layout.fields.flatMap(({ severity, d }) => path(`${severity}-field`, d)),
    ...layout.valueTicks.map(
      ({ y, text }) =>
        `<path class="frame" d="M${left} ${y}H${right}"/><text class="dim" x="${left - 6}" y="${y + 4}" text-anchor="end">${text}</text>`,
    ),
    ...layout.gaps.map(
      ({ x, width }) =>
        `<rect class="gap" x="${x}" y="${top}" width="${width}" height="${bottom - top}"><title>no data</title></rect>`,
    ),
    ...path('interval', layout.interval),
    ...path('baseline', layout.baseline),
    ...layout.bounds.flatMap(({ severity, d }) => path(`${severity}-line`, d)),
    ...path('range', layout.ranges),
    ...path('judged', layout.judged),
    ...path('judged provisional', layout.provisional),
    ...path('first', layout.firsts),
    ...layout.places
      .filter(({ isProvisional }) => isProvisional)
      .map(({ x, y }) => `<circle class="hollow" cx="${x}" cy="${y}" r="2.8"/>`),
    ...lastOf(layout),
    ...layout.labels.map(({ x, y, text }) => `<text class="dim" x="${x}" y="${y + 4}">${xmlText(text)}</text>`),
    ...layout.flags.flatMap((flag) => flagOf(flag, plot)),
    ...strip.spans.map(
      ({ x, width, verdict }) =>
        `<rect ${stripLook[verdict]} x="${x}" y="${strip.y}" width="${width}" height="${strip.height}"/>`,
    ),
    ...layout.pages.map(({ x, y, count }) => {
      const tip = count > 1 ? `<title>${count} pages</title>` : '';
      return `<path class="page" d="M${x} ${y - 7}l4 8h-8z">${tip}</path>`;
    }),
    ...layout.timeTicks.map(
      ({ x, y, text }) => `<text class="dim" x="${x}" y="${y}" text-anchor="middle">${xmlText(text)}</text>`,
    ),
  ];
}

function lastOf({ last, plot }: Layout): string[] {
  if (last === undefined) return [];
  const { x, y, text } = last;
  const isAtEdge = x > plot.right - 40;
  return [
    `<circle class="last" cx="${x}" cy="${y}" r="3.5"/>`,
    `<text class="strong" x="${isAtEdge ? x - 7 : x + 7}" y="${y + 14}" text-anchor="${isAtEdge ? 'end' : 'start'}">${text}</text>`,
  ];
}

function flagOf({ x, level, kind, text, anchor, more }: Layout['flags'][number], { top, bottom }: Layout['plot']): string[] {
  const y = top - 6 - level * 16;
  const sign = kind === 'rollback' ? '◀ ' : kind === 'deploy' ? '▶ ' : '';
  const count = more > 0 ? ` +${more}` : '';
  return [
    `<path class="flag ${kind}" d="M${x} ${y - 8}V${bottom}"/>`,
    `<text class="${kind}-text" x="${anchor === 'start' ? x + 4 : x - 4}" y="${y}" text-anchor="${anchor}">${xmlText(`${sign}${text}${count}`)}</text>`,
  ];
}
