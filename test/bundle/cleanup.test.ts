import { describe, expect, it, onTestFinished } from 'vitest';
import { type SocketGitHub, startGitHub } from '../github-server/github.ts';
import { defaultContext } from '../runner/context.ts';
import type { StepOptions } from '../runner/step.ts';
import { makeIdentity } from '../support/certificates.ts';
import {
  addStrangers,
  cleanupStep,
  countsOf,
  leave,
  OWN_RUN,
  transcript,
  transcriptOf,
} from '../support/cleanup-stage.ts';
import { startProxy } from '../support/proxy.ts';
import { DELETE, type Stage, setStage } from '../support/stage.ts';
import { startTlsServer } from '../support/tls-server.ts';
import { verdict } from '../support/verdict.ts';
import { changes, told } from '../support/what-happened.ts';

const RUN = 9_900_000_000;

interface ProcessStage extends Stage {
  readonly github: SocketGitHub;
  readonly env: Readonly<Record<string, string>>;
}

/** A vCenter and a GitHub Enterprise Server behind sockets; the runner trusts the certificate of the latter. */
async function setProcessStage(): Promise<ProcessStage> {
  const stage = await setStage();
  const github = await startGitHub({ token: defaultContext.token });
  onTestFinished(() => github.close());
  github.addRun({ id: OWN_RUN, status: 'in_progress', conclusion: null });
  const env = {
    GITHUB_API_URL: github.apiUrl,
    GITHUB_SERVER_URL: `https://localhost:${github.port}`,
    NODE_EXTRA_CA_CERTS: stage.vcenter.caFile, // the two have one CA
  };
  return { ...stage, github, env };
}

function cleanUp(
  stage: ProcessStage,
  inputs: Readonly<Record<string, string>> = {},
  env: Readonly<Record<string, string>> = {},
) {
  return stage.runner.runStep(cleanupStep(stage, inputs, { env: { ...stage.env, ...env } }));
}

/** Look-ups go out side by side, and each has a connection of its own: which one is first there is chance. */
function expectTranscript(stage: Stage, requests: readonly string[]): void {
  expect([...transcript(stage)].sort()).toEqual([...requests].sort());
}

describe('the shipped bundle', () => {
  it("makes a dry run by the metadata's own default: not one request changes anything", async () => {
    const stage = await setProcessStage();
    const strangers = addStrangers(stage);
    const vm = leave(stage, { run: RUN });
    const { 'dry-run': _, ...inputs } = cleanupStep(stage).inputs ?? {};
    const options: StepOptions = { ...cleanupStep(stage), inputs, env: stage.env };
    const step = await stage.runner.runStep(options);
    expectTranscript(stage, transcriptOf());
    expect(countsOf(step)).toEqual({ found: '1', deleted: '0', kept: '0', failed: '0' });
    expect(told(step, 'warning')).toContain('[Dry run] Dry run: Nothing was deleted. VMs that would be: 1.');
    expect(step.summary).toContain('### Dry run: nothing was deleted.');
    expect(verdict({ stage, steps: [step], kept: [vm, ...strangers].map(({ name }) => name) })).toEqual([]);
  });

  it('deletes what runs have left, and nothing else', async () => {
    const stage = await setProcessStage();
    const strangers = addStrangers(stage);
    const dead = leave(stage, { run: RUN });
    const alive = leave(stage, { run: RUN + 1, pullRequest: 13, pullRequestState: 'open' });
    const step = await cleanUp(stage);
    expect(step.errors).toEqual([]);
    expectTranscript(stage, transcriptOf(dead.id));
    expect(changes(stage)).toEqual([`stop ${dead.id}`, `delete ${dead.id}`]);
    expect(stage.github.exchanges.map(({ path }) => path)).not.toContain(
      expect.stringContaining('(outside)'),
    );
    expect(step.summary).toContain(`](https://localhost:${stage.github.port}/octo/shop/pull/12)`);
    expect(verdict({ stage, steps: [step], kept: [alive, ...strangers].map(({ name }) => name) })).toEqual(
      [],
    );
    const written = [step.unmaskedLog, ...Object.values(step.files)].join('\n');
    expect(written).not.toContain(stage.github.token);
    expect(step.masks).toContain(stage.github.token);
  });

  it('reaches both servers through HTTPS_PROXY, and neither token nor password is seen on the way', async () => {
    const stage = await setProcessStage();
    const proxy = await startProxy();
    onTestFinished(() => proxy.close());
    const vm = leave(stage, { run: RUN });
    const step = await cleanUp(stage, {}, { HTTPS_PROXY: proxy.url });
    expect(step.errors).toEqual([]);
    expect(stage.vcenter.vm(vm.id)).toBeUndefined();
    expect(new Set(proxy.connects.map(({ target }) => target))).toEqual(
      new Set([`localhost:${stage.github.port}`, stage.vcenter.server]),
    );
    const bytes = proxy.bytesToServers().toString('latin1');
    expect(bytes).not.toContain(stage.github.token);
  });

  it("trusts GitHub's certificate by what the runner trusts, and not by the inputs that are vCenter's", async () => {
    const stage = await setProcessStage();
    leave(stage, { run: RUN });
    for (const inputs of [{}, { insecure: 'true', 'ca-certificate': '' }]) {
      const step = await cleanUp(stage, inputs, { NODE_EXTRA_CA_CERTS: '' });
      expect(step.errors).toHaveLength(1);
      expect(step.errors[0]).toContain(`The certificate of localhost:${stage.github.port} is not accepted`);
    }
    expect([...stage.github.exchanges, ...stage.vcenter.exchanges]).toEqual([]);
  });

  it('follows no redirect, so that the token goes to GitHub alone', async () => {
    const stage = await setProcessStage();
    const elsewhere = await startTlsServer(makeIdentity({ subject: 'localhost' }));
    const location = `https://localhost:${elsewhere.port}/`;
    stage.github.fault({ kind: 'answer', answer: { status: 307, headers: { location } } });
    const step = await cleanUp(stage);
    expect(step.errors[0]).toContain('(HTTP 307)');
    expect(elsewhere.connections).toBe(0);
    expect(stage.vcenter.exchanges).toEqual([]);
  });

  // On Windows it is a kill.
  const cancelled = it.skipIf(process.platform === 'win32');
  cancelled(
    'begins no deletion after SIGINT (left out on Windows), and finishes the one under way',
    async () => {
      const stage = await setProcessStage();
      stage.vcenter.behaviour.deleteTakes = 500;
      const vms = [0, 1, 2].map((index) => leave(stage, { run: RUN + index, powerState: 'POWERED_OFF' }));
      const deletion = stage.vcenter.on({ operation: DELETE, when: 'received' });
      const running = await stage.runner.startStep(cleanupStep(stage, {}, { env: stage.env }));
      await deletion;
      const step = await running.cancel();
      expect(changes(stage)).toEqual([`delete ${vms[0]?.id}`]);
      expect(countsOf(step)).toEqual({ found: '3', deleted: '1', kept: '0', failed: '0' });
      expect(told(step, 'error')).toContain('[Cancelled] Cancelled: ');
      expect(verdict({ stage, steps: [step], kept: vms.slice(1).map(({ name }) => name) })).toEqual([]);
    },
  );
});
