import { adviceFor, type CloneFacts, RECONFIGURE_PRIVILEGES } from '../../src/actions/advice.ts';
import { CleanupIncomplete } from '../../src/actions/cleanup/incomplete.ts';
import { severalAdaptersHint, standardPortGroupHint } from '../../src/actions/clone/address-hints.ts';
import {
  addressRule,
  type CustomizationKind,
  MAY_BE_OF_SOURCE,
  TWO_POLLS,
} from '../../src/actions/clone/address-rule.ts';
import { CustomizationFailed, CustomizationTimedOut } from '../../src/actions/clone/customization-failure.ts';
import {
  CloneFailed,
  type CloneFailedFields,
  TaskFailed,
  UnknownOutcome,
} from '../../src/actions/clone/failure.ts';
import { startHistory } from '../../src/actions/clone/guest-history.ts';
import { NameTaken } from '../../src/actions/clone/name-taken.ts';
import { NoAddressError } from '../../src/actions/clone/no-address.ts';
import { NoOpenPortError } from '../../src/actions/clone/no-open-port.ts';
import { ReconfigurationFailed } from '../../src/actions/clone/reconfigure.ts';
import { SettingFailed } from '../../src/actions/clone/setting-failed.ts';
import { ValidationError } from '../../src/actions/clone/validate.ts';
import { VmPoweredOffError, type WaitAdvice } from '../../src/actions/clone/vm-powered-off.ts';
import { startPolls } from '../../src/actions/clone/watch-vm.ts';
import type { CloneState } from '../../src/actions/recovery/journal.ts';
import { StateTooLarge, UnreadableState } from '../../src/actions/recovery/journal.ts';
import type { PortState } from '../../src/actions/runtime.ts';
import { DeletionFailed } from '../../src/actions/teardown/deletion-failed.ts';
import { NothingDeleted } from '../../src/actions/teardown/nothing-deleted.ts';
import { GitHubError } from '../../src/github/github-error.ts';
import { InputsError } from '../../src/github/inputs-error.ts';
import { RunnerFileError } from '../../src/github/runner-file-error.ts';
import { CertificateMismatch, untrusted } from '../../src/https/certificate-error.ts';
import { ConnectError } from '../../src/https/connect-error.ts';
import { DeadlineExceeded, Interrupted } from '../../src/time/deadline.ts';
import type { Customization } from '../../src/vcenter/customization.ts';
import { ResolveError, type ResolveProblem } from '../../src/vcenter/inventory/resolve-error.ts';
import { TagsNotAttached } from '../../src/vcenter/tags.ts';
import { VcenterError, type VcenterErrorFields } from '../../src/vcenter/transport/error.ts';
import type { Fault } from '../../src/vcenter/transport/fault.ts';

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

const memoryRefused = refusal(403, 'UNAUTHORIZED', {
  operation: 'PATCH /api/vcenter/vm/{vm}/hardware/memory',
});

const NO_PERMISSION: Fault = { name: 'NoPermission', object: undefined, property: undefined, privileges: [] };

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

const advice: WaitAdvice = { isMeantToBeOn: true, waitForLess: "set 'wait-for-ip' to false" };
const polls = startPolls(0);
const seen = { ...startHistory('never ran'), ...polls };
const noAddress = (history: Partial<typeof seen>, rule = TWO_POLLS, hints: readonly string[] = []) =>
  new NoAddressError({
    ...advice,
    vm: 'vm-1067',
    seen: { ...seen, ...history },
    rule,
    hints,
    cause: deadline('The wait for an address', 5 * MINUTE),
  });
const notCustomized = (kind: CustomizationKind, last: Customization | undefined) =>
  new CustomizationTimedOut({
    ...{ isMeantToBeOn: true, waitForLess: "set 'wait-for-customization' and 'wait-for-ip' to false" },
    ...{ vm: 'vm-1067', kind, last, polls, cause: deadline('The wait', 10 * MINUTE) },
  });
