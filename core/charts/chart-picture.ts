import type { Chart } from './chart.ts';
import { chartSvg } from './chart-svg.ts';
import { lightStyle } from './style.ts';

/** The only font that is there where a picture is drawn; adapters/resvg has it. */
export const pictureFont = 'Inter';

/**
 * A chart as an SVG to be drawn as a picture, for a page on a phone: narrow, and dark on white in
 * both themes, since a picture cannot follow the reader's.
 */
export const chartPicture = (chart: Chart): string =>
  chartSvg(chart, 'narrow', `${lightStyle}svg,text{font-family:${pictureFont};font-size:12px}`);
