/**
 * Prints the section of CHANGELOG.md that belongs to a release tag, such as `v1.0.0`. Fails where the tag, the package's
 * version and the changelog disagree.
 */
import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');

/** @throws Error where the changelog has no text for that version. */
export function releaseNotes({
  changelog,
  version,
}: {
  readonly changelog: string;
  readonly version: string;
}): string {
  const sections = changelog.split(/^## /m).slice(1);
  const section = sections.find((each) => each.startsWith(`[${version}]`));
  const [, ...lines] = section?.split('\n') ?? [];
  const notes = lines
    .filter((line) => !/^\[[^\]]+\]: /.test(line))
    .join('\n')
    .trim();
  if (notes === '') {
    throw new Error(`CHANGELOG.md says nothing about ${version}.`);
  }
  return notes;
}

if (import.meta.main) {
  const [tag = ''] = process.argv.slice(2);
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  if (tag !== `v${version}`) {
    throw new Error(`The tag is '${tag}', and package.json says ${version}.`);
  }
  const changelog = readFileSync(join(root, 'CHANGELOG.md'), 'utf8');
  const [, date = ''] = changelog.split(`## [${version}] - `);
  if (!/^\d{4}-\d\d-\d\d\n/.test(date)) {
    throw new Error(`CHANGELOG.md gives ${version} no date.`);
  }
  console.log(releaseNotes({ changelog, version }));
}
