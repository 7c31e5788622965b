import { render } from 'preact';
import { follow } from './data/live.ts';
import { App } from './frame/app.tsx';
import { listenForKeys } from './frame/keys.ts';
import { screenAt } from './frame/screens.ts';
import { startWorker } from './frame/start-worker.ts';
import { isReady, takeOver } from './frame/take-over.ts';

// Where the console has no screen, the page of the server stays as it is.
const screen = screenAt(location.pathname);
if (screen !== undefined) {
  const root = document.createElement('div');
  root.id = 'console';
  root.hidden = true;
  document.body.append(root);
  follow();
  listenForKeys();
  takeOver(root);
  // The page has named what the screen needs. Drawn with it, the frame is drawn once; without it,
  // it says what failed.
  const isThere = await screen.view.preload().then(
    () => true,
    () => false,
  );
  render(<App />, root);
  if (isThere) isReady.value = true;
  startWorker();
}
