import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { readSection } from '../../scripts/marked-section.ts';
import { makeSample, withoutTimes } from '../../scripts/summary-sample.ts';

it('README.md shows the summaries that the action writes', async () => {
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
  const sample = readSection({ text: readme, name: 'summary-sample' });
  expect(withoutTimes(sample)).toBe(withoutTimes(await makeSample()));
});
