import { readdirSync, readFileSync } from 'node:fs';
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
  const text =
    licenceText(folder) ?? `(The package comes without the text of its licence; it states: ${license}.)`;
  return `${'='.repeat(80)}\n${name} ${version} (${license})\n${'='.repeat(80)}\n\n${text}\n`;
}

/** The licence's own file, or else the last part of the package's README, where some put it. */
function licenceText(folder: string): string | undefined {
  const files = readdirSync(folder);
  const read = (file: string) => readFileSync(join(folder, file), 'utf8').replaceAll('\r\n', '\n').trim();
  const licence = files.find((each) => /^(licen[cs]e|copying)(\.|$)/i.test(each));
  if (licence !== undefined) {
    return read(licence);
  }
  const readme = files.find((each) => /^readme(\.|$)/i.test(each));
  return readme === undefined
    ? undefined
    : /^(?:#+ )?licen[cs]e\n(?:-+\n)?([\s\S]+)$/im.exec(read(readme))?.[1]?.trim();
}
