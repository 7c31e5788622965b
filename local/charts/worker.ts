/** The thread that draws charts: whoever looks at one must not delay a page. */
import { parentPort } from 'node:worker_threads';
import { openResvg } from '../../adapters/resvg/index.ts';
import { resvgFiles } from './files.ts';
import type { Asked, Told } from './messages.ts';

const main = parentPort;
if (main === null) throw new Error('this is a worker');
const draw = openResvg(resvgFiles());

main.on('message', async ({ id, svg }: Asked) => {
  let told: Told;
  try {
    told = { id, png: (await draw)(svg) };
  } catch (error) {
    told = { id, error: error instanceof Error ? error.message : String(error) };
  }
  main.postMessage(told);
});
