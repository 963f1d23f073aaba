import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface LicenceOptions {
  readonly root: string;
  /** Folders of packages below the root: `node_modules/undici`. */
  readonly packages: readonly string[];
}

/** The licences of bundled packages, in one text: name, version, licence, and the licence's own text. */
export function licenceList({ root, packages }: LicenceOptions): string {
  const sections = packages.map((folder) => section(join(root, folder)));
  return `The bundles in this folder contain the following packages.\n\n${[...new Set(sections)].sort().join('\n')}`;
}

function section(folder: string): string {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    name: string;
    version: string;
    license: string;
  };
  const file = readdirSync(folder).find((each) => /^(licen[cs]e|copying)(\.|$)/i.test(each));
  const text =
    file !== undefined && existsSync(join(folder, file))
      ? readFileSync(join(folder, file), 'utf8').replaceAll('\r\n', '\n').trim()
      : `(The package comes without the text of its licence; it states: ${license}.)`;
  return `${'='.repeat(80)}\n${name} ${version} (${license})\n${'='.repeat(80)}\n\n${text}\n`;
}
