import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { pageBody } from '../../adapters/webhook/format.ts';
import { signBody } from '../../core/access/signing/sign.ts';
import { asChangeId } from '../../core/vocabulary/ids.ts';
import { exampleHeld, examplePage } from '../contract/example-page.ts';

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const blocks = (language: string) =>
  [...read('docs/webhooks.md').matchAll(new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``, 'g'))].map(
    (match) => match[1] ?? '',
  );

describe('docs/webhooks.md', () => {
  it('shows a check of the signature that works as it stands', async () => {
    const url = `data:text/javascript,${encodeURIComponent(blocks('js')[0] ?? '')}`;
    const { fromTocsin } = (await import(/* @vite-ignore */ url)) as {
      fromTocsin: (header: string, body: string, secret: string, now: number) => boolean;
    };
    const header = signBody('hush', 1000, '{"ä":1}');
    expect(fromTocsin(header, '{"ä":1}', 'hush', 1200)).toBe(true);
    expect(fromTocsin(`${header},v1=00`, '{"ä":1}', 'hush', 1200)).toBe(true);
    expect(fromTocsin(header, '{"ä":2}', 'hush', 1200)).toBe(false);
    expect(fromTocsin(header, '{"ä":1}', 'other', 1200)).toBe(false);
    expect(fromTocsin(header, '{"ä":1}', 'hush', 1301)).toBe(false);
    expect(fromTocsin('nonsense', '', 'hush', 1000)).toBe(false);
  });

  it('shows a page with the fields that a page has', () => {
    const shown = JSON.parse(blocks('json')[0] ?? '') as object;
    const sent = JSON.parse(
      JSON.stringify(
        pageBody(
          examplePage({
            acknowledgeUrl: 'https://tocsin.example.com/a/TOKEN',
            chart: { url: 'https://tocsin.example.com/c/TOKEN.png', alt: 'x', isPublic: true },
            held: [exampleHeld()],
            whatChanged: [{ id: asChangeId('chg-1'), at: 0, kind: 'deploy', text: 'x' }],
          }),
          'k',
        ),
      ),
    ) as object;
    const fields = (value: unknown): unknown =>
      Array.isArray(value)
        ? value.map(fields)
        : typeof value === 'object' && value !== null
          ? Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, fields(inner)]))
          : typeof value;
    expect(fields(shown)).toEqual(fields(sent));
  });
});

describe('slack/manifest.yaml', () => {
  it('asks for no more than it needs, and leads to the two Slack routes of one address', () => {
    const manifest = parse(read('slack/manifest.yaml'));
    expect(manifest.oauth_config.scopes.bot).toEqual(['chat:write', 'commands']);
    expect(manifest.features.slash_commands).toMatchObject([
      { command: '/tocsin', url: 'https://tocsin.example.com/slack/commands' },
    ]);
    expect(manifest.settings.interactivity).toEqual({
      is_enabled: true,
      request_url: 'https://tocsin.example.com/slack/interactions',
    });
  });
});
