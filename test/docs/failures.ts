import type { CloneFacts } from '../../src/actions/advice.ts';
import { CleanupIncomplete } from '../../src/actions/cleanup/incomplete.ts';
import {
  CloneFailed,
  type CloneFailedFields,
  TaskFailed,
  UnknownOutcome,
} from '../../src/actions/clone/failure.ts';
import { startHistory } from '../../src/actions/clone/guest-history.ts';
import { NameTaken } from '../../src/actions/clone/name-taken.ts';
import { NoAddressError, VmPoweredOffError } from '../../src/actions/clone/no-address.ts';
import { ValidationError } from '../../src/actions/clone/validate.ts';
import type { CloneState } from '../../src/actions/recovery/journal.ts';
import { StateTooLarge, UnreadableState } from '../../src/actions/recovery/journal.ts';
import { DeletionFailed } from '../../src/actions/teardown/deletion-failed.ts';
import { NothingDeleted } from '../../src/actions/teardown/nothing-deleted.ts';
import { GitHubError } from '../../src/github/github-error.ts';
import { InputsError } from '../../src/github/inputs-error.ts';
import { RunnerFileError } from '../../src/github/runner-file-error.ts';
import { CertificateMismatch, untrusted } from '../../src/https/certificate-error.ts';
import { ConnectError } from '../../src/https/connect-error.ts';
import { DeadlineExceeded, Interrupted } from '../../src/time/deadline.ts';
import { ResolveError, type ResolveProblem } from '../../src/vcenter/inventory/resolve-error.ts';
import { VcenterError, type VcenterErrorFields } from '../../src/vcenter/transport/error.ts';

// One of every failure that ends a step, with the values that TROUBLESHOOTING.md takes for its examples.

const CLONE = 'POST /api/vcenter/vm?action=clone&vmw-task=true';
const LOGIN = 'POST /api/session';
const TASK = '52e0c1de-0000-4000-8000-000000000001:com.vmware.vcenter.VM';
const GENERATED = 'shop-pr12-e2e-9912345678-1-4f09ac';
const MINUTE = 60_000;

const plan = {
  server: 'vcenter.example.com',
  name: GENERATED,
  isNameGenerated: true,
  source: 'vm-42',
  vmsBefore: [],
};
const deadline = (what: string, limit: number) => new DeadlineExceeded({ what, limit });

function vcenterError(fields: Partial<VcenterErrorFields>): VcenterError {
  return new VcenterError({
    operation: CLONE,
    server: 'vcenter.example.com',
    failure: 'response',
    messages: ['vCenter’s words.'],
    sent: true,
    ...fields,
  });
}

/** A refusal in vCenter's own words. */
function refusal(status: number, errorType: string, fields: Partial<VcenterErrorFields> = {}): VcenterError {
  return vcenterError({ status, errorType, isVapiError: true, ...fields });
}

interface CloneFailure
  extends Partial<Pick<CloneFailedFields, 'vmName' | 'state' | 'progress' | 'cleanup' | 'taskId'>> {
  readonly cause: unknown;
  readonly facts?: CloneFacts;
}

function cloneFailed({ cause, ...fields }: CloneFailure): CloneFailed {
  return new CloneFailed({
    vmName: GENERATED,
    state: { phase: 'started', plan, task: { kind: 'cis', id: TASK } },
    taskId: TASK,
    progress: undefined,
    cleanup: {
      result: {
        deleted: undefined,
        leftover: undefined,
        outcome: `The clone of '${GENERATED}' was cancelled; nothing is left.`,
      },
    },
    facts: {},
    ...fields,
    cause,
  });
}

const created: CloneState = { phase: 'created', plan, vm: 'vm-1067' };
const requested: CloneState = { phase: 'requested', plan, kind: 'cis', sentAt: '2026-01-01T00:00:00.000Z' };
const leftToPost = { leftToPost: true, error: undefined } as const;
const deleted = { vm: 'vm-1067', name: GENERATED, powerState: 'POWERED_ON' as const };
const wasDeleted = {
  result: { deleted, leftover: undefined, outcome: `'${GENERATED}' (vm-1067) is deleted; nothing is left.` },
};

function taskFailed(errorType: string | undefined): TaskFailed {
  return new TaskFailed({
    id: TASK,
    status: 'FAILED',
    failure:
      errorType === undefined ? undefined : { messages: ['vCenter’s words.'], messageIds: [], errorType },
  } as TaskFailed['task']);
}

