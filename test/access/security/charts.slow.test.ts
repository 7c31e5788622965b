import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect } from 'vitest';
import { openResvg } from '../../../adapters/resvg/index.ts';
import { RasteriserBusyError } from '../../../app/ports/rasteriser.ts';
import { chartPicture } from '../../../core/charts/chart-picture.ts';
import { resvgFiles } from '../../../local/charts/files.ts';
import { chartThread } from '../../../local/charts/start.ts';
import { exampleChart } from '../../charts/example-chart.ts';
import { threat } from './threat.ts';

describe('charts in pages', () => {
  threat('a hostile name in a chart runs code, or loads something from outside', async () => {
    const asked: string[] = [];
    const listener = createServer((request, response) => {
      asked.push(request.url ?? '');
      response.end();
    }).listen(0, '127.0.0.1');
    await once(listener, 'listening');
    const { port } = listener.address() as AddressInfo;
    const outside = `http://127.0.0.1:${port}/x.png`;
    const names = [
      `</text><image href="${outside}" width="9" height="9"/>`,
      `]]><script>fetch('${outside}')</script>`,
      `"><style>@import url(${outside})</style>`,
      '&xxe; <!DOCTYPE svg [<!ENTITY xxe SYSTEM "file:///etc/passwd">]>',
      '\u0000\u001b[2J\ud800\u202e\ufffe',
    ];
    const known = new Set(['svg', 'title', 'style', 'defs', 'pattern', 'g', 'rect', 'path', 'circle', 'text']);
    const draw = await openResvg(resvgFiles());
    for (const name of names) {
      const marks = [{ at: exampleChart().from + 3_600_000, kind: 'deploy' as const, text: name }];
      const svg = chartPicture(exampleChart({ title: name, marks }));
      const tags = [...svg.matchAll(/<([^\s/>]+)((?:\s[^>]*)?)>/g)].filter(([, tag]) => !tag?.startsWith('/'));
      expect(tags.map(([, tag]) => tag).filter((tag) => !known.has(tag ?? ''))).toEqual([]);
      expect(tags.filter(([, tag]) => tag === 'style')).toHaveLength(1);
      const attributes = tags.flatMap(([, , text = '']) => [...text.matchAll(/([\w:-]+)="/g)].map(([, name]) => name));
      expect(attributes.filter((attribute) => /href|src|^on|^style$/i.test(attribute ?? ''))).toEqual([]);
      expect(Buffer.from(draw(svg)).subarray(1, 4).toString()).toBe('PNG');
    }
    // Nor where an SVG did name it.
    draw(`<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><image href="${outside}" width="9" height="9"/></svg>`);
    expect(asked).toEqual([]);
    listener.close();
    await once(listener, 'close');
  });

  threat('a flood of charts delays pages', async () => {
    const { rasteriser, close } = chartThread();
    const svg = chartPicture(exampleChart());
    const drawn = await Promise.allSettled(Array.from({ length: 40 }, () => rasteriser(svg)));
    const refused = drawn.filter((one) => one.status === 'rejected').map(({ reason }) => reason as Error);
    expect(refused).toHaveLength(24);
    for (const reason of refused) expect(reason).toBeInstanceOf(RasteriserBusyError);
    await close();
  });
});