const noOpenPort = (probed: Readonly<Record<string, readonly (readonly [number, PortState])[]>>) =>
  new NoOpenPortError({
    ...{ isMeantToBeOn: true, waitForLess: "leave 'wait-for-port' out" },
    ...{ vm: 'vm-1067', ports: [22, 8080], polls, cause: deadline('The wait', 5 * MINUTE) },
    probed: Object.entries(probed).map(([address, states]) => ({ address, states: new Map(states) })),
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
    problem({ reason: 'outside-datacenter', asked: '/DC2/vm/ci', scope: "datacenter 'DC1'" }),
    problem({ input: 'datastore', type: 'Datastore', reason: 'not-a-path', asked: '/DC1/vm/fast' }),
    problem({
      input: 'disks-to-remove',
      type: 'VirtualDisk',
      reason: 'device-twice',
      asked: 'Hard disk 2',
      candidates: [{ id: '2001', name: 'Hard disk 2' }],
      hint: "It stands in 'disks-to-update' already; name each disk once.",
    }),
  ]),
  new ResolveError([
    problem({
      input: 'networks',
      type: 'VirtualEthernetCard',
      asked: 'Network adapter 3',
      scope: 'the source',
      available: [{ id: '4000', name: 'Network adapter 1' }],
    }),
    problem({
      input: 'tags',
      type: 'Tag',
      asked: 'cj',
      scope: "category 'environment'",
      near: [{ id: 'urn:vmomi:InventoryServiceTag:…', name: 'ci' }],
    }),
    problem({
      input: 'tags',
      type: 'Category',
      asked: 'planet',
      available: [{ id: 'urn:vmomi:InventoryServiceCategory:…', name: 'environment' }],
    }),
    problem({
      input: 'tags',
      type: 'Tag',
      asked: 'host-only/rack-1',
      scope: "category 'host-only'",
      reason: 'not-for-vms',
    }),
    problem({
      input: 'tags',
      type: 'Tag',
      asked: 'environment',
      scope: "category 'environment'",
      reason: 'one-per-category',
      candidates: [
        { id: 'urn:…', name: 'ci' },
        { id: 'urn:…', name: 'prod' },
      ],
    }),
  ]),
  new ValidationError("disks-to-remove: the source has no disk '2009'. There are: 'Hard disk 1' (2000)."),
  new NameTaken({ vmName: 'shop-demo', vm: 'vm-1067', isSource: false }),
  new NameTaken({ vmName: 'ubuntu-24.04', vm: 'vm-42', isSource: true }),

  new SettingFailed({
    input: 'memory',
    vm: { vm: 'vm-1067', name: GENERATED, powerState: 'POWERED_OFF' },
    hint: adviceFor(memoryRefused),
    cause: memoryRefused,
  }),
  new SettingFailed({
    input: 'tags',
    vm: { vm: 'vm-1067', name: GENERATED, powerState: 'POWERED_OFF' },
    hint: undefined,
    cause: new TagsNotAttached({ vm: 'vm-1067', messages: ['What vCenter says.'] }),
  }),

  new SettingFailed({
    input: 'guestinfo',
    vm: { vm: 'vm-1067', name: GENERATED, powerState: 'POWERED_OFF' },
    hint: `The account needs ${RECONFIGURE_PRIVILEGES}.`,
    cause: new ReconfigurationFailed({
      task: 'task-77',
      failure: {
        errorType: 'UNAUTHORIZED',
        messages: ['What vCenter says.'],
        messageIds: [],
        fault: NO_PERMISSION,
      },
    }),
  }),
  new GitHubError({
    request: 'GET /repos/octo/shop/actions/runs/9912345678',
    message: 'GitHub: What it says.',
    status: 403,
    permission: 'actions: read',
  }),
  new CleanupIncomplete({
    interruptions: [],
    failed: [
      {
        candidate: {
          vm: { vm: 'vm-1067', name: GENERATED, powerState: 'POWERED_ON' },
          folder: 'group-v23',
          name: { runId: 9_912_345_678, runAttempt: 1, pullRequest: 12 },
          isListed: false,
        },
        error: vcenterError({ operation: 'DELETE /api/vcenter/vm/{vm}', messages: ['HTTP 502'] }),
      },
      {
        candidate: {
          vm: { vm: 'vm-1068', name: GENERATED, powerState: 'POWERED_ON' },
          folder: 'group-v23',
          name: { runId: 9_912_345_678, runAttempt: 1, pullRequest: 12 },
          isListed: false,
        },
        error: vcenterError({ operation: 'DELETE /api/vcenter/vm/{vm}', messages: ['HTTP 502'] }),
      },
    ],
    left: 3,
  }),

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
  noAddress({ responses: 1, tools: 'are away' }),
  ...(['not waited for', 'unknown', 'ended'] as const).flatMap((outcome) =>
    (['stored', 'cloud-init'] as const).map((kind) =>
      noAddress({ responses: 1, tools: 'run', best: usable }, addressRule({ kind, outcome, now: 0 })),
    ),
  ),
  noAddress({ responses: 1, tools: 'run', best: usable }, MAY_BE_OF_SOURCE),
  noAddress({ responses: 1, tools: 'run' }, TWO_POLLS, [
    standardPortGroupHint({ id: 'network-16', name: 'VM Network' }),
    severalAdaptersHint(2),
  ]),
  noAddress({
    responses: 1,
    tools: 'run',
    refused: [
      { address: '169.254.7.7', why: 'link-local' },
      { address: '172.17.0.1', why: 'not on a NIC of the VM' },
    ],
  }),
  ...(['customization', 'address', 'port'] as const).map(
    (waitedFor) => new VmPoweredOffError({ ...advice, vm: 'vm-1067', powerState: 'POWERED_OFF', waitedFor }),
  ),
  new VmPoweredOffError({
    ...{ ...advice, isMeantToBeOn: false },
    ...{ vm: 'vm-1067', powerState: 'POWERED_OFF', waitedFor: 'address' },
  }),

  new CustomizationFailed({ ...advice, vm: 'vm-1067', kind: 'stored', error: 'vCenter’s words.' }),
  new CustomizationFailed({ ...advice, vm: 'vm-1067', kind: 'cloud-init', error: undefined }),
  notCustomized('stored', { status: 'PENDING' }),
  notCustomized('cloud-init', { status: 'RUNNING', error: 'vCenter’s words.' }),
  notCustomized('cloud-init', undefined),

  noOpenPort({
    '192.0.2.7': [
      [22, 'open'],
      [8080, 'refused'],
    ],
    '2001:db8::7': [
      [22, 'silent'],
      [8080, 'silent'],
    ],
    '192.0.2.8': [[22, 'unreachable']],
  }),
  noOpenPort({ '192.0.2.7': [[22, 'unreachable']] }),
  noOpenPort({}),

  new DeletionFailed({
    vm: { vm: 'vm-1067', name: 'shop-demo' },
    cause: deadline('The teardown of vm-1067', 10 * MINUTE),
  }),
  deadline(`The task that sets 'notes' and 'guestinfo' of '${GENERATED}' (vm-1067)`, 5 * MINUTE),
  Object.assign(deadline('The teardown of vm-1067', 10 * MINUTE), {
    lastError: vcenterError({ messages: ['HTTP 502'] }),
  }),

  new Interrupted('SIGINT'),
  new Interrupted('EPIPE'),
  cloneFailed({ cause: new Interrupted('SIGINT'), progress: 0.42, cleanup: leftToPost }),
  cloneFailed({ cause: new Interrupted('SIGINT'), state: created, cleanup: leftToPost }),

  new NothingDeleted("vm-1067 is called 'shop-demo', but 'vm-name' is 'shop-pr12'."),
  new StateTooLarge({ bytes: 900, vms: 21 }),
  new StateTooLarge({ bytes: 20_000, vms: 0 }),
  new UnreadableState('The state that the main step left behind cannot be read.'),
  new Error(''),
];
