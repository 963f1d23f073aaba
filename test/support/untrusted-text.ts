import { expect } from 'vitest';
import type { StepResult } from '../runner/step.ts';
import { parseWorkflowCommand } from '../runner/workflow-commands.ts';
import type { Stage } from './stage.ts';

/** Everything that the runner, a terminal or GitHub's Markdown may take for more than text. */
export const HOSTILE = [
  '::set-output name=vm-id::vm-666',
  '\n::set-output name=planted::1',
  '\r\n  ::add-mask::vm-',
  '\n::stop-commands::token',
  '\u2028::save-state name=clone::{}',
  '\u0085::error::planted',
  '##[error]planted',
  '##[add-mask]vm-',
  '##\u200b[set-env name=PATH]/tmp',
  '%0A::add-path::/tmp',
  '\nvm-id<<ghadelimiter_x\nvm-666\nghadelimiter_x\n',
  '\u001b[31m\u001b]8;;https://evil.example\u0007',
  '<img src=x onerror=alert(1)><!-- ',
  '\n# [planted](https://evil.example) @octocat | ` ``` | **x**',
  '\u202e\u0000',
].join('');

/** The same as far as it fits into a line of HTTP. */
export const HOSTILE_LINE =
  '::set-output name=planted::1 ##[error]planted <img src=x> [x](https://evil.example) @octocat';

/** The workflow commands that this action gives. */
const OURS = ['add-mask', 'debug', 'error', 'warning', 'notice', 'group', 'endgroup'];

/** Nothing but our own commands, masks, outputs and state has reached the runner; the rest is printable text. */
export function expectOnlyOurs({
  stage,
  steps,
  outputs,
}: {
  readonly stage: Stage;
  readonly steps: readonly StepResult[];
  readonly outputs: readonly string[];
}): void {
  const secrets = [...stage.vcenter.secrets(), HOSTILE, HOSTILE_LINE]; // the last two where they are session ids
  for (const step of steps) {
    const commands = step.raw
      .split(/\r\n|\r|\n/)
      .map((line) => parseWorkflowCommand(line))
      .filter((command) => command !== undefined);
    const names = new Set(commands.map(({ name, form }) => `${form} ${name}`));
    expect([...names].filter((name) => !OURS.some((our) => name === `colons ${our}`))).toEqual([]);
    const groups = commands.filter(({ name }) => name === 'group').map(({ message }) => message);
    expect(groups.filter((title) => !title.startsWith("CloneSpec of '"))).toEqual([]);
    expect(step.illegal).toEqual([]);
    expect(step.masks.filter((mask) => !secrets.includes(mask) && !isBasic(mask, stage))).toEqual([]);
    expect(Object.keys(step.outputs).filter((name) => !outputs.includes(name))).toEqual([]);
    expect(Object.keys(step.state).filter((name) => name !== 'clone')).toEqual([]);
    expect([step.exportedEnv, step.exportedPath, step.leftFiles]).toEqual([{}, [], []]);
    for (const annotation of step.annotations) {
      expect(annotation.title).not.toMatch(/planted|vm-666/);
    }
    const log = step.raw.replace(/^::add-mask::[^\n]*/gm, '').replaceAll('\n', '');
    expect(log).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}\u200b\u202e]/u);
    expectHarmlessMarkdown(step.summary);
  }
}

/** user:password, as a login sends it. */
function isBasic(mask: string, { vcenter }: Stage): boolean {
  return mask === Buffer.from(`${vcenter.username}:${vcenter.password}`).toString('base64');
}

const OUR_LINK =
  /^\[What to do\]\(https:\/\/github\.com\/octo\/vcenter-clone-vm\/blob\/v1\/TROUBLESHOOTING\.md#[a-z-]+\)$/m;

/** Outside of code, nothing but our own link is HTML, a link or a mention; and no line is a command. */
function expectHarmlessMarkdown(markdown: string): void {
  const withoutCode = markdown
    .replace(/^(`{3,}).*?^\1$/gms, '')
    .replace(/(`+)(?!`).*?(?<!`)\1(?!`)/g, '')
    .replace(OUR_LINK, '');
  expect(withoutCode).not.toMatch(/(?<!\\)<(?:[a-z/!?])/i);
  expect(withoutCode).not.toMatch(/(?<!\\)\]\(/);
  expect(withoutCode).not.toMatch(/@octocat/);
  expect(withoutCode).not.toMatch(/^#+ planted/m);
  expect(markdown).not.toContain('##[');
  expect(markdown).not.toMatch(/^\s*::/m);
  expect(markdown).not.toContain('\u001b');
}