const seen = startHistory(0);
const noAddress = (history: Partial<typeof seen>, holdTime = 0) =>
  new NoAddressError({
    vm: 'vm-1067',
    seen: { ...seen, ...history },
    holdTime,
    cause: deadline('The wait for an address', 5 * MINUTE),
  });
const usable = { address: '192.0.2.7', since: 0 };

const problem = (fields: Partial<ResolveProblem>): ResolveProblem => ({
  input: 'folder',
  type: 'Folder',
  asked: 'ci',
  reason: 'none',
  candidates: [],
  near: [],
  available: [],
  ...fields,
});
const DC1 = { id: 'datacenter-2', name: 'DC1' };
const DC2 = { id: 'datacenter-102', name: 'DC2' };

const certificate = {
  subject: 'CN=vcenter.example.com',
  issuer: 'CN=CA',
  validFrom: 'Jan  1 00:00:00 2026 GMT',
  validTo: 'Jan  1 00:00:00 2028 GMT',
  fingerprint: 'AB:CD',
  names: ['vcenter.example.com'],
};
const SERVER = 'vcenter.example.com:443';
const refused = (cause: ConnectError) =>
  vcenterError({
    operation: LOGIN,
    failure: 'certificate',
    code: cause.code,
    messages: [cause.message],
    sent: false,
    cause,
  });
const uncertified = (code: string, hasOwnCa = false) =>
  refused(untrusted({ server: SERVER, host: 'vcenter', certificate, code, hasOwnCa }));
const proxyError = new ConnectError({
  message: `The proxy http://proxy.example.com:3128 refuses a connection to ${SERVER}: HTTP 403 Forbidden`,
  code: 'ERR_PROXY',
  isPermanent: false,
  isProxy: true,
});

