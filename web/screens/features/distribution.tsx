import { formatPercent } from '../../../core/vocabulary/format.ts';
import type { FeatureDto, FeaturePictureDto } from '../../../http/api/dto/feature.ts';
import { outlineOf, type Plot, plotsOf, shareRows } from './bars.ts';

/** Both distributions over each other: what was in grey, what is as a line. */
export function Distribution({ feature, large = false }: { feature: FeatureDto; large?: boolean }) {
  const { picture, pictureText, verdict } = feature;
  if (picture === undefined) return <p class="dim small">{verdict.reason}</p>;
  const isBad = verdict.status === 'critical' || verdict.status === 'warn';
  return (
    <figure class={`distribution ${large ? 'large' : ''} ${isBad ? verdict.status : ''}`}>
      {picture.kind === 'numbers' ? (
        <Numbers picture={picture} text={pictureText} />
      ) : (
        <Categories picture={picture} large={large} />
      )}
      <figcaption class={large ? 'dim small' : 'vh'}>{pictureText}</figcaption>
      {large ? <AsTable picture={picture} /> : null}
    </figure>
  );
}

function Numbers({ picture, text }: { picture: Extract<FeaturePictureDto, { kind: 'numbers' }>; text: string }) {
  return (
    <div class="plots" role="img" aria-label={text}>
      {plotsOf(picture).map((plot, index) => (
        <PlotDrawing key={index === 0 ? 'first' : 'second'} plot={plot} />
      ))}
    </div>
  );
}

const PlotDrawing = ({ plot }: { plot: Plot }) => (
  <div class="plot">
    <svg viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true">
      {plot.baseline.map(({ x, width, height }) => (
        <rect
          key={x}
          class="was"
          x={(x + width * 0.04).toFixed(2)}
          width={(width * 0.92).toFixed(2)}
          y={(100 - height).toFixed(2)}
          height={height.toFixed(2)}
        />
      ))}
      {plot.current.length === 0 ? null : <path class="is" d={outlineOf(plot.current)} vector-effect="non-scaling-stroke" />}
      <path class="axis" d="M0 100H100" vector-effect="non-scaling-stroke" />
    </svg>
    <p class="ticks" aria-hidden="true">
      {plot.ticks.map((tick, index) => (
        <span key={`${index} ${tick}`}>{tick}</span>
      ))}
    </p>
  </div>
);

const fewCategories = 4;

function Categories({ picture, large }: { picture: FeaturePictureDto; large: boolean }) {
  const rows = shareRows(picture);
  const shown = large ? rows : rows.slice(0, fewCategories);
  const rest = rows.length - shown.length;
  const longest = Math.max(0.01, ...rows.flatMap(({ baseline = 0, current = 0 }) => [baseline, current]));
  const widthOf = (share: number): string => ((100 * share) / longest).toFixed(2);
  return (
    <ul class="categories">
      {shown.map(({ name, baseline = 0, current = 0 }) => (
        <li key={name}>
          <span class="name">{name}</span>
          <svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
            <rect class="was" x="0" y="0.5" height="4" width={widthOf(baseline)} />
            <rect class="is" x="0" y="5.5" height="4" width={widthOf(current)} />
          </svg>
          <span class="shares">
            <span class="vh">before </span>
            {formatPercent(baseline)} → <span class="vh">now </span>
            {formatPercent(current)}
          </span>
        </li>
      ))}
      {rest === 0 ? null : <li class="dim3">{rest} more</li>}
    </ul>
  );
}

const shareText = (share: number | undefined): string => (share === undefined ? '–' : formatPercent(share));

const AsTable = ({ picture }: { picture: FeaturePictureDto }) => (
  <details class="no-print">
    <summary>Show as table</summary>
    {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard. */}
    <div class="scroll" tabIndex={0} role="region" aria-label="Shares of values">
      <table>
        <thead>
          <tr>
            <th scope="col">Values</th>
            <th scope="col" class="num">
              Before
            </th>
            <th scope="col" class="num">
              Now
            </th>
          </tr>
        </thead>
        <tbody>
          {shareRows(picture).map(({ name, baseline, current }) => (
            <tr key={name}>
              <td>{name}</td>
              <td class="num">{shareText(baseline)}</td>
              <td class="num">{shareText(current)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  </details>
);
