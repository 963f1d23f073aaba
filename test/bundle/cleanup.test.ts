import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type SocketGitHub, startGitHub } from '../github-server/github.ts';
import { defaultContext } from '../runner/context.ts';
import type { StepResult } from '../runner/step.ts';
import { leave, OWN_RUN, touched } from '../support/cleanup-stage.ts';
import { FOLDER, type Stage, setStage } from '../support/stage.ts';

interface BundleStage extends Stage {
  readonly github: SocketGitHub;
  cleanUp(inputs?: Readonly<Record<string, string>>): Promise<StepResult>;
}

/** The shipped bundle between a vCenter and a GitHub Enterprise Server, each with a certificate of its own CA. */
async function setBundleStage(): Promise<BundleStage> {
  const stage = await setStage();
  const github = await startGitHub({ token: defaultContext.token });
  onTestFinished(() => github.close());
  github.addRun({ id: OWN_RUN, status: 'in_progress', conclusion: null, event: 'schedule' });
  const caFile = join(tmpdir(), `github-ca-${github.port}.pem`);
  writeFileSync(caFile, github.caPem);
  const cleanUp = (inputs: Readonly<Record<string, string>> = {}) =>
    stage.runner.runStep({
      action: 'cleanup',
      context: { event: { name: 'schedule' }, job: 'cleanup' },
      env: { GITHUB_API_URL: github.apiUrl, NODE_EXTRA_CA_CERTS: caFile },
      inputs: { ...stage.connection, folder: FOLDER, ...inputs },
    });
  return { ...stage, github, cleanUp };
}

describe('cleanup, on the shipped bundle', () => {
  it('with no more than a folder changes nothing, and says so loudly', async () => {
    const stage = await setBundleStage();
    const dead = leave(stage, { run: 9_900_000_001 });
    const step = await stage.cleanUp();
    expect(step.errors).toEqual([]);
    expect(step.outputs).toMatchObject({ found: '1', deleted: '0' });
    expect(step.warnings.join()).toMatch(/^Dry run: /);
    expect(step.summary).toContain('Dry run');
    expect(touched(stage)).toEqual([]);
    expect(stage.vcenter.vm(dead.id)).toBeDefined();
    expect(
      stage.vcenter.exchanges.filter(({ method, path }) => method !== 'GET' && path !== '/api/session'),
    ).toEqual([]);
  });

  it('deletes what an earlier run has left, and shows token and password nowhere', async () => {
    const stage = await setBundleStage();
    const dead = leave(stage, { run: 9_900_000_001 });
    const alive = leave(stage, { run: 9_900_000_002, pullRequest: 13, pullRequestState: 'open' });
    const step = await stage.cleanUp({ 'dry-run': 'false' });
    expect(step.errors).toEqual([]);
    expect(step.outputs).toMatchObject({ found: '1', deleted: '1', kept: '1', failed: '0' });
    expect(touched(stage)).toEqual([`stop ${dead.id}`, `delete ${dead.id}`]);
    expect(stage.vcenter.vm(alive.id)).toBeDefined();
    const seen = [
      step.log,
      step.summary,
      JSON.stringify([step.outputs, step.state, step.annotations]),
    ].join();
    expect(seen).not.toContain(defaultContext.token);
    expect(seen).not.toContain(stage.vcenter.password);
    expect(stage.vcenter.sessions()).toMatchObject({ open: 0 });
  });

  it('asks vCenter nothing where GitHub does not confirm its own run, and follows no redirect with its token', async () => {
    const stage = await setBundleStage();
    const other = await startGitHub({ token: defaultContext.token });
    onTestFinished(() => other.close());
    stage.github.fault({
      kind: 'answer',
      answer: {
        status: 302,
        headers: { location: `${other.apiUrl}/repos/octo/shop/actions/runs/${OWN_RUN}` },
      },
    });
    const step = await stage.cleanUp({ 'dry-run': 'false' });
    expect(step.errors).toHaveLength(1);
    expect(step.errors[0]).toMatch(/^No clear response from GitHub: /);
    expect(other.exchanges).toEqual([]);
    expect(stage.vcenter.exchanges).toEqual([]);
  });
});
