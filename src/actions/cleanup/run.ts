import { createGitHubApi } from '../../github/api.ts';
import { type CleanupInputs, readCleanupInputs } from '../../github/cleanup-inputs.ts';
import { cleanupSummary } from '../../github/cleanup-summary.ts';
import { cleanupOutputs, setOutputs, tryOutput } from '../../github/outputs.ts';
import type { Report } from '../../github/report.ts';
import { type Repository, readRepository } from '../../github/repository.ts';
import { withDeadline } from '../../time/deadline.ts';
import { resolveVmFolders } from '../../vcenter/inventory/vm-folders.ts';
import type { Limits, Session } from '../../vcenter/session.ts';
import { listVmsInFolder, type VmSummary } from '../../vcenter/vm.ts';
import { connected, lacksSecrets } from '../connect.ts';
import type { Runtime } from '../runtime.ts';
import { runStep } from '../step.ts';
import { findCandidates } from './candidates.ts';
import { deleteFound } from './delete-found.ts';
import { CleanupIncomplete } from './incomplete.ts';
import { startInquiry } from './inquiry.ts';
import { confirmOwnRun } from './own-run.ts';
import { type Pass, startEntry, withOutcome } from './pass.ts';
import { passOutputs, passSummary } from './publish.ts';
import { tellDecisions, tellPass } from './report.ts';
import { survey } from './survey.ts';

/** Milliseconds that one request to vCenter is retried: a VM that is busy must not keep the others from being deleted. */
const RETRY_TIMEOUT = 60_000;
/** Milliseconds that a pass waits for GitHub to take requests again, to delete what was decided before. */
const LONGEST_WAIT = 120_000;

/** The main step of the cleanup action. Returns the exit code. */
export function cleanUp(runtime: Runtime): Promise<0 | 1> {
  return runStep(runtime, async ({ report, signal }) => {
    const { core, clock, env, readFile } = runtime;
    const isForkPullRequest = await lacksSecrets(runtime);
    const inputs = readCleanupInputs({ core, readFile, isForkPullRequest });
    const repository = readRepository(env);
    await core.load();
    const startedAt = clock.now();
    const started: Pass[] = [];
    await withDeadline({ clock, what: 'The cleanup', limit: inputs.timeout, signal }, (deadline) =>
      runPass(runtime, {
        ...{ inputs, repository, report, signal: deadline },
        onStart: (pass) => started.push(pass),
      }),
    ).catch((error: unknown) => {
      if (started.length === 0 || !(error instanceof Error)) {
        throw error;
      }
      started[0]?.interruptions.push(error);
    });
    for (const pass of started) {
      await publish(pass, { runtime, inputs, repository, report, milliseconds: clock.now() - startedAt });
    }
  });
}

interface PassOptions {
  readonly inputs: CleanupInputs;
  readonly repository: Repository;
  readonly report: Report;
  readonly signal: AbortSignal;
  /** Gets the pass when its VMs are known. */
  readonly onStart: (pass: Pass) => void;
}

/** One pass: GitHub confirms the run, vCenter lists the VMs, GitHub is asked about each, and what is certain is deleted. */
async function runPass(runtime: Runtime, options: PassOptions): Promise<void> {
  const { clock, random, env, openConnection } = runtime;
  const { inputs, repository, report, signal, onStart } = options;
  // The inputs about certificates are for vCenter: GitHub's is checked by what the runner trusts.
  const connection = openConnection({ insecure: false, env });
  try {
    const { githubToken: token } = inputs;
    const api = createGitHubApi({ repository, token, connection, clock, random, trace: report.debug });
    const { repositoryId, now } = await confirmOwnRun(api, repository, signal);
    const { grace, keepWhileOpen, maxAge } = inputs;
    const rules = { repositoryId, now, grace, keepWhileOpen, maxAge };
    const limits = { signal, retryTimeout: RETRY_TIMEOUT };
    await connected({ runtime, connection: inputs.connection, report, limits }, async ({ session }) => {
      const pass = await listPass(session, { inputs, repository, limits });
      onStart(pass);
      const first = startInquiry(api);
      const { pullRequest } = inputs;
      await survey({ entries: pass.entries, inquiry: first, rules, pullRequest, signal }).finally(() =>
        tellDecisions(pass, { repository, isDryRun: inputs.dryRun }, report),
      );
      const refused = first.endedBy();
      if (refused !== undefined) {
        pass.interruptions.push(refused);
      }
      if (inputs.dryRun) {
        return;
      }
      const pause = refused?.retryAfter ?? 0;
      if (pause > 0 && pause <= LONGEST_WAIT) {
        report.info(`GitHub takes requests again in ${Math.round(pause / 1_000)} s.`);
        await clock.sleep(pause, signal);
      }
      const second = startInquiry(api);
      const { limit } = inputs;
      await deleteFound({ pass, session, inquiry: second, rules, limit, clock, report, limits });
      const refusedAgain = second.endedBy();
      if (refusedAgain !== undefined) {
        pass.interruptions.push(refusedAgain);
      }
    });
  } finally {
    connection.close();
  }
}

/** What is in the folders, each listed once, before anything is known of it. */
async function listPass(
  session: Session,
  {
    inputs,
    repository,
    limits,
  }: { readonly inputs: CleanupInputs; readonly repository: Repository; readonly limits: Limits },
): Promise<Pass> {
  const { folder: folders, datacenter, keep, pullRequest } = inputs;
  const ids = await resolveVmFolders(session, { folders, datacenter }, limits);
  const lists: { readonly folder: string; readonly vms: readonly VmSummary[] }[] = [];
  for (const folder of ids) {
    lists.push({ folder, vms: await listVmsInFolder(session, folder, limits) });
  }
  const { candidates, others } = findCandidates({ folders: lists, repo: repository.repo, keep });
  const wanted = candidates.filter(
    ({ name }) => pullRequest === undefined || name.pullRequest === pullRequest,
  );
  return {
    entries: wanted.map(startEntry),
    others,
    notOfPullRequest: candidates.length - wanted.length,
    interruptions: [],
  };
}

interface PublishOptions {
  readonly runtime: Runtime;
  readonly inputs: CleanupInputs;
  readonly repository: Repository;
  readonly report: Report;
  readonly milliseconds: number;
}

/** @throws CleanupIncomplete where not all is done; then outputs and summary are there all the same. */
async function publish(
  pass: Pass,
  { runtime, inputs, repository, report, milliseconds }: PublishOptions,
): Promise<void> {
  const { core } = runtime;
  const { dryRun: isDryRun, limit } = inputs;
  tellPass(pass, { isDryRun, limit }, report);
  await report.summary(cleanupSummary(passSummary(pass, { isDryRun, repository, milliseconds })));
  const failed = withOutcome(pass, 'failed');
  const outputs = passOutputs(pass);
  if (failed.length === 0 && pass.interruptions.length === 0) {
    setOutputs(core, outputs);
    return;
  }
  for (const name of cleanupOutputs) {
    tryOutput(core, name, outputs[name]);
  }
  const left = isDryRun || pass.interruptions.length === 0 ? 0 : withOutcome(pass, undefined).length;
  throw new CleanupIncomplete({ interruptions: pass.interruptions, failed, left });
}
