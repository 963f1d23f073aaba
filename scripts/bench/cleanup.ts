import { type SocketGitHub, startGitHub } from '../../test/github-server/github.ts';
import { defaultContext } from '../../test/runner/context.ts';
import { runStep } from '../../test/runner/step.ts';
import { startVcenter, type Vcenter } from '../../test/simulator/vcenter.ts';
import type { Section } from './section.ts';

const CANDIDATES = 300;
/** As many as vCenter lists of a folder. */
const LISTED = 4_000;
const FOLDER = 'group-v23';
const FIRST_RUN = 9_900_000_001;
/** Milliseconds that GitHub takes for each response, so that what goes out side by side is seen to. */
const LATENCY = 10;
const SECOND = 1_000;

/** Counts what a cleanup asks of GitHub and of vCenter: every candidate has a run and a pull request of its own, and goes. */
export async function measureCleanup(): Promise<Section> {
  const vcenter = await startVcenter();
  const github = await startGitHub({ token: defaultContext.token });
  try {
    fill(vcenter, github);
    const { conclusion, outputs, log, duration } = await runStep({
      action: 'cleanup',
      entry: 'dist',
      inputs: {
        'vcenter-server': vcenter.server,
        username: vcenter.username,
        password: vcenter.password,
        'ca-certificate': vcenter.caFile,
        folder: FOLDER,
        limit: String(CANDIDATES),
        'dry-run': 'false',
      },
      env: {
        GITHUB_API_URL: github.apiUrl,
        NODE_EXTRA_CA_CERTS: vcenter.caFile, // the two have one CA
      },
      hardLimit: 120_000,
    });
    if (conclusion !== 'success' || outputs['deleted'] !== String(CANDIDATES)) {
      throw new Error(`The cleanup that was to be measured has failed:\n${log}`);
    }
    const atOnce = 1 + Math.max(...github.exchanges.map(({ inFlightAtArrival }) => inFlightAtArrival));
    const { size } = vcenter.inventory.datacenters;
    const bound = (value: number) => ({ unit: 'count', bound: { kind: 'at most', value } }) as const;
    return {
      known: 'counted',
      title: `Cleanup of ${CANDIDATES} candidates`,
      figures: [
        {
          name: `cleanup of ${CANDIDATES} candidates in a folder of ${LISTED}: requests to GitHub`,
          value: github.exchanges.length,
          ...bound(1 + CANDIDATES + CANDIDATES + 2 * CANDIDATES),
          detail: `its own run, each run, each pull request, 2 for each deletion; the whole took ${(duration / SECOND).toFixed(1)} s`,
        },
        { name: 'the most of them at once', value: atOnce, ...bound(4) },
        {
          name: 'requests to vCenter meanwhile',
          value: vcenter.exchanges.length,
          ...bound(2 + 2 + size + 1 + 3 * CANDIDATES),
          detail: 'session, logout, 2 look-ups, one for each datacenter, one list, 3 for each deletion',
        },
      ],
      tables: [],
    };
  } finally {
    await github.close();
    await vcenter.close();
  }
}

function fill(vcenter: Vcenter, github: SocketGitHub): void {
  github.behaviour.latency = LATENCY;
  github.addRun({ id: defaultContext.runId, status: 'in_progress', conclusion: null });
  for (let index = 0; index < LISTED; index += 1) {
    const [run, number] = [FIRST_RUN + index, 1 + index];
    const isCandidate = index < CANDIDATES;
    const name = isCandidate ? `shop-pr${number}-e2e-${run}-1-abc123` : `other-${index}`;
    vcenter.addVm({ name, folder: FOLDER, powerState: 'POWERED_ON' });
    if (isCandidate) {
      github.addRun({ id: run });
      github.addPullRequest({ number });
    }
  }
}
