import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, errors, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { IncidentDto } from '../../http/api/dto/incident.ts';
import type { NowIncidentDto } from '../../http/api/dto/now.ts';
import { freePort } from '../local/free-port.ts';
import { freshPage, noBrowser, openBrowser } from './browser.ts';

const root = join(import.meta.dirname, '../..');
/** How long the example takes: an incident of a day is open for seconds. */
const seconds = 90;
/** Ends what hangs. Nothing of the story depends on how fast it is told. */
const longest = 900_000;

/**
 * The example's config, but for the port of its model server: another example may be running here.
 */
async function configWithPort(folder: string): Promise<string> {
  const config = join(folder, 'config');
  cpSync(join(root, 'config'), config, { recursive: true });
  const file = join(config, 'rollbacks.yaml');
  const named = readFileSync(file, 'utf8');
  const moved = named.replace('127.0.0.1:4320', `127.0.0.1:${await freePort()}`);
  if (moved === named) throw new Error(`expected ${file} to name the port 4320`);
  writeFileSync(file, moved);
  return config;
}

/** The example as `npm start` runs it, and its address. */
async function startExample(folder: string): Promise<{ child: ChildProcess; url: string; isTold: () => boolean }> {
  const own = ['--config', await configWithPort(folder), '--store', join(folder, 'store.sqlite'), '--port', '0'];
  const args = ['scripts/start.ts', ...own, '--seconds', String(seconds)];
  const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] });
  let out = '';
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout?.on('data', (chunk) => {
      out += chunk;
      const [found] = /http:\/\/127\.0\.0\.1:\d+/.exec(out) ?? [];
      if (found !== undefined) resolve(found);
    });
    child.on('exit', (code) => reject(new Error(`the example ended with ${code}: ${out}`)));
  });
  // On a machine with other work the story takes longer than it was given.
  return { child, url, isTold: () => out.includes('The service goes on') || child.exitCode !== null };
}

/**
 * Acknowledges an open incident. A day passes in a minute, so one may end before it is reached:
 * then the next is taken.
 */
async function acknowledgeOne(page: Page, isTold: () => boolean): Promise<void> {
  const open = page.getByRole('region', { name: 'Open incidents' });
  const now = page.getByRole('link', { name: 'Now', exact: true }).first();
  const committed = page.getByText(/Acknowledged .*committed/);
  while (!isTold()) {
    try {
      await open.getByRole('link').first().click({ timeout: 10_000 });
      const acknowledge = page.getByRole('button', { name: /^Acknowledge/ });
      await acknowledge.first().click({ timeout: 5000 });
      await committed.waitFor({ timeout: 10_000 });
      return;
    } catch (error) {
      if (!(error instanceof errors.TimeoutError)) throw error;
      await now.click();
    }
  }
  throw new Error('no incident of the story could be acknowledged while it was open');
}

describe.skipIf(noBrowser !== undefined)(
  `the example's story in the console${noBrowser === undefined ? '' : ` (${noBrowser})`}`,
  () => {
    const folder = mkdtempSync(join(tmpdir(), 'tocsin-story-'));
    let example: Awaited<ReturnType<typeof startExample>>;
    let browser: Browser;
    beforeAll(async () => {
      example = await startExample(folder);
      browser = await openBrowser();
    });
    afterAll(async () => {
      await browser?.close();
      example?.child.kill('SIGKILL');
      rmSync(folder, { recursive: true, force: true });
    });

    it(
      'opens, is acknowledged, is rolled back and resolves, before the eyes of who watches',
      async () => {
        const { page, faults } = await freshPage(browser);
        await page.goto(`${example.url}/`);
        const headline = page.getByRole('heading', { level: 1 });
        // Nothing is reloaded from here on: what is seen came by itself.
        await headline.filter({ hasText: /warn|critical/ }).waitFor({ timeout: longest });
        await acknowledgeOne(page, example.isTold);

        const incidents = async (): Promise<NowIncidentDto[]> => {
          const answer = await fetch(`${example.url}/api/incidents?status=all&limit=100`);
          return ((await answer.json()) as { incidents: NowIncidentDto[] }).incidents;
        };
        const rolledBack = async (): Promise<NowIncidentDto | undefined> =>
          (await incidents()).find(({ rollback }) => rollback?.to !== undefined && rollback.state !== 'refused');
        let one = await rolledBack();
        while (one === undefined && !example.isTold()) {
          await page.waitForTimeout(200);
          one = await rolledBack();
        }
        if (one === undefined) throw new Error(`the example rolled nothing back: ${JSON.stringify(await incidents())}`);
        await page.goto(`${example.url}/incidents/${one.id}`);
        const rollback = page.getByRole('region', { name: 'Rollback' });
        await rollback
          .getByText(one.rollback?.to ?? '')
          .first()
          .waitFor();
        // What is over can no longer be acknowledged.
        const acknowledge = page.getByRole('button', { name: /^Acknowledge/ });
        await acknowledge.waitFor({ state: 'detached', timeout: longest });
        const { incident } = (await (await fetch(`${example.url}/api/incidents/${one.id}`)).json()) as { incident: IncidentDto };
        expect(incident).toMatchObject({ status: 'resolved', rollback: { state: 'succeeded' } });
        // A browser reports what the service refuses: that an incident ended before it was
        // acknowledged.
        expect(faults.filter((fault) => !fault.includes('status of 409'))).toEqual([]);
      },
      longest,
    );
  },
);