export const failures: readonly Error[] = [
  new InputsError([
    {
      input: 'password',
      got: undefined,
      problem: 'is empty: this pull request comes from a fork, and forks get no secrets',
    },
    {
      input: 'timeout',
      got: '10abc',
      problem: 'is not a duration; use 90s, 20m, 1h30m or a number of seconds',
    },
  ]),

  uncertified('DEPTH_ZERO_SELF_SIGNED_CERT'),
  uncertified('UNABLE_TO_VERIFY_LEAF_SIGNATURE', true),
  uncertified('CERT_HAS_EXPIRED'),
  uncertified('CERT_NOT_YET_VALID'),
  uncertified('ERR_TLS_CERT_ALTNAME_INVALID'),
  uncertified('CERT_REVOKED'),
  refused(new CertificateMismatch({ server: SERVER, certificate, expected: 'EF:01' })),

  vcenterError({ operation: LOGIN, failure: 'network', code: 'ENOTFOUND', messages: ['…'], sent: false }),
  vcenterError({ operation: LOGIN, failure: 'network', code: 'ECONNREFUSED', messages: ['…'], sent: false }),
  vcenterError({
    operation: LOGIN,
    failure: 'network',
    messages: [proxyError.message],
    sent: false,
    cause: proxyError,
  }),
  vcenterError({ operation: LOGIN, failure: 'timeout', messages: ['No response within 30 s.'] }),
  vcenterError({
    operation: LOGIN,
    failure: 'unreadable',
    status: 201,
    messages: ['The response to the login is no session id.'],
  }),

  refusal(401, 'UNAUTHENTICATED', { operation: LOGIN }),
  refusal(503, 'SERVICE_UNAVAILABLE', {
    operation: LOGIN,
    messages: ['User session limit reached.'],
    messageIds: ['com.vmware.vapi.endpoint.sessionLimit'],
  }),
  refusal(401, 'UNAUTHENTICATED'),
  refusal(403, 'UNAUTHORIZED', { operation: 'DELETE /api/vcenter/vm/{vm}' }),
  refusal(403, 'UNAUTHORIZED', { operation: 'GET /api/vcenter/folder' }),
  refusal(404, 'OPERATION_NOT_FOUND'),

  cloneFailed({
    cause: refusal(404, 'NOT_FOUND', { messages: ['vm-99 is not there.'] }),
    facts: { objects: [{ input: 'source', id: 'vm-99' }] },
  }),
  cloneFailed({
    cause: refusal(404, 'NOT_FOUND', { messages: ['linux-dhpc is not there.'] }),
    facts: { objects: [{ input: 'guest-customization-spec', id: 'linux-dhpc' }] },
  }),
  cloneFailed({
    cause: refusal(404, 'NOT_FOUND', { messages: ['group-v99 is not there.'] }),
    facts: { objects: [{ input: 'folder', id: 'group-v99' }] },
  }),
  cloneFailed({
    cause: refusal(404, 'NOT_FOUND'),
    facts: {
      objects: [
        { input: 'source', id: 'vm-99' },
        { input: 'folder', id: 'group-v99' },
      ],
    },
  }),
  cloneFailed({ cause: refusal(404, 'NOT_FOUND') }),
  cloneFailed({ cause: refusal(400, 'ALREADY_EXISTS'), facts: { isVisible: false } }),
  cloneFailed({ cause: refusal(400, 'ALREADY_EXISTS'), facts: { isVisible: true } }),
  cloneFailed({ cause: refusal(400, 'ALREADY_EXISTS'), facts: { ifExists: 'replace' } }),
  cloneFailed({ cause: refusal(400, 'ALREADY_EXISTS') }),
  cloneFailed({ cause: refusal(400, 'INVALID_ARGUMENT') }),
  cloneFailed({ cause: refusal(500, 'UNABLE_TO_ALLOCATE_RESOURCE') }),
  cloneFailed({ cause: refusal(500, 'RESOURCE_INACCESSIBLE') }),
  cloneFailed({ cause: refusal(403, 'UNAUTHORIZED') }),

  new ResolveError([
    problem({
      input: 'source',
      type: 'VirtualMachine',
      asked: 'ubuntu-24.4',
      scope: "datacenter 'DC1'",
      near: [{ id: 'vm-42', name: 'ubuntu-24.04' }],
      hint: 'vCenter lists only what the account may see. What to do.',
    }),
    problem({
      asked: 'ci/pullrequests',
      element: 'pullrequests',
      scope: "'/DC1/vm/ci'",
      hint: 'What to do.',
    }),
    problem({
      reason: 'several',
      candidates: [
        { id: 'group-v21', name: 'ci', where: "datacenter 'DC1'" },
        { id: 'group-v121', name: 'ci', where: "datacenter 'DC2'" },
      ],
      hint: "To choose one, give its id or its inventory path here, or 'datacenter'.",
    }),
    problem({
      reason: 'several',
      asked: 'ci/base',
      element: 'base',
      scope: "'/DC1/vm/ci'",
      candidates: [
        { id: 'group-v21', name: 'base' },
        { id: 'group-v121', name: 'base' },
      ],
      hint: 'What to do.',
    }),
    problem({
      reason: 'datacenter-needed',
      asked: 'ci/base',
      candidates: [DC1, DC2],
      hint: "Set 'datacenter', or begin the path with '/' and the datacenter.",
    }),
    problem({
      reason: 'root-folder',
      asked: 'group-v3',
      hint: 'Name the folders below it that hold the VMs.',
    }),
    problem({
      reason: 'no-datacenter',
      asked: 'group-v23',
      hint: 'Let the account see the datacenter, too.',
    }),
    problem({ reason: 'outside-datacenter', asked: '/DC2/vm/ci', scope: "datacenter 'DC1'" }),
    problem({ input: 'datastore', type: 'Datastore', reason: 'not-a-path', asked: '/DC1/vm/fast' }),
    problem({
      input: 'disks-to-remove',
      type: 'VirtualDisk',
      reason: 'disk-twice',
      asked: 'Hard disk 2',
      candidates: [{ id: '2001', name: 'Hard disk 2' }],
      hint: "It stands in 'disks-to-update' already; name each disk once.",
    }),
  ]),
  new ValidationError("disks-to-remove: the source has no disk '2009'. There are: 'Hard disk 1' (2000)."),
  new NameTaken({ vmName: 'shop-demo', vm: 'vm-1067', isSource: false }),
  new NameTaken({ vmName: 'ubuntu-24.04', vm: 'vm-42', isSource: true }),

  cloneFailed({ cause: taskFailed('ERROR'), progress: 0.42, cleanup: wasDeleted }),
  cloneFailed({ cause: taskFailed(undefined) }),
  cloneFailed({
    cause: taskFailed('ERROR'),
    vmName: 'shop-demo',
    cleanup: {
      result: {
        deleted: undefined,
        leftover:
          "Not deleted, since it may be somebody else's: 'shop-demo' (vm-1067): others may use the name 'shop-demo', too, and nothing proves that this run made it.",
        outcome: '',
      },
    },
  }),
  cloneFailed({
    cause: deadline('The clone', 30 * MINUTE),
    progress: 0.8,
    cleanup: {
      result: {
        deleted: undefined,
        leftover: undefined,
        outcome: `The clone of '${GENERATED}' was cancelled; nothing is left.`,
      },
    },
  }),
  cloneFailed({
    cause: new UnknownOutcome("'timeout' has ended before that was certain"),
    vmName: 'shop-demo',
    state: requested,
    taskId: undefined,
    cleanup: leftToPost,
  }),
  cloneFailed({
    cause: new RunnerFileError({
      file: 'GITHUB_STATE',
      path: '/runner/state',
      cause: new Error('ENOSPC: no space left on device, write'),
    }),
    state: { phase: 'planned', plan },
    taskId: undefined,
    cleanup: leftToPost,
  }),
  new RunnerFileError({ file: 'GITHUB_OUTPUT', path: undefined }),

  noAddress({ powerState: 'POWERED_OFF' }),
  noAddress({ lastError: { error: vcenterError({ messages: ['HTTP 503'] }), at: 4 * MINUTE } }),
  noAddress({ responses: 1 }),
  noAddress({ responses: 1, tools: 'run' }),
  noAddress({ responses: 1, tools: 'run', best: usable }),
  noAddress({ responses: 1, tools: 'run', best: usable }, 40_000),
  noAddress({
    responses: 1,
    tools: 'run',
    refused: [
      { address: '169.254.7.7', why: 'link-local' },
      { address: '172.17.0.1', why: 'not on a NIC of the VM' },
    ],
  }),
  new VmPoweredOffError({ vm: 'vm-1067', powerState: 'POWERED_OFF', isMeantToBeOn: true }),
  new VmPoweredOffError({ vm: 'vm-1067', powerState: 'POWERED_OFF', isMeantToBeOn: false }),

  new DeletionFailed({
    vm: { vm: 'vm-1067', name: 'shop-demo' },
    cause: deadline('The teardown of vm-1067', 10 * MINUTE),
  }),
  Object.assign(deadline('The teardown of vm-1067', 10 * MINUTE), {
    lastError: vcenterError({ messages: ['HTTP 502'] }),
  }),

  new Interrupted('SIGINT'),
  new Interrupted('EPIPE'),
  cloneFailed({ cause: new Interrupted('SIGINT'), progress: 0.42, cleanup: leftToPost }),
  cloneFailed({ cause: new Interrupted('SIGINT'), state: created, cleanup: leftToPost }),

  ...[
    { status: 401, message: 'GitHub: Bad credentials' },
    { status: 403, message: 'GitHub: Resource not accessible by integration', permission: 'actions: read' },
    { status: 429, message: 'GitHub says no more.', isRateLimit: true },
    { message: 'No response: …' },
  ].map((fields) => new GitHubError({ request: 'GET /repos/octo/shop/actions/runs/9912345678', ...fields })),
  new CleanupIncomplete({ interruptions: [deadline('The cleanup', 30 * MINUTE)], failed: [], left: 2 }),
  new CleanupIncomplete({
    interruptions: [],
    failed: [1, 2].map(() => ({
      candidate: {
        vm: { vm: 'vm-1067', name: GENERATED, powerState: 'POWERED_OFF' },
        folder: 'group-v23',
        name: { runId: 9_912_345_678, runAttempt: 1, pullRequest: 12 },
        isListed: false,
      },
      error: refusal(403, 'UNAUTHORIZED', { operation: 'DELETE /api/vcenter/vm/{vm}' }),
    })),
    left: 0,
  }),
  refusal(500, 'UNABLE_TO_ALLOCATE_RESOURCE', { operation: 'GET /api/vcenter/vm' }),

  new NothingDeleted("vm-1067 is called 'shop-demo', but 'vm-name' is 'shop-pr12'."),
  new StateTooLarge({ bytes: 900, vms: 21 }),
  new StateTooLarge({ bytes: 20_000, vms: 0 }),
  new UnreadableState('The state that the main step left behind cannot be read.'),
  new Error(''),
];
