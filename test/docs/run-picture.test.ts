import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { drawRun, makeRun } from '../../scripts/run-picture.ts';

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const picture = read('docs/images/run.svg');

describe('the picture of a run', () => {
  it('shows what the action does today', async () => {
    expect(drawRun(await makeRun())).toBe(picture);
  });

  it('is another one for another run', async () => {
    const run = await makeRun();
    expect(drawRun({ ...run, log: [...run.log, 'One more line.'] })).not.toBe(picture);
    expect(drawRun({ ...run, summary: run.summary.replace('10.20.3.233', '10.20.3.234') })).not.toBe(picture);
  });

  it('is described in README.md with its own times and its own name', () => {
    const readme = read('README.md');
    const described = /!\[([^\]]+)\]\(docs\/images\/run\.svg\)/.exec(readme)?.[1] ?? '';
    const times = described.match(/\d+(?:\.\d+)? (?:min|m?s)\b(?: \d+ s)?/g) ?? [];
    expect(times.length).toBeGreaterThan(1);
    expect(times.filter((time) => !picture.includes(`>${time}<`))).toEqual([]);
    const [name = ''] = /shop-pr12-test-[\w-]+/.exec(readme) ?? [];
    expect(picture).toContain(`<title>Cloned ${name}</title>`);
  });

  it('is small, and stays within its frame', () => {
    expect(picture.length).toBeLessThan(10_000);
    const texts = [...picture.matchAll(/<text x="([\d.]+)" [^>]*>([^<]*)</g)];
    expect(texts.length).toBeGreaterThan(30);
    const ends = texts.map(([, x, text = '']) => Number(x) + 6.3 * text.length);
    expect(Math.max(...ends)).toBeLessThan(880);
  });

  it('shows text as text, whatever is in it', () => {
    const run = { log: ['<a href="x">&'], postLog: [], summary: '| VM | `<b>` |' };
    expect(drawRun(run)).toContain('>&lt;a href="x"&gt;&amp;<');
    expect(drawRun(run)).toContain('>&lt;b&gt;<');
  });

  it('shows Markdown without its marks', () => {
    const run = { log: [], postLog: [], summary: '| **VM** | `a\\|b` of \\_c |\n| --- | --- |' };
    expect(drawRun(run)).toContain('>a|b of _c<');
  });
});
