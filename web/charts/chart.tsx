import { useEffect, useId, useMemo, useRef, useState } from 'preact/hooks';
import type { Chart } from '../../core/charts/chart.ts';
import { type Layout, layoutOf } from '../../core/charts/layout.ts';
import type { TimeTick } from '../../core/charts/ticks.ts';
import { pointSentence } from '../../core/charts/words.ts';
import { dayText, timeText, zoneName } from '../frame/zone.ts';
import { CopyButton } from '../parts/copy-button.tsx';
import { ChartBody } from './chart-body.tsx';
import { chartCsv } from './chart-data.ts';
import { ChartKey } from './chart-key.tsx';
import { ChartMarks } from './chart-marks.tsx';
import { ChartTable } from './chart-table.tsx';

const tickText = ({ at, isDay }: TimeTick): string =>
  isDay && zoneName() === 'UTC' ? dayText(at) : timeText(at, at, zoneName());

/** Times in sentences about charts: those of the axis. */
export const chartTimeText = ({ at, isDay }: TimeTick): string => (isDay ? dayText(at) : timeText(at, at, zoneName()));

/** The width that the chart has, so that its texts keep their size. */
function useWidth() {
  const box = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(720);
  useEffect(() => {
    const { current } = box;
    if (current === null) return undefined;
    const measure = (): void => setWidth(Math.max(280, Math.floor(current.clientWidth)));
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(current);
    return () => observer.disconnect();
  }, []);
  return { box, width };
}

/**
 * A chart with its sentence, a cursor that arrow keys and the pointer move, its points as a table
 * and as CSV. `image`: an address of the same chart as a picture, for copying. `linksTime`: the
 * screen's address may say `from` and `to`, so that a link shows the same time to whoever opens it
 * later.
 */
export function ChartFigure(props: { chart: Chart; sentence: string; height?: number; image?: string; linksTime?: boolean }) {
  const { chart, sentence, height = 220, image, linksTime = false } = props;
  const { box, width } = useWidth();
  const zoneNow = zoneName();
  const layout = useMemo(
    () => layoutOf(chart, { width, plotHeight: width < 560 ? Math.min(height, 180) : height, timeText: tickText }),
    [chart, width, height, zoneNow],
  );
  const summary = useId();
  const { place, onKey, onPointer, leave } = useCursor(layout);
  const shown = place === undefined ? undefined : layout.places[place];
  const point = shown === undefined ? undefined : chart.points[shown.index];
  const read = point === undefined ? sentence : pointSentence(point, chart, chartTimeText);
  return (
    <figure class="chart" aria-labelledby={summary}>
      {/* A slider over points: arrow keys move it, and what it stands on is read. */}
      <div
        ref={box}
        class="chart-box"
        role="slider"
        tabIndex={0}
        aria-label={`${chart.title}, point by point`}
        aria-describedby={summary}
        aria-valuemin={0}
        aria-valuemax={Math.max(0, layout.places.length - 1)}
        aria-valuenow={place ?? Math.max(0, layout.places.length - 1)}
        aria-valuetext={read}
        onKeyDown={onKey}
        onPointerMove={onPointer}
        onPointerLeave={leave}
        onBlur={leave}
      >
        <svg viewBox={`0 0 ${layout.width} ${layout.height}`} width={layout.width} height={layout.height} aria-hidden="true">
          <ChartBody layout={layout} cursor={shown} />
        </svg>
      </div>
      <figcaption>
        <p class="chart-sum" id={summary}>
          {sentence}
        </p>
        <p class="chart-read small dim" aria-hidden="true">
          {point === undefined ? '\u00a0' : read}
        </p>
        <ChartKey chart={chart} />
        <ChartMarks chart={chart} timeText={chartTimeText} />
      </figcaption>
      <ChartTable chart={chart} />
      <CopyButtons chart={chart} linksTime={linksTime} {...(image === undefined ? {} : { image })} />
    </figure>
  );
}

function useCursor(layout: Layout) {
  const [place, setPlace] = useState<number>();
  const last = layout.places.length - 1;
  const moves: Readonly<Record<string, (at: number) => number>> = {
    ArrowLeft: (at) => at - 1,
    ArrowDown: (at) => at - 1,
    ArrowRight: (at) => at + 1,
    ArrowUp: (at) => at + 1,
    PageUp: (at) => at + 10,
    PageDown: (at) => at - 10,
    Home: () => 0,
    End: () => last,
  };
  const onKey = (event: KeyboardEvent): void => {
    const move = moves[event.key];
    if (event.key === 'Escape') setPlace(undefined);
    if (move === undefined || last < 0) return;
    event.preventDefault();
    // The first arrow reads the last point, which is where it stands; Home goes to the first at
    // once.
    const isFirst = (at: number | undefined): at is undefined => at === undefined && event.key.startsWith('Arrow');
    setPlace((at) => Math.max(0, Math.min(last, isFirst(at) ? last : move(at ?? last))));
  };
  const onPointer = (event: PointerEvent): void => {
    const rect = (event.currentTarget as HTMLElement).getBoundingClientRect();
    const x = event.clientX - rect.left;
    let nearest: number | undefined;
    for (const [index, one] of layout.places.entries())
      if (nearest === undefined || Math.abs(one.x - x) < Math.abs((layout.places[nearest]?.x ?? 0) - x)) nearest = index;
    setPlace(nearest);
  };
  return { place: place === undefined || place > last ? undefined : place, onKey, onPointer, leave: () => setPlace(undefined) };
}

function CopyButtons({ chart, linksTime, image }: { chart: Chart; linksTime: boolean; image?: string }) {
  return (
    <p class="row small no-print">
      <CopyButton what="CSV" text={() => chartCsv(chart)}>
        Copy as CSV
      </CopyButton>
      {image === undefined ? null : (
        <CopyButton what="Image" text={() => () => copyImage(image)}>
          Copy as image
        </CopyButton>
      )}
      {linksTime ? (
        <CopyButton what="Link" text={() => linkTo(chart)}>
          Copy link to this time
        </CopyButton>
      ) : null}
    </p>
  );
}

/** The address of the screen, with the time of the chart in place of a range that moves. */
function linkTo({ from, to }: Chart): string {
  const address = new URL(location.href);
  address.searchParams.delete('range');
  address.searchParams.set('from', new Date(from).toISOString());
  address.searchParams.set('to', new Date(to).toISOString());
  return address.href;
}

/** Twice as large, so that it is sharp where it is pasted. */
async function copyImage(address: string): Promise<void> {
  const picture = new Image();
  picture.src = address;
  await picture.decode();
  const canvas = document.createElement('canvas');
  canvas.width = picture.naturalWidth * 2;
  canvas.height = picture.naturalHeight * 2;
  canvas.getContext('2d')?.drawImage(picture, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, 'image/png'));
  if (blob === null) throw new Error('no picture');
  await navigator.clipboard.write([new ClipboardItem({ 'image/png': blob })]);
}
