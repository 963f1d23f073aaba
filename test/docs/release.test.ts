import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';

interface Step {
  readonly name?: string;
  readonly run?: string;
  readonly env?: Readonly<Record<string, string>>;
}

const root = fileURLToPath(new URL('../..', import.meta.url));
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const { jobs } = parse(read('.github/workflows/release.yml')) as {
  readonly jobs: Readonly<Record<string, { readonly steps?: readonly Step[] }>>;
};
const steps = (jobs['publish']?.steps ?? []).filter(({ run }) => run !== undefined);

/** Says what it is called with, and knows a release once it has made it. It is called in the clone. */
const GH = `#!/usr/bin/env bash
echo "$*" >> ../gh.log
case "$1 $2" in
  'attestation verify') [ ! -f ../tampered ] ;;
  'release view') [ -f "../release-$3" ] ;;
  'release create') touch "../release-$3" ;;
esac
`;

let folder: string;
let clone: string;

function git(...args: readonly string[]): string {
  return execFileSync('git', args, { cwd: clone, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
}

/** Commits that version, and tags it. */
function tag(version: string): void {
  writeFileSync(join(clone, 'package.json'), JSON.stringify({ version, type: 'module' }));
  writeFileSync(
    join(clone, 'CHANGELOG.md'),
    `# Changelog\n\n## [${version}] - 2026-11-26\n\nNews of ${version}.\n`,
  );
  git('add', '--all');
  git('commit', '--message', version);
  git('tag', `v${version}`);
  git('push', 'origin', `v${version}`);
}

/** Runs the commands of the job `publish` for that tag. @returns the name of the step that failed, if one did. */
function publish(name: string): string | undefined {
  git('checkout', name);
  const values: Readonly<Record<string, string>> = {
    'github.token': 'ghs_token',
    "contains(github.ref_name, '-')": String(name.includes('-')),
  };
  const evaluate = (text: string) =>
    text.replaceAll(/\$\{\{ (.+?) \}\}/g, (_, expression: string) => {
      expect(values).toHaveProperty([expression]);
      return values[expression] ?? '';
    });
  const env = {
    ...process.env,
    PATH: [folder, process.env['PATH']].join(delimiter),
    GITHUB_REPOSITORY: 'acme/vcenter-clone-vm',
    GITHUB_REF_NAME: name,
    GITHUB_REF: `refs/tags/${name}`,
    GITHUB_SHA: git('rev-parse', 'HEAD').trim(),
    RUNNER_TEMP: folder,
  };
  return steps.find((step) => {
    const own = Object.entries(step.env ?? {}).map(([variable, text]) => [variable, evaluate(text)]);
    return (
      spawnSync('bash', ['-e', '-c', step.run ?? ''], {
        cwd: clone,
        env: { ...env, ...Object.fromEntries(own) },
      }).status !== 0
    );
  })?.name;
}

const called = () =>
  existsSync(join(folder, 'gh.log')) ? readFileSync(join(folder, 'gh.log'), 'utf8').trim().split('\n') : [];
const releases = () => called().filter((line) => line.startsWith('release create'));
/** Which version the major tag is at, on the server. */
function major(): string {
  const [commit = ''] = git('ls-remote', 'origin', 'refs/tags/v1').split('\t');
  return commit === '' ? 'none' : git('log', '-1', '--format=%s', commit).trim();
}

describe.skipIf(process.platform === 'win32')(
  'the release workflow (left out on Windows: it runs on Linux)',
  () => {
    beforeEach(() => {
      folder = mkdtempSync(join(tmpdir(), 'release-'));
      clone = join(folder, 'clone');
      writeFileSync(join(folder, 'gh'), GH, { mode: 0o755 });
      execFileSync('git', ['init', '--bare', '--quiet', join(folder, 'server.git')]);
      execFileSync('git', ['clone', '--quiet', join(folder, 'server.git'), clone], { stdio: 'ignore' });
      git('config', 'user.name', 'Maintainer');
      git('config', 'user.email', 'maintainer@example.test');
      mkdirSync(join(clone, 'dist/bundle'), { recursive: true });
      writeFileSync(join(clone, 'dist/bundle/index.js'), '');
      mkdirSync(join(clone, 'scripts'));
      writeFileSync(join(clone, 'scripts/release-notes.ts'), read('scripts/release-notes.ts'));
    });

    afterEach(() => {
      rmSync(folder, { recursive: true, force: true });
    });

    it('checks the provenance, makes the release with its notes, and moves the major tag', () => {
      tag('1.1.0');
      expect(publish('v1.1.0')).toBeUndefined();
      expect(called()).toEqual([
        'attestation verify dist/bundle/index.js --repo acme/vcenter-clone-vm --source-ref refs/tags/v1.1.0 --signer-workflow acme/vcenter-clone-vm/.github/workflows/release.yml --deny-self-hosted-runners',
        'release view v1.1.0 --json url',
        `release create v1.1.0 --verify-tag --title v1.1.0 --notes-file ${folder}/notes.md --prerelease=false`,
      ]);
      expect(readFileSync(join(folder, 'notes.md'), 'utf8')).toBe('News of 1.1.0.\n');
      expect(major()).toBe('1.1.0');
    });

    it('publishes nothing that was not built there', () => {
      tag('1.1.0');
      writeFileSync(join(folder, 'tampered'), '');
      expect(publish('v1.1.0')).toBe('Check the provenance of dist/');
      expect(releases()).toEqual([]);
      expect(major()).toBe('none');
    });

    it('publishes nothing whose version is not that of the tag', () => {
      tag('1.1.0');
      git('tag', 'v1.2.0');
      expect(publish('v1.2.0')).toBe('Write the release notes');
      expect(called()).toEqual([]);
    });

    it('leaves the major tag where it is for a candidate, and for a fix of an older version', () => {
      tag('1.1.0');
      publish('v1.1.0');
      tag('1.2.0-rc.1');
      expect(publish('v1.2.0-rc.1')).toBeUndefined();
      tag('1.0.1');
      expect(publish('v1.0.1')).toBeUndefined();
      expect(releases().map((line) => line.replace(/ --.* /, ' '))).toEqual([
        'release create v1.1.0 --prerelease=false',
        'release create v1.2.0-rc.1 --prerelease=true',
        'release create v1.0.1 --prerelease=false',
      ]);
      expect(major()).toBe('1.1.0');
      tag('1.10.0');
      publish('v1.10.0');
      expect(major()).toBe('1.10.0');
    });

    it('does the rest where an earlier attempt has made the release', () => {
      tag('1.1.0');
      writeFileSync(join(folder, 'release-v1.1.0'), '');
      expect(publish('v1.1.0')).toBeUndefined();
      expect(releases()).toEqual([]);
      expect(major()).toBe('1.1.0');
    });
  },
);
