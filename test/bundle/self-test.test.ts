import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { type LocalJob, runLocalJob } from '../support/local-job.ts';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

describe('the self-test of ci.yml, run on the fake runner', () => {
  let job: LocalJob;

  beforeAll(async () => {
    job = await runLocalJob({ root, workflow: '.github/workflows/ci.yml', job: 'self-test' });
  }, 60_000);

  const titleOf = (id: string) =>
    job.steps
      .find(({ step }) => step.id === id)
      ?.result?.annotations.filter(({ level }) => level === 'error')
      .map(({ title }) => title);

  it('succeeds', () => {
    const failed = job.steps.filter(
      ({ outcome, step }) => outcome === 'failure' && step['continue-on-error'] !== true,
    );
    expect(failed.map(({ log }) => log)).toEqual([]);
    expect(job.conclusion).toBe('success');
  });

  it.each([
    ['bad-inputs', 'Invalid inputs'],
    ['certificate-not-trusted', 'Certificate not trusted'],
    ['wrong-password', 'Login refused'],
    ['template', 'The clone would fail'],
    ['too-slow', 'The clone took too long'],
  ])('fails the step %s with the one error "%s"', (id, title) => {
    expect(titleOf(id)).toEqual([title]);
  });

  it('ends every post step without a warning', () => {
    expect(job.posts).toHaveLength(8);
    expect(job.posts.flatMap(({ exitCode, warnings }) => [exitCode, ...warnings])).toEqual(Array(8).fill(0));
  });
});
