export const id = 467;
export const ids = [467];
export const modules = {

/***/ 6467:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  cloneInSession: () => (/* binding */ cloneInSession)
});

// EXTERNAL MODULE: ./build/github/outputs.js
var outputs = __webpack_require__(1224);
// EXTERNAL MODULE: ./build/github/vm-name.js
var vm_name = __webpack_require__(8753);
// EXTERNAL MODULE: ./build/actions/delete-vm.js
var delete_vm = __webpack_require__(6359);
// EXTERNAL MODULE: ./build/actions/recovery/journal.js
var recovery_journal = __webpack_require__(8817);
// EXTERNAL MODULE: ./build/actions/recovery/ownership.js
var recovery_ownership = __webpack_require__(8943);
// EXTERNAL MODULE: ./build/time/deadline.js
var deadline = __webpack_require__(8754);
// EXTERNAL MODULE: ./build/vcenter/clone-method.js
var clone_method = __webpack_require__(6263);
// EXTERNAL MODULE: ./build/vcenter/task.js
var vcenter_task = __webpack_require__(4507);
// EXTERNAL MODULE: ./build/vcenter/transport/error.js
var transport_error = __webpack_require__(3668);
// EXTERNAL MODULE: ./build/vcenter/vm.js
var vcenter_vm = __webpack_require__(499);
// EXTERNAL MODULE: ./build/actions/recovery/abort.js
var abort = __webpack_require__(8520);
// EXTERNAL MODULE: ./build/actions/recovery/task.js
var task = __webpack_require__(9745);
// EXTERNAL MODULE: ./build/text/described-error.js
var described_error = __webpack_require__(6662);
// EXTERNAL MODULE: ./build/text/duration.js
var duration = __webpack_require__(9556);
// EXTERNAL MODULE: ./build/actions/advice.js
var actions_advice = __webpack_require__(9166);
// EXTERNAL MODULE: ./build/actions/failure.js
var failure = __webpack_require__(4622);
;// CONCATENATED MODULE: ./build/actions/clone/failure.js






/** A clone task ended as FAILED. */
class TaskFailed extends Error {
    name = 'TaskFailed';
    task;
    constructor(task) {
        super(`task ${task.id} failed`);
        this.task = task;
    }
}
/** It cannot be told whether a clone was made, or which VM it made. */
class UnknownOutcome extends Error {
    name = 'UnknownOutcome';
    /** Why it cannot be told, as a clause without a full stop. */
    reason;
    constructor(reason, options) {
        super(`unknown outcome: ${reason}`, options);
        this.reason = reason;
    }
}
/** A run failed after the clone was planned. The text says what failed, how far it had got, and what became of the VM. */
class CloneFailed extends described_error/* DescribedError */.C {
    name = 'CloneFailed';
    title;
    text;
    constructor(fields) {
        super(`cloning '${fields.vmName}' failed`, { cause: fields.cause });
        const { title, text } = whatFailed(fields);
        this.title = title;
        this.text = (0,described_error/* joinLines */.c)(text, cleanupText(fields));
    }
}
function whatFailed({ cause, vmName, taskId, progress, state, facts }) {
    const task = taskId === undefined ? '' : ` (task ${taskId})`;
    const far = progress === undefined || progress === 1 ? '' : `, at ${Math.floor(progress * 100)} %`;
    const vm = 'vm' in state ? (0,delete_vm/* describeVm */.r)({ vm: state.vm, name: vmName }) : undefined;
    if (cause instanceof TaskFailed) {
        const { failure } = cause.task;
        const words = failure?.messages.join(' ') ?? 'No reason was given.';
        const named = failure?.fault?.name ?? failure?.errorType;
        const type = named === undefined ? '' : ` [${named}]`;
        const what = `Cloning '${vmName}' failed${task}${far}. vCenter: ${words}${type}`;
        const advice = (0,actions_advice/* cloneAdvice */.Mk)(failure?.errorType, { messages: failure?.messages ?? [], ...facts });
        return { title: 'The clone failed', text: (0,described_error/* joinLines */.c)(what, advice) };
    }
    if (cause instanceof UnknownOutcome) {
        const what = `It is not known what became of the clone request for '${vmName}'${task}: ${cause.reason}.`;
        const lastError = cause.cause instanceof described_error/* DescribedError */.C ? cause.cause.text : undefined;
        return { title: 'Outcome unknown', text: (0,described_error/* joinLines */.c)(what, lastError) };
    }
    if (cause instanceof deadline/* Interrupted */.j$) {
        const where = vm === undefined ? `while '${vmName}' was cloned${task}${far}` : `when ${vm} was there`;
        return { title: cause.title, text: `The step was cancelled (${cause.reason}) ${where}.` };
    }
    if (cause instanceof deadline/* DeadlineExceeded */.m4 && vm === undefined) {
        const limit = (0,duration/* formatDuration */.a)(cause.limit);
        const what = `Cloning '${vmName}' did not end within ${limit}${far}${task}. 'timeout' sets how long it may take.`;
        return { title: 'The clone took too long', text: (0,described_error/* joinLines */.c)(what, cause.lastErrorText) };
    }
    const { title, text } = (0,failure/* describeFailure */.I)(cause, facts);
    return {
        title,
        text: vm === undefined ? (0,described_error/* joinLines */.c)(`Cloning '${vmName}' failed${task}${far}.`, text) : text,
    };
}
/** What became of the VM, or of the clone: always said, with name and id. */
function cleanupText({ cleanup, cause, vmName, state }) {
    if ('leftToPost' in cleanup) {
        const why = cleanup.error === undefined ? undefined : `Not cleaned up here: ${(0,failure/* describeFailure */.I)(cleanup.error).text}`;
        return (0,described_error/* joinLines */.c)(why, whatPostDoes(state, vmName));
    }
    const { deleted, leftover } = cleanup.result;
    if (leftover !== undefined) {
        return leftover;
    }
    if (deleted !== undefined) {
        return `${(0,delete_vm/* describeVm */.r)(deleted)} is deleted, since the step did not succeed.`;
    }
    // A refusal, and a task that has failed by itself, have made nothing; saying so would only be noise.
    return state.phase === 'planned' || cause instanceof TaskFailed ? undefined : cleanup.result.outcome;
}
function whatPostDoes(state, vmName) {
    switch (state.phase) {
        case 'planned':
        case 'closed':
            return `No clone of '${vmName}' was started.`;
        case 'created':
        case 'returned':
            return `This action's post step deletes ${(0,delete_vm/* describeVm */.r)({ vm: state.vm, name: vmName })}.`;
        case 'requested':
        case 'started':
            return `This action's post step cancels the clone, or deletes '${vmName}' if it has been made.`;
    }
}

;// CONCATENATED MODULE: ./build/actions/clone/clean-up.js








/** How long cleaning up after a failed clone may take here, in milliseconds; the post step goes on from there. */
const CLEANUP = 120_000;
/** The same where it is not even known whether a clone was started. */
const SEARCH = 25_000;
/** A cancelled step has seven seconds in all, of which the cancel gets this much, in milliseconds. */
const HURRIED_CANCEL = 2_000;
/** Leaves nothing of a failed clone, as far as the time allows; the post step does the rest. */
async function cleanUp({ runtime, session, report, signal }, { journal, cause }) {
    const { clock, random } = runtime;
    const { state } = journal;
    try {
        if (cause instanceof deadline/* Interrupted */.j$ || signal.aborted) {
            if (state.phase === 'started') {
                await (0,deadline/* withDeadline */.NE)({ clock, what: 'the cancel', limit: HURRIED_CANCEL }, (shortly) => (0,task/* requestCancel */.AX)({ session, report, taskKinds: clone_method/* TASK_KINDS */.Eb, signal: shortly }, state.task));
            }
            return { leftToPost: true, error: undefined };
        }
        const limit = state.phase === 'requested' ? SEARCH : CLEANUP;
        const endedTask = cause instanceof TaskFailed ? cause.task : undefined;
        const result = await (0,deadline/* withDeadline */.NE)({ clock, what: 'cleaning up', limit, signal }, (deadline) => (0,abort.abortClone)({
            session,
            taskKinds: clone_method/* TASK_KINDS */.Eb,
            journal,
            clock,
            random,
            report,
            signal: deadline,
            endedTask,
        }));
        if (result.leftover === undefined) {
            journal.tryEnter({ phase: 'closed' });
        }
        return { result };
    }
    catch (error) {
        return { leftToPost: true, error: error instanceof Error ? error : undefined };
    }
}
function isNameTakenBy(cause) {
    return ((0,transport_error/* isRefusal */.vu)(cause, 'ALREADY_EXISTS') || (cause instanceof TaskFailed && (0,vcenter_task/* isNameTaken */.hU)(cause.task.failure)));
}
/** Whether a name that is taken is that of a VM, which `if-exists` could reuse or replace; undefined where nobody can tell. */
async function isNameVisible({ session, signal }, { plan, cause }) {
    if (!isNameTakenBy(cause) || plan.folder === undefined || signal.aborted) {
        return undefined;
    }
    return (0,vcenter_vm/* findVmsByName */.g6)(session, plan, { signal, retryTimeout: 0 }).then((vms) => vms.length > 0, () => undefined);
}

// EXTERNAL MODULE: ./build/text/json.js
var json = __webpack_require__(5666);
// EXTERNAL MODULE: ./build/text/sanitize.js
var sanitize = __webpack_require__(9211);
// EXTERNAL MODULE: ./build/vcenter/transport/unreadable.js
var unreadable = __webpack_require__(2739);
;// CONCATENATED MODULE: ./build/vcenter/customization.js





const STATUSES = ['IDLE', 'PENDING', 'RUNNING', 'SUCCEEDED', 'FAILED'];
/**
 * GET /api/vcenter/vm/{vm}/guest/customization. IDLE also stands for a status that nobody knows, or none (vm-operator of
 * vmware-tanzu takes that for the end, too), and for a server without this operation.
 *
 * @throws VcenterError: NOT_FOUND where the VM is gone; the signal's reason.
 */
async function getCustomization(session, vm, limits) {
    const operation = 'GET /api/vcenter/vm/{vm}/guest/customization';
    try {
        const { body } = await session.request({ operation, path: { vm }, expects: 'json', retry: 'always' }, limits);
        if (!(0,json/* isRecord */.u4)(body)) {
            throw (0,unreadable/* unreadable */.O)(session, operation, 'the state of a customization');
        }
        const status = STATUSES.find((known) => known === body['status']) ?? 'IDLE';
        const error = (0,json/* textOf */.b6)(body['error']);
        return { status, ...(error === undefined ? {} : { error: (0,sanitize/* sanitize */.a)(error) }) };
    }
    catch (error) {
        if ((0,transport_error/* isUnserved */.ze)(error)) {
            return { status: 'IDLE' };
        }
        throw error;
    }
}
/**
 * PUT /api/vcenter/vm/{vm}/guest/customization with data for cloud-init, while the VM is off: the guest reads them at its next
 * power-on. Safe to send again, since it takes the place of what was stored before. vCenter 7.0 U3 or later.
 *
 * @throws VcenterError: UNEXPECTED_INPUT, or a 404 for the URL, by a server that is older.
 */
async function putCloudInit(session, { vm, metadata, userdata, adapters }, limits) {
    const cloudinit = { metadata, ...(userdata === undefined ? {} : { userdata }) };
    const spec = {
        configuration_spec: { cloud_config: { type: 'CLOUDINIT', cloudinit } },
        global_DNS_settings: {}, // required, even where it says nothing
        interfaces: Array.from({ length: adapters }, () => ({ adapter: {} })), // their addresses come from the metadata
    };
    const operation = 'PUT /api/vcenter/vm/{vm}/guest/customization';
    await (0,vcenter_vm/* changeVm */.cp)(session, { operation, path: { vm }, body: { spec } }, limits);
}
/**
 * The same with a customization specification that is stored in vCenter, by its name.
 *
 * @throws VcenterError: NOT_FOUND for a specification, or a VM, that is not there.
 */
async function putStoredCustomization(session, { vm, name }, limits) {
    const operation = 'PUT /api/vcenter/vm/{vm}/guest/customization';
    await (0,vcenter_vm/* changeVm */.cp)(session, { operation, path: { vm }, body: { name } }, limits);
}

;// CONCATENATED MODULE: ./build/vcenter/hardware.js



/**
 * PATCH /api/vcenter/vm/{vm}/hardware/cpu with the number of all virtual CPUs, while the VM is off. The cores per socket stay as
 * they are: hosts that cannot hold another number would refuse the VM. Safe to send again.
 *
 * @throws VcenterError: INVALID_ARGUMENT for a number that does not fit the cores per socket.
 */
async function setCpuCount(session, { vm, count }, limits) {
    const operation = 'PATCH /api/vcenter/vm/{vm}/hardware/cpu';
    await (0,vcenter_vm/* changeVm */.cp)(session, { operation, path: { vm }, body: { count } }, limits);
}
/**
 * PATCH /api/vcenter/vm/{vm}/hardware/memory, in MiB, while the VM is off. Safe to send again.
 *
 * @throws VcenterError: INVALID_ARGUMENT for a size that the guest or the host does not take.
 */
async function setMemory(session, { vm, size }, limits) {
    const operation = 'PATCH /api/vcenter/vm/{vm}/hardware/memory';
    // `size_MiB` as in the description of 7.0.3; the lower case of later ones is a mistake of their generator.
    await (0,vcenter_vm/* changeVm */.cp)(session, { operation, path: { vm }, body: { size_MiB: size } }, limits);
}
/**
 * PATCH /api/vcenter/vm/{vm}/hardware/ethernet/{nic}, for the next power-on. Nothing but the backing: a customization that is
 * pending connects the adapter itself, and the MAC address is the clone's own. Safe to send again.
 *
 * @throws VcenterError: NOT_FOUND for an adapter or a network that is not there.
 */
async function setNetwork(session, { vm, nic, network, type }, limits) {
    const operation = 'PATCH /api/vcenter/vm/{vm}/hardware/ethernet/{nic}';
    await (0,vcenter_vm/* changeVm */.cp)(session, { operation, path: { vm, nic }, body: { backing: { type, network } } }, limits);
}
/** How many network adapters a VM has: GET /api/vcenter/vm/{vm}/hardware/ethernet. @throws VcenterError */
async function countAdapters(session, vm, limits) {
    const operation = 'GET /api/vcenter/vm/{vm}/hardware/ethernet';
    const { body } = await session.request({ operation, path: { vm }, expects: 'json', retry: 'always' }, limits);
    if (!Array.isArray(body)) {
        throw (0,unreadable/* unreadable */.O)(session, operation, "a list of a VM's network adapters");
    }
    return body.length;
}
/**
 * GET /api/vcenter/vm/{vm}/hardware/cpu. Undefined where vCenter tells none, or 0, which stands for "assigned at power-on".
 *
 * @throws VcenterError
 */
async function getCoresPerSocket(session, vm, limits) {
    const operation = 'GET /api/vcenter/vm/{vm}/hardware/cpu';
    const { body } = await session.request({ operation, path: { vm }, expects: 'json', retry: 'always' }, limits);
    const cores = (0,json/* isRecord */.u4)(body) ? body['cores_per_socket'] : undefined;
    return typeof cores === 'number' && cores > 0 ? cores : undefined;
}

// EXTERNAL MODULE: ./build/vcenter/transport/error-body.js
var error_body = __webpack_require__(8917);
;// CONCATENATED MODULE: ./build/vcenter/tags.js



const ATTACH = 'POST /api/cis/tagging/tag-association?action=attach-multiple-tags-to-object';
/** vCenter attached some of the tags, or none, and said so in a response of success. */
class TagsNotAttached extends Error {
    name = 'TagsNotAttached';
    constructor({ vm, messages }) {
        const words = messages.length === 0 ? 'No reason was given.' : messages.join(' ');
        super(`Not all tags could be attached to ${vm}. vCenter: ${words}`);
    }
}
/**
 * Attaches tags to a VM, by their ids, in one request: POST
 * /api/cis/tagging/tag-association?action=attach-multiple-tags-to-object. Safe to send again.
 *
 * @throws TagsNotAttached where the response, a 200 all the same, says that one of them was not attached; VcenterError.
 */
async function attachTags(session, { vm, tags }, limits) {
    const { body } = await session.request({
        operation: ATTACH,
        body: { object_id: { type: 'VirtualMachine', id: vm }, tag_ids: tags },
        expects: 'json',
        retry: 'always',
    }, limits);
    if (!(0,json/* isRecord */.u4)(body) || typeof body['success'] !== 'boolean') {
        throw (0,unreadable/* unreadable */.O)(session, ATTACH, 'a BatchResult');
    }
    if (!body['success']) {
        const entries = Array.isArray(body['error_messages']) ? body['error_messages'] : [];
        const messages = entries.filter(json/* isRecord */.u4).map((entry) => (0,error_body/* localizableText */.uc)(entry) || String(entry['id']));
        throw new TagsNotAttached({ vm, messages });
    }
}

// EXTERNAL MODULE: ./build/vcenter/vi-json/config-spec.js
var config_spec = __webpack_require__(551);
// EXTERNAL MODULE: ./build/vcenter/vi-json/tasks.js
var tasks = __webpack_require__(5607);
// EXTERNAL MODULE: ./build/actions/poll-task.js + 1 modules
var poll_task = __webpack_require__(9545);
;// CONCATENATED MODULE: ./build/actions/clone/reconfigure.js



/** The task that was to change the VM has failed, or vCenter does not know how it ended. */
class ReconfigurationFailed extends Error {
    name = 'ReconfigurationFailed';
    failure;
    constructor({ task, failure }) {
        const words = failure?.messages.join(' ') ?? 'No reason was given.';
        const type = failure?.fault?.name ?? failure?.errorType;
        super(`Reconfiguring it failed (task ${task}). vCenter: ${words}${type === undefined ? '' : ` [${type}]`}`);
        this.failure = failure;
    }
}
/** How long the start of the task, and each poll of it, is retried, in milliseconds. */
const RETRY_TIMEOUT = 60_000;
/**
 * Sets notes and guestinfo of a VM: VirtualMachine.ReconfigVM_Task, polled to its end. Setting them twice does no harm, so a
 * request whose response was lost is sent again.
 *
 * @throws ReconfigurationFailed; VcenterError; the signal's reason.
 */
async function reconfigureVm({ runtime, session, report, signal }, { vm, notes, guestinfo, }) {
    const { clock, random } = runtime;
    const settings = {
        ...(notes === undefined ? {} : { notes }),
        ...(guestinfo === undefined ? {} : { guestinfo }),
    };
    const id = await (0,config_spec/* reconfigure */.eS)(session, { vm, ...settings }, { signal, retryTimeout: RETRY_TIMEOUT });
    const task = await (0,poll_task/* pollTask */.j)({
        ...{ session, tasks: tasks/* vimTasks */.d, task: id, clock, random, report, signal },
        retryTimeout: RETRY_TIMEOUT,
    });
    if (task?.status !== 'SUCCEEDED') {
        throw new ReconfigurationFailed({ task: id, failure: task?.failure });
    }
}

;// CONCATENATED MODULE: ./build/actions/clone/setting-failed.js







/** A setting was refused, or could not be made; the VM of the clone goes. */
class SettingFailed extends described_error/* DescribedError */.C {
    name = 'SettingFailed';
    title;
    text;
    constructor({ input, vm, hint, cause, }) {
        super(`'${input}' failed for ${vm.vm}`, { cause });
        const words = cause instanceof transport_error/* VcenterError */.Cn ? cause.text : cause.message;
        const isRefused = !(cause instanceof transport_error/* VcenterError */.Cn) || cause.failure === 'response';
        this.title = isRefused ? 'Setting refused' : cause.title;
        const what = isRefused ? 'was refused' : 'could not be set';
        this.text = (0,described_error/* joinLines */.c)(`'${input}' ${what} for ${(0,delete_vm/* describeVm */.r)(vm)}. ${words}`, hint);
    }
}
/** What to do about a setting that failed; vCenter is asked once more where its own words do not say. */
async function hintFor(error, { session, vm, settings, signal, }) {
    if (error instanceof ReconfigurationFailed) {
        return error.failure?.errorType === 'UNAUTHORIZED'
            ? `The account needs ${actions_advice/* RECONFIGURE_PRIVILEGES */.JO}.`
            : undefined;
    }
    if (!(error instanceof transport_error/* VcenterError */.Cn)) {
        return undefined;
    }
    const once = { signal, retryTimeout: 0 };
    const { operation } = error;
    // vCenter may refuse an object that is gone as one that the account has no right to.
    if ((0,transport_error/* isRefusal */.vu)(error, 'UNAUTHORIZED', 'NOT_FOUND')) {
        const found = await (0,vcenter_vm/* findVm */.FJ)(session, vm.vm, once).catch(() => vm);
        signal.throwIfAborted();
        return found === undefined ? 'The VM is gone: somebody has deleted it.' : (0,actions_advice/* adviceFor */.cp)(error);
    }
    if (operation.endsWith('/hardware/cpu') && (0,transport_error/* isRefusal */.vu)(error, 'INVALID_ARGUMENT')) {
        const cores = await getCoresPerSocket(session, vm.vm, once).catch(() => undefined);
        signal.throwIfAborted();
        const inVm = cores === undefined ? '' : `; this VM has ${cores}`;
        return `'cpu-count' (${settings.cpuCount}) is the number of all CPUs, and a multiple of the cores per socket${inVm}.`;
    }
    if (operation.endsWith('/guest/customization')) {
        return (0,transport_error/* isUnknownUrl */.UO)(error) || (0,transport_error/* isRefusal */.vu)(error, 'UNEXPECTED_INPUT')
            ? "'user-data' and 'meta-data' need vCenter 7.0 Update 3 or later."
            : (0,described_error/* joinLines */.c)((0,actions_advice/* adviceFor */.cp)(error), 'If VMware Tools are not known to be in the VM: start the source once with VMware Tools (open-vm-tools) in it, and shut it down; vCenter learns of them only then.');
    }
    return (0,actions_advice/* adviceFor */.cp)(error);
}

;// CONCATENATED MODULE: ./build/actions/clone/configure.js








/** How long a request is retried while vCenter is busy with the VM, in milliseconds. */
const configure_RETRY_TIMEOUT = 60_000;
/** The inputs, among those that say what the VM is like, that have been given. */
function settingsGiven(inputs) {
    const { cpuCount, memory, networks, guestCustomizationSpec, userData, metaData, tags } = inputs;
    const given = {
        'cpu-count': cpuCount,
        memory,
        networks: networks[0],
        'guest-customization-spec': guestCustomizationSpec,
        'user-data': userData,
        'meta-data': metaData,
        notes: inputs.notes,
        guestinfo: Object.keys(inputs.guestinfo)[0],
        tags: tags[0],
    };
    return Object.entries(given).flatMap(([input, value]) => (value === undefined ? [] : [input]));
}
/** Whether the VM has to be off when it is changed. Tags are no part of the VM itself. */
function needPowerOff({ tags, networks, ...settings }) {
    return Object.values(settings).some((each) => each !== undefined) || networks.length > 0;
}
/**
 * Changes a new VM as the inputs say, one setting after the other: PATCH /api/vcenter/vm/{vm}/hardware/cpu, memory and
 * ethernet/{nic}, PUT guest/customization, and the tags. No setting, no request.
 *
 * @throws SettingFailed where one is refused or cannot be made; the signal's reason.
 */
async function configure(run, { vm, settings }) {
    const { session, report, stopwatch, signal } = run;
    const list = settingsOf(run, { vm, settings });
    if (list.length > 0) {
        stopwatch.begin('configure');
        report.info(`Configuring ${(0,delete_vm/* describeVm */.r)(vm)}: ${list.map(({ what }) => what).join(', ')}.`);
    }
    for (const { input, apply } of list) {
        try {
            await apply();
        }
        catch (error) {
            if (error instanceof transport_error/* VcenterError */.Cn ||
                error instanceof TagsNotAttached ||
                error instanceof ReconfigurationFailed) {
                const hint = await hintFor(error, { session, vm, settings, signal });
                throw new SettingFailed({ input, vm, hint, cause: error });
            }
            throw error;
        }
    }
}
function settingsOf(run, { vm: { vm, name }, settings }) {
    const { session, signal } = run;
    const limits = { signal, retryTimeout: configure_RETRY_TIMEOUT };
    const { cpuCount: count, memory: size, networks, tags, userData: userdata, metaData } = settings;
    const list = [];
    if (count !== undefined) {
        const apply = () => setCpuCount(session, { vm, count }, limits);
        list.push({ input: 'cpu-count', what: `${count} CPUs`, apply });
    }
    if (size !== undefined) {
        const apply = () => setMemory(session, { vm, size }, limits);
        list.push({ input: 'memory', what: `${size} MiB of memory`, apply });
    }
    for (const { nic, network, type } of networks) {
        const apply = () => setNetwork(session, { vm, nic: nic.id, network: network.id, type }, limits);
        list.push({ input: 'networks', what: `${nic.name} on '${network.name}' (${network.id})`, apply });
    }
    if (userdata !== undefined || metaData !== undefined) {
        const metadata = metaData ?? defaultMetadata((0,vm_name/* hostNameOf */.LJ)(name) ?? vm);
        const apply = async () => {
            const adapters = await countAdapters(session, vm, limits);
            await putCloudInit(session, { vm, metadata, userdata, adapters }, limits);
        };
        const input = userdata === undefined ? 'meta-data' : 'user-data';
        list.push({ input, what: 'cloud-init data', apply });
    }
    const { customizationSpec, notes, guestinfo } = settings;
    if (customizationSpec !== undefined) {
        const apply = () => putStoredCustomization(session, { vm, name: customizationSpec }, limits);
        const what = `customization specification '${customizationSpec}'`;
        list.push({ input: 'guest-customization-spec', what, apply });
    }
    if (notes !== undefined || guestinfo !== undefined) {
        const apply = () => reconfigureVm(run, { vm, notes, guestinfo });
        const what = [
            ...(notes === undefined ? [] : ['notes']),
            ...(guestinfo === undefined ? [] : ['guestinfo']),
        ];
        list.push({ input: guestinfo === undefined ? 'notes' : 'guestinfo', what: what.join(' and '), apply });
    }
    if (tags.length > 0) {
        const apply = () => attachTags(session, { vm, tags: tags.map(({ id }) => id) }, limits);
        list.push({ input: 'tags', what: `tags ${tags.map((tag) => `'${tag.name}'`).join(', ')}`, apply });
    }
    return list;
}
/** In quotes, since YAML would read a name such as `123` or `on` as something else. */
function defaultMetadata(hostName) {
    return `instance-id: "${hostName}"\nlocal-hostname: "${hostName}"\n`;
}

// EXTERNAL MODULE: ./build/actions/recovery/lost-clone.js
var lost_clone = __webpack_require__(6382);
;// CONCATENATED MODULE: ./build/actions/clone/replace.js



/** How long vCenter may list a VM that it has deleted, and take its name for taken, in milliseconds. */
const NAME_LAG = 30_000;
const POLL = 1_000;
/**
 * Deletes the VM that has the name, within `timeout`, and waits until vCenter does not list it any more.
 *
 * @throws VcenterError; the signal's reason.
 */
async function replace({ runtime, inputs, session, report, stopwatch, signal }, { existing, folder }) {
    const { clock } = runtime;
    stopwatch.begin('replace');
    report.info(`'${existing.name}' (${existing.vm}) exists and is replaced.`);
    await (0,deadline/* withDeadline */.NE)({ clock, what: `The deletion of '${existing.name}' (${existing.vm})`, limit: inputs.timeout, signal }, async (deadline) => {
        const limits = { signal: deadline, retryTimeout: Number.POSITIVE_INFINITY };
        await (0,delete_vm/* powerOffAndDelete */.L)({ session, vm: existing, clock, report, limits });
        const isListed = async () => (await (0,vcenter_vm/* findVmsByName */.g6)(session, { name: existing.name, folder }, limits)).some(({ vm }) => vm === existing.vm);
        const deletedAt = clock.now();
        while ((await isListed()) && clock.now() - deletedAt < NAME_LAG) {
            await clock.sleep(POLL, deadline);
        }
    });
}

;// CONCATENATED MODULE: ./build/actions/clone/request.js







/** How long a request that has certainly started nothing is retried, in milliseconds. */
const request_RETRY_TIMEOUT = 20_000;
const MOST_REQUESTS = 4;
const PAUSE = 1_000;
const LONGEST_PAUSE = 5_000;
/**
 * Sends the clone request. One whose response is lost is never sent again blindly: what became of it is found out first. A
 * refusal in vCenter's own words has started nothing and is final, unless vCenter is only busy.
 *
 * @throws VcenterError where vCenter refuses it; UnknownOutcome where nobody can say what became of it; the signal's reason.
 */
async function requestClone(options) {
    const { session, journal, clock, random, report, signal } = options;
    let { prepared } = options;
    const startedAt = clock.now();
    let lostRequests = 0;
    for (let request = 1;; request += 1) {
        const sentAt = clock.now();
        const { plan } = prepared;
        const { kind } = prepared.request.tasks;
        journal.enter({ phase: 'requested', plan, kind, sentAt: clock.date().toISOString() });
        const error = await prepared.request
            .start(session, { signal, retryTimeout: request_RETRY_TIMEOUT })
            .catch((cause) => {
            if (cause instanceof transport_error/* VcenterError */.Cn) {
                return cause;
            }
            throw cause instanceof deadline/* DeadlineExceeded */.m4
                ? new UnknownOutcome("no response to it came within 'timeout'", { cause })
                : cause;
        });
        if (!(error instanceof transport_error/* VcenterError */.Cn)) {
            return { kind: 'task', task: error, prepared };
        }
        const elapsed = clock.now() - startedAt;
        if (!error.sent || (0,transport_error/* isOwnRefusal */.jZ)(error)) {
            const isTaken = (0,transport_error/* isRefusal */.vu)(error, 'ALREADY_EXISTS');
            if (!isTaken || lostRequests === 0) {
                journal.enter({ phase: 'planned', plan }); // neither has started anything
                const isRetried = error.sent &&
                    (((0,transport_error/* isBusy */.A5)(error) && elapsed < request_RETRY_TIMEOUT) ||
                        (isTaken && options.isNameJustFreed && elapsed < NAME_LAG));
                if (!isRetried) {
                    const instead = (0,transport_error/* isNotFound */.c4)(error) ? await orForTemplate(options, { prepared, error }) : undefined;
                    if (instead === undefined) {
                        throw error;
                    }
                    prepared = instead;
                    continue;
                }
                report.info(`${error.messages.join(' ')} Asking again.`);
                await clock.sleep(pauseBefore(request, random), signal).catch((reason) => {
                    if (reason instanceof deadline/* DeadlineExceeded */.m4) {
                        reason.lastError ??= error;
                    }
                    throw reason;
                });
                continue;
            }
            // The name was free before: an earlier request whose response was lost has worked after all.
        }
        lostRequests += 1;
        report.info(`The response to the clone request is lost. Looking for the clone; that none was started is certain only after ${(0,duration/* formatDuration */.a)(recovery_ownership/* ACCEPTANCE_WINDOW */.D8)}. ${error.messages.join(' ')}`);
        const lost = await findLost(options, { prepared, error, age: clock.now() - sentAt });
        switch (lost.outcome) {
            case 'vm':
                report.info(`The clone was started: '${lost.vm.name}' (${lost.vm.vm}) is there.`);
                return { kind: 'vm', vm: lost.vm, task: lost.task, prepared };
            case 'unknown':
                throw new UnknownOutcome(lost.reason, { cause: error });
            case 'none':
                journal.enter({ phase: 'planned', plan });
                if (request >= MOST_REQUESTS) {
                    throw error;
                }
                report.info('No clone was started; sending the request again.');
        }
    }
}
/** What vCenter does not find may be a template; where that cannot be told, its refusal is the error. */
async function orForTemplate({ report, signal }, { prepared, error }) {
    try {
        const instead = await prepared.forTemplate({ signal, retryTimeout: request_RETRY_TIMEOUT });
        if (instead !== undefined) {
            report.info(`${prepared.plan.source} is a template; cloning it through VI/JSON.`);
        }
        return instead;
    }
    catch (cause) {
        if (cause instanceof transport_error/* VcenterError */.Cn) {
            report.info(`Whether ${prepared.plan.source} is a template cannot be told. ${cause.text}`);
            throw error;
        }
        throw cause;
    }
}
async function findLost({ session, clock, report, signal }, { prepared: { plan, request }, error, age, }) {
    try {
        return await (0,lost_clone/* findLostClone */.F)({
            ...{ session, tasks: request.tasks, plan, age, clock, report },
            limits: { signal, retryTimeout: Number.POSITIVE_INFINITY, isCloneRunning: true },
        });
    }
    catch (cause) {
        if (cause instanceof deadline/* DeadlineExceeded */.m4) {
            throw new UnknownOutcome("'timeout' has ended before that was certain", { cause: error });
        }
        throw cause;
    }
}
function pauseBefore(request, random) {
    return (0.5 + random() / 2) * Math.min(LONGEST_PAUSE, PAUSE * 2 ** (request - 1));
}

// EXTERNAL MODULE: ./build/vcenter/inventory/exactly-one.js
var exactly_one = __webpack_require__(9034);
;// CONCATENATED MODULE: ./build/actions/clone/requested-objects.js

/**
 * The objects that a clone request names, each with the input that it comes from. Disks and their datastores are among them
 * only where they were given by id: those were not looked up.
 */
function requestedObjects({ inputs, spec, }) {
    const { placement = {} } = spec;
    const object = (input, id, reference) => id === undefined ? [] : [{ input, id, ...(reference === undefined ? {} : asked(reference)) }];
    return [
        ...object('source', spec.source, inputs.source),
        ...object('folder', placement.folder, inputs.folder),
        ...object('resource-pool', placement.resource_pool, inputs.resourcePool),
        ...object('cluster', placement.cluster, inputs.cluster),
        ...object('host', placement.host, inputs.host),
        ...object('datastore', placement.datastore, inputs.datastore),
        ...inputs.disksToRemove.flatMap((disk) => object('disks-to-remove', givenId(disk))),
        ...inputs.disksToUpdate.flatMap(({ disk, datastore }) => [
            ...object('disks-to-update', givenId(disk)),
            ...object('disks-to-update', givenId(datastore)),
        ]),
        ...object('guest-customization-spec', spec.guest_customization_spec?.name),
    ];
}
function asked(reference) {
    return reference.kind === 'id' ? {} : { asked: (0,exactly_one/* asTyped */.j4)(reference) };
}
function givenId(reference) {
    return reference.kind === 'id' ? reference.id : undefined;
}
/** For the log: `'ci/base/ubuntu-24.04' (vm-42)`, or the id alone where that is what the user wrote. */
function objectText({ id, asked }) {
    return asked === undefined ? id : `'${asked}' (${id})`;
}

// EXTERNAL MODULE: ./build/text/reference.js
var reference = __webpack_require__(3383);
// EXTERNAL MODULE: ./build/actions/recovery/vms-of-name.js
var vms_of_name = __webpack_require__(1930);
;// CONCATENATED MODULE: ./build/actions/clone/wait.js







/** Milliseconds for which the list of VMs is retried before the VM itself is asked. */
const DESCRIBE_RETRY = 20_000;
/** Milliseconds for which a list of tasks that cannot be had is retried, where nothing else tells when the copy is complete. */
const LIST_RETRY = 30_000;
const wait_POLL = 1_000;
const LONG_POLL = 3_000;
/**
 * Waits until the clone has ended. The polls go on until the signal ends them, whatever comes between: what vCenter does for
 * us does not stop because nobody can see it for a while.
 *
 * @throws TaskFailed; UnknownOutcome where the task is forgotten and no VM shows how it ended; VcenterError; the signal's
 * reason.
 */
async function waitForClone(options, started) {
    if (started.task !== undefined) {
        const task = await (0,poll_task/* pollTask */.j)({ ...options, task: started.task });
        if (task !== undefined) {
            return { task: expectSuccess(task), vm: undefined };
        }
    }
    const vm = started.kind === 'vm' ? started.vm : await findForgotten(options);
    return {
        task: undefined,
        vm: await waitForCopy(options, { vm, isTaskForgotten: started.kind === 'task' }),
    };
}
/** @throws TaskFailed */
function expectSuccess(task) {
    if (task.status === 'FAILED') {
        throw new TaskFailed(task);
    }
    return task;
}
/**
 * The VM that a clone has made, with its name and power state as vCenter lists them: GET /api/vcenter/vm, by the id that the
 * task names, or by name. A VM of another name is not the clone, whatever the task says.
 *
 * @throws UnknownOutcome; VcenterError; the signal's reason.
 */
async function confirmVm(options, { task, vm }) {
    const { session, plan, clock } = options;
    if (vm !== undefined) {
        return vm;
    }
    const named = task === undefined ? [] : (0,vcenter_task/* vmsNamedBy */.nu)(task).map(reference/* bareId */.yW);
    const ids = named.filter((id) => !(0,recovery_ownership/* isSource */.__)(plan, id) && !plan.vmsBefore.includes(id));
    const startedAt = clock.now();
    for (;;) {
        for (const id of ids) {
            const found = await (0,vcenter_vm/* findVm */.FJ)(session, id, { ...limitsOf(options), retryTimeout: DESCRIBE_RETRY });
            if (found !== undefined && isOwned({ plan, vm: found, task, isOnlyNew: false })) {
                return found;
            }
        }
        const vms = await (0,vms_of_name/* listNewVmsOfName */.t)(session, plan, limitsOf(options));
        const [only, ...more] = vms;
        if (only !== undefined && more.length === 0 && isOwned({ plan, vm: only, task, isOnlyNew: true })) {
            return only;
        }
        if (more.length > 0) {
            const ids = vms.map((each) => each.vm).join(', ');
            throw new UnknownOutcome(`several VMs are called '${plan.name}': ${ids}`);
        }
        if (clock.now() - startedAt >= recovery_ownership/* LISTING_LAG */.u_) {
            throw new UnknownOutcome(`vCenter says that it has succeeded, but lists no VM of it called '${plan.name}'`);
        }
        await clock.sleep(wait_POLL, options.signal);
    }
}
function isOwned({ plan, vm, task, isOnlyNew, }) {
    return (0,recovery_ownership/* checkOwnership */._E)({ plan, vm, ownTask: task, isOnlyNew }).owner === 'this run';
}
/** vCenter has forgotten the task: the VM shows by its name, perhaps only when the copy is complete. */
async function findForgotten(options) {
    const { session, plan, clock, signal } = options;
    for (;;) {
        const vms = await (0,vms_of_name/* listNewVmsOfName */.t)(session, plan, limitsOf(options));
        for (const vm of vms) {
            const ownership = (0,recovery_ownership/* checkOwnership */._E)({ plan, vm, ownTask: undefined, isOnlyNew: vms.length === 1 });
            if (ownership.owner === 'this run') {
                return vm;
            }
            throw new UnknownOutcome(`'${vm.name}' (${vm.vm}) is there, but ${ownership.reason}`);
        }
        await clock.sleep(LONG_POLL, signal);
    }
}
/**
 * Without its task, a copy is complete when the VM is on, or when the list of tasks shows none that may be making it. A task
 * whose record was dropped while it ran says nothing by not being listed.
 */
async function waitForCopy(options, { vm, isTaskForgotten }) {
    const { session, plan, powerOn, clock, signal } = options;
    let now = vm;
    let toldAt = clock.now();
    for (;;) {
        if (now?.powerState === 'POWERED_ON') {
            return now;
        }
        const tasks = isTaskForgotten
            ? undefined
            : await options.tasks.listClones(session, plan.source, limitsOf(options));
        if (tasks !== undefined) {
            toldAt = clock.now();
            if (now !== undefined && !tasks.some((task) => !(0,vcenter_task/* hasEnded */.hY)(task) && mayMake(task, { plan, vm }))) {
                return now;
            }
        }
        else if (!powerOn && (isTaskForgotten || clock.now() - toldAt >= LIST_RETRY)) {
            throw new UnknownOutcome(`'${vm.name}' (${vm.vm}) is there, but vCenter does not tell whether the copy is complete`);
        }
        await clock.sleep(LONG_POLL, signal);
        now = await (0,vcenter_vm/* findVm */.FJ)(session, vm.vm, limitsOf(options));
    }
}
function mayMake({ targetVm }, { plan, vm }) {
    return targetVm === undefined || (0,recovery_ownership/* isSource */.__)(plan, targetVm) || (0,reference/* bareId */.yW)(targetVm) === (0,reference/* bareId */.yW)(vm.vm);
}
function limitsOf({ signal }) {
    return { signal, retryTimeout: Number.POSITIVE_INFINITY, isCloneRunning: true };
}

;// CONCATENATED MODULE: ./build/actions/clone/make.js








/** How long the task's last poll after `timeout`, and the look-up of the new VM, may take, in milliseconds. */
const LAST_POLL = 5_000;
const CONFIRMATION = 120_000;
/**
 * From the request to the VM that came out of it, confirmed by its name.
 *
 * @throws TaskFailed; UnknownOutcome; VcenterError; RunnerFileError; the signal's reason; DeadlineExceeded.
 */
async function makeVm(run, { prepared, journal, progress, }) {
    const { runtime, inputs, session, report, stopwatch, signal } = run;
    const { core, clock, random } = runtime;
    const { existing, spec } = prepared;
    const source = requestedObjects({ inputs, spec }).find(({ input }) => input === 'source');
    let final = prepared;
    const waiting = () => ({
        ...{ session, tasks: final.request.tasks, plan: final.plan, clock, random, report },
        ...{ powerOn: final.request.powersOn, pollInterval: inputs.pollInterval },
        onPoll: (task) => {
            progress.last = task.progress;
        },
    });
    stopwatch.begin('request');
    let ended;
    try {
        ended = await (0,deadline/* withDeadline */.NE)({ clock, what: 'The clone', limit: inputs.timeout, signal }, async (deadline) => {
            const started = await requestClone({
                ...{ session, journal, prepared, clock, random, report, signal: deadline },
                isNameJustFreed: existing !== undefined,
            });
            stopwatch.begin('clone');
            final = started.prepared;
            const { plan, request } = final;
            if (started.kind === 'task') {
                progress.task = started.task;
                journal.enter({ phase: 'started', plan, task: { kind: request.tasks.kind, id: started.task } });
                (0,outputs/* setOutputs */.n0)(core, { 'task-id': started.task });
                report.info(`vCenter clones ${objectText(source ?? { id: spec.source })} to '${plan.name}': task ${started.task}.`);
            }
            return waitForClone({ ...waiting(), signal: deadline }, started);
        });
    }
    catch (cause) {
        ended = await askOnceMore(run, { tasks: final.request.tasks, task: progress.task, cause });
    }
    const vm = await (0,deadline/* withDeadline */.NE)({ clock, what: 'The look-up of the new VM', limit: CONFIRMATION, signal }, (deadline) => confirmVm({ ...waiting(), signal: deadline }, ended)).catch((cause) => {
        throw cause instanceof deadline/* DeadlineExceeded */.m4
            ? new UnknownOutcome(`vCenter did not list its VM within ${(0,duration/* formatDuration */.a)(cause.limit)}`, {
                cause: cause.lastError,
            })
            : cause;
    });
    journal.enter({ phase: 'created', plan: final.plan, vm: vm.vm });
    (0,outputs/* setOutputs */.n0)(core, { 'vm-id': vm.vm, created: 'true' });
    return { vm, prepared: final };
}
/** At `timeout` the clone may just have ended: a VM that is complete is not thrown away. */
async function askOnceMore({ runtime, session, signal }, { tasks, task, cause, }) {
    if (!(cause instanceof deadline/* DeadlineExceeded */.m4) || task === undefined) {
        throw cause;
    }
    const last = await (0,deadline/* withDeadline */.NE)({ clock: runtime.clock, what: 'the last poll', limit: LAST_POLL, signal }, (deadline) => tasks.get(session, task, { signal: deadline, retryTimeout: LAST_POLL })).catch(() => undefined);
    signal.throwIfAborted();
    if (last === undefined || !(0,vcenter_task/* hasEnded */.hY)(last)) {
        throw cause;
    }
    return { task: expectSuccess(last), vm: undefined };
}

;// CONCATENATED MODULE: ./build/actions/clone/name-taken.js

/** A VM of that name is there, and `if-exists` is `fail`, or the VM is the source, which is never reused or replaced. */
class NameTaken extends described_error/* DescribedError */.C {
    name = 'NameTaken';
    title = 'Name taken';
    text;
    constructor({ vmName, vm, isSource, }) {
        super(`the name '${vmName}' is taken by ${vm}`);
        this.text = isSource
            ? `'${vmName}' (${vm}) is the source itself, which is never reused or replaced. Choose another 'name'.`
            : `A VM named '${vmName}' (${vm}) is in the folder already. Choose another 'name', or set 'if-exists' to 'reuse' or 'replace'.`;
    }
}

;// CONCATENATED MODULE: ./build/actions/clone/power.js


/** vCenter attempts the power-on in a task of its own, after the clone's: behind DRS or a queue that takes a while. */
const ATTEMPT_WINDOW = 15_000;
const power_POLL = 1_000;
/** How long a VM may be busy with something else before its power-on is given up, in milliseconds. */
const power_RETRY_TIMEOUT = 60_000;
/**
 * Returns the VM when it is on: waits for the power-on that the clone request asked for, and starts the VM where it has not
 * asked, or that did not happen: GET /api/vcenter/vm/{vm}/power, POST /api/vcenter/vm/{vm}/power?action=start.
 *
 * @throws VcenterError with vCenter's reason why it cannot be started; the signal's reason.
 */
async function waitForPower(options, vm) {
    const { session, clock, report, signal, isRequested } = options;
    const limits = { signal, retryTimeout: power_RETRY_TIMEOUT };
    const startedAt = clock.now();
    let { powerState } = vm;
    while (isRequested && powerState !== 'POWERED_ON' && clock.now() - startedAt < ATTEMPT_WINDOW) {
        await clock.sleep(power_POLL, signal);
        powerState = await (0,vcenter_vm/* getPowerState */.XH)(session, vm.vm, limits);
    }
    if (powerState !== 'POWERED_ON') {
        report.info(`${isRequested ? `'${vm.name}' (${vm.vm}) is not on yet; starting it` : `Starting '${vm.name}' (${vm.vm})`}.`);
        await (0,vcenter_vm/* startVm */.gW)(session, vm.vm, limits).catch((error) => {
            if (!(0,transport_error/* isRefusal */.vu)(error, 'ALREADY_IN_DESIRED_STATE')) {
                throw error;
            }
        });
        powerState = 'POWERED_ON'; // that request returns when it is done
    }
    return { ...vm, powerState };
}

// EXTERNAL MODULE: ./build/github/inputs.js + 10 modules
var github_inputs = __webpack_require__(8313);
// EXTERNAL MODULE: ./build/time/side-by-side.js
var side_by_side = __webpack_require__(4375);
// EXTERNAL MODULE: ./build/vcenter/inventory/placement.js + 7 modules
var inventory_placement = __webpack_require__(4859);
// EXTERNAL MODULE: ./build/vcenter/vi-json/vm.js
var vm = __webpack_require__(2260);
;// CONCATENATED MODULE: ./build/actions/clone/clone-request.js
function toRequest({ method, spec, ...facts }) {
    return {
        ...facts,
        tasks: method.tasks,
        start: (session, limits) => method.start(session, spec, limits),
        describe: () => method.describe(spec),
    };
}

// EXTERNAL MODULE: ./build/vcenter/inventory/escaped-name.js
var escaped_name = __webpack_require__(8000);
;// CONCATENATED MODULE: ./build/vcenter/inventory/existence.js






/** The lists of the API that can be asked for ids (or, for specifications, names), with the name of their filter. */
const LISTS = {
    VirtualMachine: { operation: 'GET /api/vcenter/vm', filter: 'vms', key: 'vm' },
    Folder: { operation: 'GET /api/vcenter/folder', filter: 'folders', key: 'folder' },
    ResourcePool: {
        operation: 'GET /api/vcenter/resource-pool',
        filter: 'resource_pools',
        key: 'resource_pool',
    },
    ClusterComputeResource: { operation: 'GET /api/vcenter/cluster', filter: 'clusters', key: 'cluster' },
    HostSystem: { operation: 'GET /api/vcenter/host', filter: 'hosts', key: 'host' },
    Datastore: { operation: 'GET /api/vcenter/datastore', filter: 'datastores', key: 'datastore' },
    Datacenter: { operation: 'GET /api/vcenter/datacenter', filter: 'datacenters', key: 'datacenter' },
    CustomizationSpec: {
        operation: 'GET /api/vcenter/guest/customization-specs',
        filter: 'names',
        key: 'name',
    },
};
/** Which of `ids` vCenter does not list, or the account may not see. One request. @throws VcenterError */
async function findMissing(session, { type, ids }, limits) {
    const { key, filter } = LISTS[type];
    const rows = await listRows(session, type, { [filter]: ids }, limits);
    const present = new Set(rows.map((row) => (0,reference/* bareId */.yW)((0,json/* textOf */.b6)(row[key]) ?? '')));
    return ids.filter((id) => !present.has((0,reference/* bareId */.yW)(id)));
}
/** How many clusters without DRS are asked whether a resource pool is theirs. */
const MOST_CLUSTERS = 16;
/**
 * Which cluster without DRS a clone would go to that names no host: the one given, or that of the resource pool. Undefined
 * where its cluster has DRS, and `'unknown'` where vCenter does not tell.
 *
 * @throws VcenterError for a cluster that was given.
 */
async function findClusterWithoutDrs(session, { cluster, resourcePool }, limits) {
    if (cluster !== undefined) {
        const rows = await listRows(session, 'ClusterComputeResource', { clusters: [cluster] }, limits);
        return rows.filter(hasNoDrs).map(readCluster).at(0);
    }
    if (resourcePool === undefined) {
        return 'unknown';
    }
    try {
        const all = await listRows(session, 'ClusterComputeResource', {}, limits);
        const candidates = all.filter(hasNoDrs).map(readCluster);
        if (candidates.length > MOST_CLUSTERS) {
            return 'unknown';
        }
        const owned = await (0,side_by_side/* sideBySide */.Q)({
            signal: limits.signal,
            start: (signal) => candidates.map(({ id }) => {
                const filter = { resource_pools: [resourcePool], clusters: [id] };
                return listRows(session, 'ResourcePool', filter, { ...limits, signal });
            }),
        });
        return candidates.find((_, index) => owned[index]?.length === 1);
    }
    catch (error) {
        if (error instanceof transport_error/* VcenterError */.Cn) {
            return 'unknown';
        }
        throw error;
    }
}
async function listRows(session, type, query, limits) {
    const { operation } = LISTS[type];
    const { body } = await session.request({ operation, query, expects: 'json', retry: 'always' }, limits);
    if (!Array.isArray(body)) {
        throw (0,unreadable/* unreadable */.O)(session, operation, 'a list');
    }
    return body.filter(json/* isRecord */.u4);
}
function hasNoDrs(row) {
    return row['drs_enabled'] === false;
}
function readCluster(row) {
    return { id: (0,json/* textOf */.b6)(row['cluster']) ?? '', name: (0,escaped_name/* unescapeName */.E6)((0,json/* textOf */.b6)(row['name']) ?? '') };
}

// EXTERNAL MODULE: ./build/vcenter/inventory/lookup.js
var lookup = __webpack_require__(7641);
;// CONCATENATED MODULE: ./build/actions/clone/validate.js






/** `validate-only` found something that the clone request would be refused for. */
class ValidationError extends described_error/* DescribedError */.C {
    name = 'ValidationError';
    title = 'The clone would fail';
    text;
    constructor(text) {
        super(text);
        this.text = text;
    }
}
/**
 * Checks what resolving has not looked at, since ids cost no look-up: that every object and disk given by its id is there,
 * the customization specification, and that a clone without a host goes to a cluster with DRS. All requests go out side by
 * side.
 *
 * @throws ValidationError that names all that is wrong; VcenterError.
 */
async function validateClone(options) {
    const { session, inputs, spec, forTemplate, limits } = options;
    const { cluster, resource_pool: resourcePool, host } = spec.placement ?? {};
    const checks = [
        { input: 'source', type: 'VirtualMachine', ids: givenIds(inputs.source) },
        { input: 'datacenter', type: 'Datacenter', ids: givenIds(inputs.datacenter) },
        { input: 'folder', type: 'Folder', ids: givenIds(inputs.folder) },
        { input: 'resource-pool', type: 'ResourcePool', ids: givenIds(inputs.resourcePool) },
        { input: 'cluster', type: 'ClusterComputeResource', ids: givenIds(inputs.cluster) },
        { input: 'host', type: 'HostSystem', ids: givenIds(inputs.host) },
        { input: 'datastore', type: 'Datastore', ids: givenIds(inputs.datastore) },
        {
            input: 'disks-to-update',
            type: 'Datastore',
            ids: [...new Set(inputs.disksToUpdate.flatMap(({ datastore }) => givenIds(datastore)))],
        },
        {
            input: 'guest-customization-spec',
            type: 'CustomizationSpec',
            ids: spec.guest_customization_spec === undefined ? [] : [spec.guest_customization_spec.name],
        },
    ];
    const [withoutDrs, disks, ...missing] = await (0,side_by_side/* sideBySide */.Q)({
        signal: limits.signal,
        start: (signal) => [
            host === undefined
                ? findClusterWithoutDrs(session, {
                    ...(cluster === undefined ? {} : { cluster }),
                    ...(resourcePool === undefined ? {} : { resourcePool }),
                }, { ...limits, signal })
                : Promise.resolve(undefined),
            findDiskProblems(options, signal),
            ...checks
                .filter(({ ids }) => ids.length > 0)
                .map(async ({ input, type, ids }) => {
                const absent = await findMissing(session, { type, ids }, { ...limits, signal });
                const isTemplate = type === 'VirtualMachine' &&
                    absent.length > 0 &&
                    (await forTemplate({ ...limits, signal })) !== undefined;
                return (isTemplate ? [] : absent).map((id) => problemText({ input, type, id }));
            }),
        ],
    });
    const problems = [
        ...missing.flat(),
        ...disks,
        ...(withoutDrs === undefined || withoutDrs === 'unknown' ? [] : [withoutDrsText(withoutDrs)]),
    ];
    if (problems.length > 0) {
        const first = problems.length > 1 ? ['These inputs keep the clone from working:'] : [];
        throw new ValidationError([...first, ...problems].join('\n'));
    }
    return describeValidation({ ...options, isDrsKnown: withoutDrs === undefined });
}
function problemText({ input, type, id, }) {
    return `${input}: vCenter lists no ${type} '${id}', or the account may not see it.`;
}
async function findDiskProblems({ session, inputs, spec, limits }, signal) {
    const given = [
        ...inputs.disksToRemove.map((disk) => ({ input: 'disks-to-remove', disk })),
        ...inputs.disksToUpdate.map(({ disk }) => ({ input: 'disks-to-update', disk })),
    ].flatMap(({ input, disk }) => (disk.kind === 'id' ? [{ input, id: disk.id }] : []));
    if (given.length === 0) {
        return [];
    }
    const devices = await (0,lookup/* withInventoryLookup */.h)(session, { ...limits, signal }, (lookup) => lookup.devices(spec.source)).catch((error) => {
        if ((0,transport_error/* isNotFound */.c4)(error)) {
            return undefined; // a source that is not there is reported as such
        }
        throw error;
    });
    const disks = devices?.disks;
    const there = disks?.map(({ id, name }) => `'${name}' (${id})`).join(', ');
    return given
        .filter(({ id }) => disks?.every((disk) => disk.id !== id))
        .map(({ input, id }) => `${input}: the source has no disk '${id}'. There are: ${there}.`);
}
function withoutDrsText({ id, name }) {
    return `cluster: '${name}' (${id}), where the clone would go, has no DRS to choose a host: set 'host'.`;
}
function describeValidation({ inputs, spec, settings, isDrsKnown, }) {
    const { folder, cluster, resource_pool: pool, host } = spec.placement ?? {};
    const named = [
        ...requestedObjects({ inputs, spec }).map(({ input }) => input),
        ...(inputs.datacenter === undefined ? [] : ['datacenter']),
        ...(inputs.disksToRemove.length === 0 ? [] : ['disks-to-remove']),
        ...(inputs.disksToUpdate.length === 0 ? [] : ['disks-to-update']),
        ...(settings.networks.length === 0 ? [] : ['networks']),
        ...(settings.tags.length === 0 ? [] : ['tags']),
    ];
    const isCustomized = [spec.guest_customization_spec, settings.userData, settings.metaData].some((each) => each !== undefined);
    const isInFolder = folder !== undefined;
    const usesDrs = host === undefined && (cluster !== undefined || pool !== undefined);
    return {
        checked: [
            'the login',
            ...new Set(named.map((input) => `'${input}'`)),
            ...(isInFolder ? ['whether the name is free in the folder, templates apart'] : []),
            ...(usesDrs && isDrsKnown ? ['DRS of the cluster'] : []),
        ],
        unchecked: [
            'the privileges of the account',
            'free space and other resources',
            'whether folder, pool, host and datastore belong together',
            ...(isInFolder ? [] : ["whether the name is free in the source's folder"]),
            ...(usesDrs && !isDrsKnown ? ['DRS of the cluster'] : []),
            ...(settings.cpuCount === undefined && settings.memory === undefined
                ? []
                : ['whether CPUs and memory fit the host and the cores per socket']),
            ...(isCustomized ? ['whether the customization fits the guest and its adapters'] : []),
        ],
    };
}
function givenIds(reference) {
    return reference?.kind === 'id' ? [reference.id] : [];
}

// EXTERNAL MODULE: ./build/text/network.js
var network = __webpack_require__(6808);
;// CONCATENATED MODULE: ./build/vcenter/guest.js



const IDENTITY = 'GET /api/vcenter/vm/{vm}/guest/identity';
const INTERFACES = 'GET /api/vcenter/vm/{vm}/guest/networking/interfaces';
/**
 * GET /api/vcenter/vm/{vm}/guest/networking/interfaces, in the guest's own order. Right after boot the response has
 * interfaces that have no address.
 *
 * @throws VcenterError: NOT_FOUND where the VM is gone; the signal's reason.
 */
async function listGuestInterfaces(session, vm, limits) {
    const body = await ask(session, { operation: INTERFACES, vm }, limits);
    if (body === 'tools-not-running') {
        return body;
    }
    if (!Array.isArray(body)) {
        throw (0,unreadable/* unreadable */.O)(session, INTERFACES, "a list of the guest's interfaces");
    }
    return body
        .filter(json/* isRecord */.u4)
        .map((row) => ({ nic: (0,json/* textOf */.b6)(row['nic']), addresses: readAddresses(row['ip']) }));
}
/**
 * GET /api/vcenter/vm/{vm}/guest/identity.
 *
 * @throws VcenterError: NOT_FOUND where the VM is gone; the signal's reason.
 */
async function getGuestIdentity(session, vm, limits) {
    const body = await ask(session, { operation: IDENTITY, vm }, limits);
    if (body === 'tools-not-running') {
        return body;
    }
    if (!(0,json/* isRecord */.u4)(body)) {
        throw (0,unreadable/* unreadable */.O)(session, IDENTITY, "the guest's identity");
    }
    return { ipAddress: (0,json/* textOf */.b6)(body['ip_address']) };
}
async function ask(session, { operation, vm }, limits) {
    const isExpected = (error) => isToolsNotRunning(error, operation);
    try {
        const { body } = await session.request({ operation, path: { vm }, expects: 'json', retry: 'always', isExpected }, limits);
        return body;
    }
    catch (error) {
        if (isExpected(error)) {
            return 'tools-not-running';
        }
        throw error;
    }
}
/**
 * 503 with `com.vmware.api.vcenter.vm.guest.tools_not_running` (recorded in vmware.vmware_rest #179). SERVICE_UNAVAILABLE in
 * vCenter's own form counts, too: the description gives it no other meaning here. The 503 of a proxy has neither. A login
 * that is renewed on the way fails with its own operation, and speaks of the server, not of the guest.
 */
function isToolsNotRunning(error, operation) {
    return (error instanceof transport_error/* VcenterError */.Cn &&
        error.operation === operation &&
        (error.errorType === 'SERVICE_UNAVAILABLE' ||
            error.messageIds.some((id) => id.endsWith('.tools_not_running'))));
}
/** What has no address at all is left out; whether an address is one is for {@link checkAddresses} to say. */
function readAddresses(ip) {
    const listed = (0,json/* isRecord */.u4)(ip) ? ip['ip_addresses'] : undefined;
    if (!Array.isArray(listed)) {
        return [];
    }
    return listed.filter(json/* isRecord */.u4).flatMap((row) => {
        const address = (0,json/* textOf */.b6)(row['ip_address']);
        return address === undefined ? [] : [{ address, state: (0,json/* textOf */.b6)(row['state']) }];
    });
}

// EXTERNAL MODULE: ./build/vcenter/vi-json/clone.js
var clone = __webpack_require__(4112);
// EXTERNAL MODULE: ./build/vcenter/vi-json/data.js
var data = __webpack_require__(673);
// EXTERNAL MODULE: ./build/vcenter/vi-json/properties.js
var properties = __webpack_require__(7256);
;// CONCATENATED MODULE: ./build/vcenter/vi-json/pool.js


const COMPUTE = ['ComputeResource', 'ClusterComputeResource'];
/**
 * The root resource pool of a cluster, or of the cluster or standalone host that a host is: what the clone of a template, which
 * is in no pool, must name. One request; undefined where vCenter does not tell one.
 *
 * @throws VcenterError: ManagedObjectNotFound for an unknown id.
 */
async function findRootPool(session, owner, limits) {
    const objects = 'cluster' in owner
        ? (0,properties/* these */.QT)({ type: 'ClusterComputeResource', id: owner.cluster })
        : (0,properties/* reachedFrom */.Tj)({ type: 'HostSystem', id: owner.host }, 'parent');
    const paths = COMPUTE.map((type) => ({ type, paths: ['resourcePool'] }));
    const [found] = await (0,properties/* retrieveProperties */._c)(session, { paths, objects }, limits);
    return (0,data/* readReference */.Wf)(found?.values.get('resourcePool'))?.id;
}

// EXTERNAL MODULE: ./build/vcenter/vi-json/snapshots.js
var snapshots = __webpack_require__(5856);
;// CONCATENATED MODULE: ./build/actions/clone/vi-request.js









/**
 * The clone request of a template, of a linked or of an instant clone, which go out through VI/JSON: its source is read first
 * (PropertyCollector.RetrievePropertiesEx), and, for a template without `resource-pool`, the pool of `cluster` or `host`.
 *
 * @throws ValidationError for what vCenter would refuse; VcenterError; the signal's reason.
 */
async function prepareViRequest(options) {
    const { session, inputs, placement, name, guestinfo, limits } = options;
    const { cloneType } = inputs;
    if ((await session.viJson(limits)) === undefined) {
        throw new ValidationError(cloneType === 'full'
            ? `source: the template ${placement.source} can be cloned with vCenter 8.0 U1 or later; this server has no VI/JSON.`
            : `clone-type: '${cloneType}' needs vCenter 8.0 U1 or later; this server has no VI/JSON.`);
    }
    const withDevices = placement.disksToRemove.length > 0;
    const source = await (0,vm/* readSourceVm */.j)(session, { id: (0,reference/* bareId */.yW)(placement.source), withDevices }, limits);
    if (source === undefined) {
        throw new ValidationError(`source: there is neither a VM nor a template '${placement.source}', or the account may not see it.`);
    }
    checkSource(source, cloneType);
    const folder = placement.folder ?? source.folder;
    if (folder === undefined) {
        throw new ValidationError("folder: the source is in none (it is part of a vApp), so 'folder' is needed.");
    }
    const { datastore } = placement;
    if (cloneType === 'instant') {
        const pool = placement.resourcePool;
        const spec = {
            source: source.id,
            name,
            folder,
            ...optional({ resourcePool: pool, datastore, guestinfo }),
        };
        const how = 'instant, from where its source is';
        const sourceAddresses = await addressesOf(options, source.id);
        return {
            folder,
            sourceAddresses,
            request: toRequest({ method: clone/* viInstantClone */._P, spec, powersOn: true, how }),
        };
    }
    const common = {
        ...{ source: source.id, name, folder, powerOn: false },
        ...{ disksToRemove: disksOf(source, placement.disksToRemove) },
        ...optional({
            ...{ resourcePool: await poolOf(options, source), host: placement.host, datastore },
            ...{ notes: inputs.notes, guestinfo },
        }),
    };
    if (cloneType === 'linked') {
        const snapshot = snapshotOf(source, inputs.snapshot);
        const spec = { ...common, snapshot: snapshot.id };
        const how = `linked, from the snapshot '${snapshot.name}'`;
        return {
            folder,
            sourceAddresses: [],
            request: toRequest({ method: clone/* viLinkedClone */.A8, spec, powersOn: false, how }),
        };
    }
    const disksToUpdate = placement.disksToUpdate.flatMap(({ disk, datastore: target }) => {
        const key = (0,vm/* diskKey */.n)(disk);
        return key === undefined ? [] : [{ key, datastore: target }];
    });
    const spec = { ...common, ...(disksToUpdate.length === 0 ? {} : { disksToUpdate }) };
    const how = source.isTemplate === true ? 'full, from a template' : 'full';
    return {
        folder,
        sourceAddresses: [],
        request: toRequest({ method: clone/* viFullClone */.wG, spec, powersOn: false, how }),
    };
}
/** All addresses that the source's guest reports, where an address of the clone is waited for. */
async function addressesOf({ session, inputs, limits }, source) {
    if (!inputs.waitForIp && inputs.waitForPort.length === 0) {
        return [];
    }
    const interfaces = await listGuestInterfaces(session, source, limits);
    const listed = interfaces === 'tools-not-running' ? [] : interfaces.flatMap(({ addresses }) => addresses);
    return listed.flatMap(({ address }) => (0,network/* parseAddress */.or)(address)?.text ?? []);
}
/** Leaves out what is not set. */
function optional(fields) {
    return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
function checkSource({ id, isTemplate, powerState, missing }, cloneType) {
    if (isTemplate === undefined && missing.size === 0) {
        throw new ValidationError(`source: vCenter cannot read the configuration of ${id}: it is inaccessible. Its events in vCenter say why.`);
    }
    if (cloneType === 'instant' && isTemplate === true) {
        throw new ValidationError("source: an instant clone needs a VM that runs, and this is a template: leave 'clone-type' out.");
    }
    if (cloneType === 'instant' && powerState !== undefined && powerState !== 'poweredOn') {
        throw new ValidationError(`source: an instant clone needs a VM that runs, and ${id} is ${powerState}: power it on.`);
    }
}
/** A template is in no pool, so one has to be named; a VM hands its own on. */
async function poolOf({ session, placement, limits }, { isTemplate, resourcePool }) {
    const { cluster, host } = placement;
    if (placement.resourcePool !== undefined) {
        return placement.resourcePool;
    }
    if (cluster === undefined && host === undefined) {
        if (isTemplate === true && resourcePool === undefined) {
            throw new ValidationError("source: it is a template, which is in no resource pool: set 'resource-pool', 'cluster' or 'host'.");
        }
        return undefined;
    }
    const owner = cluster === undefined ? { host: host ?? '' } : { cluster };
    const pool = await findRootPool(session, owner, limits);
    if (pool === undefined) {
        const input = cluster === undefined ? 'host' : 'cluster';
        throw new ValidationError(`${input}: vCenter tells no resource pool of it: set 'resource-pool'.`);
    }
    return pool;
}
function snapshotOf(source, name) {
    const choice = (0,snapshots/* chooseSnapshot */.I)(source, name);
    const listed = (snapshots) => snapshots.map((each) => `'${each.name}' (${each.id}, ${each.createTime ?? 'time unknown'})`).join(', ');
    switch (choice.outcome) {
        case 'found':
            return choice.snapshot;
        case 'several':
            throw new ValidationError(`snapshot: several snapshots of the source are called '${name}': ${listed(choice.candidates)}. Rename one.`);
        case 'unreadable':
            throw new ValidationError(`snapshot: the account may not read the snapshots of ${source.id}. It needs System.Read on it.`);
        case 'none': {
            const there = choice.candidates.length === 0
                ? `The source has no snapshot at all. ${howToSnapshot(source)}`
                : `There are: ${listed(choice.candidates)}.`;
            throw new ValidationError(name === undefined
                ? `clone-type: a linked clone needs a snapshot, and the source has no current one. ${there}`
                : `snapshot: the source has no snapshot '${name}'. ${there}`);
        }
    }
}
/** The action makes none: that would change the source. */
function howToSnapshot({ isTemplate }) {
    return isTemplate === true
        ? 'Convert the template to a VM, take a snapshot, and mark it as a template again.'
        : 'Take one while it is off, once the image is as it should be: it has to live as long as its clones.';
}
function disksOf({ disks }, ids) {
    return ids.map((id) => {
        const disk = disks.find(({ key }) => key === (0,vm/* diskKey */.n)(id));
        if (disk === undefined) {
            const there = disks.map(({ key, label }) => `'${label}' (${key})`).join(', ');
            throw new ValidationError(`disks-to-remove: the source has no disk '${id}'. There are: ${there}.`);
        }
        return disk;
    });
}

;// CONCATENATED MODULE: ./build/actions/clone/prepare.js











/**
 * Turns inputs into a CloneSpec: all look-ups and, where the name was given, the look-up whether it is free, side by side.
 *
 * @throws ResolveError for all names that cannot be resolved; VcenterError; the signal's reason.
 */
async function prepareClone({ session, inputs, name, trust, random, report, limits, }) {
    const isNameGenerated = inputs.name === undefined;
    // A generated name needs no look-up: no other step has it.
    const isLookedFor = !isNameGenerated || inputs.ifExists !== 'fail' || inputs.validateOnly;
    const [placement, vmsBefore] = await (0,side_by_side/* sideBySide */.Q)({
        signal: limits.signal,
        start: (signal) => [
            (0,inventory_placement/* resolvePlacement */.ep)(session, { ...inputs, inputNames: github_inputs/* placementInputs */.xC }, { ...limits, signal }),
            isLookedFor ? (0,vcenter_vm/* findVmsByName */.g6)(session, { name }, { ...limits, signal }) : Promise.resolve([]),
        ],
    });
    const { folder } = placement;
    let existing;
    if (vmsBefore.length > 0 && folder !== undefined) {
        [existing] = await (0,vcenter_vm/* findVmsByName */.g6)(session, { name, folder }, limits);
    }
    else if (vmsBefore.length > 0) {
        const ids = vmsBefore.map(({ vm }) => vm).join(', ');
        report.info(`'${name}' exists elsewhere (${ids}); vCenter decides whether it is free in the source's folder.`);
    }
    const mark = Object.keys(inputs.guestinfo).length === 0 ? undefined : drawMark(random);
    const guestinfo = mark === undefined ? undefined : { values: inputs.guestinfo, mark };
    const viaViJson = (within) => prepareViRequest({ session, inputs, placement, name, guestinfo, limits: within });
    const needsViJson = placement.isTemplate || inputs.cloneType !== 'full';
    const vi = needsViJson ? await viaViJson(limits) : undefined;
    if (vi === undefined && (guestinfo !== undefined || inputs.notes !== undefined)) {
        await expectViJson({ session, inputs, limits });
    }
    const plan = (vi) => {
        const planned = folder ?? vi?.folder;
        return {
            server: inputs.connection.server,
            name,
            isNameGenerated,
            source: placement.source,
            ...trustOf(trust),
            ...(planned === undefined ? {} : { folder: planned }),
            ...(mark === undefined ? {} : { mark }),
            vmsBefore: vmsBefore.map(({ vm }) => vm),
        };
    };
    const prepared = (vi) => {
        const settings = settingsFor({ inputs, placement, guestinfo, isViRequest: vi !== undefined });
        const powersOn = vi?.request.powersOn ?? (inputs.powerOn && !needPowerOff(settings));
        const spec = toCloneSpec({ inputs, placement, name, powerOn: powersOn });
        const request = vi?.request ?? toRequest({ method: clone_method/* restClone */.kZ, spec, powersOn, how: 'full' });
        const forTemplate = async (within) => {
            const isId = vi === undefined && inputs.source.kind === 'id';
            if (!isId || (await session.viJson(within)) === undefined) {
                return undefined;
            }
            const source = await (0,vm/* readSourceVm */.j)(session, { id: (0,reference/* bareId */.yW)(placement.source) }, within);
            return source?.isTemplate === true ? prepared(await viaViJson(within)) : undefined;
        };
        const { sourceAddresses = [] } = vi ?? {};
        return { plan: plan(vi), request, forTemplate, spec, settings, sourceAddresses, existing };
    };
    return prepared(vi);
}
const MARK_LENGTH = 16;
function drawMark(random) {
    const draw = () => Math.floor(random() * 36).toString(36);
    return Array.from({ length: MARK_LENGTH }, draw).join('');
}
/** @throws ValidationError for what a server without VI/JSON cannot set. */
async function expectViJson({ session, inputs, limits, }) {
    if ((await session.viJson(limits)) === undefined) {
        const input = inputs.notes === undefined ? 'guestinfo' : 'notes';
        throw new ValidationError(`${input}: needs vCenter 8.0 U1 or later; this server has no VI/JSON.`);
    }
}
/** What is to be changed of the new VM. A request of VI/JSON sets notes and guestinfo itself, but for an instant clone's notes. */
function settingsFor({ inputs, placement, guestinfo, isViRequest, }) {
    const { cpuCount, memory, userData, metaData, guestCustomizationSpec, cloneType } = inputs;
    const { networks, tags } = placement;
    return {
        ...{ cpuCount, memory, userData, metaData, networks, tags },
        customizationSpec: isViRequest ? guestCustomizationSpec : undefined,
        notes: isViRequest && cloneType !== 'instant' ? undefined : inputs.notes,
        guestinfo: isViRequest ? undefined : guestinfo,
    };
}
function trustOf(trust) {
    if (trust === undefined) {
        return {};
    }
    return 'caCertificate' in trust
        ? { caCertificate: trust.caCertificate }
        : { certificateFingerprint: trust.fingerprint };
}
/** The request's body: what is not set is left out, since vCenter takes "" for an id and 7.0 refuses null. */
function toCloneSpec({ inputs, placement, name, powerOn, }) {
    const { folder, resourcePool, host, cluster, datastore, disksToRemove, disksToUpdate } = placement;
    const target = {
        ...(folder === undefined ? {} : { folder }),
        ...(resourcePool === undefined ? {} : { resource_pool: resourcePool }),
        ...(host === undefined ? {} : { host }),
        ...(cluster === undefined ? {} : { cluster }),
        ...(datastore === undefined ? {} : { datastore }),
    };
    return {
        source: placement.source,
        name,
        ...(Object.keys(target).length === 0 ? {} : { placement: target }),
        ...(disksToRemove.length === 0 ? {} : { disks_to_remove: disksToRemove }),
        ...(disksToUpdate.length === 0
            ? {}
            : {
                disks_to_update: Object.fromEntries(disksToUpdate.map(({ disk, datastore: target }) => [disk, { datastore: target }])),
            }),
        power_on: powerOn,
        ...(inputs.guestCustomizationSpec === undefined
            ? {}
            : { guest_customization_spec: { name: inputs.guestCustomizationSpec } }),
    };
}

;// CONCATENATED MODULE: ./build/actions/clone/address-hints.js

/**
 * What the settings of a VM may have to do with it that its guest has no address, one sentence each. The number of its network
 * adapters is asked only where it matters: GET /api/vcenter/vm/{vm}/hardware/ethernet.
 *
 * @throws the signal's reason.
 */
async function addressHints({ inputs, session, signal }, { vm, settings, created, }) {
    if (!created) {
        return [];
    }
    const { userData, metaData } = inputs;
    const hasCloudInit = userData !== undefined || metaData !== undefined;
    let adapters = 0;
    if (hasCloudInit && !metaData?.includes('network')) {
        adapters = await countAdapters(session, vm.vm, { signal, retryTimeout: 0 }).catch(() => 0);
        signal.throwIfAborted();
    }
    return [
        ...settings.networks
            .filter(({ type }) => type === 'STANDARD_PORTGROUP')
            .map(({ network }) => standardPortGroupHint(network)),
        ...(adapters > 1 ? [severalAdaptersHint(adapters)] : []),
    ];
}
function standardPortGroupHint({ id, name }) {
    return `'${name}' (${id}) is a standard port group, which each host has for itself: does the VM's host have it, on the right VLAN?`;
}
/** Without a network in the metadata cloud-init falls back to DHCP on one adapter (its DataSourceVMware). */
function severalAdaptersHint(adapters) {
    return `The VM has ${adapters} network adapters, and without a 'network' in 'meta-data' cloud-init sets up one of them, by DHCP.`;
}

;// CONCATENATED MODULE: ./build/actions/clone/address-rule.js

/** Without a customization nothing changes the address. */
const TWO_POLLS = { hold: 0, holdAfterRestart: 0 };
/** A guest that restarts for its customization is away sooner than this. */
const RESTART_WINDOW = 40_000;
/** Where vCenter tells nothing of the customization. */
const UNKNOWN_HOLD = 10_000;
/**
 * When an address counts, by what is known of the customization at the clock's time `now`. The Tools for Linux report the
 * success of a stored specification, and have the guest restart only then (open-vm-tools,
 * libDeployPkg/linuxDeployment.c); they leave it out where cloud-init takes over.
 */
function addressRule({ kind, outcome, now, }) {
    switch (outcome) {
        case 'not waited for':
            return { hold: RESTART_WINDOW, holdAfterRestart: 0 };
        case 'unknown':
            return { hold: kind === 'stored' ? RESTART_WINDOW : UNKNOWN_HOLD, holdAfterRestart: UNKNOWN_HOLD };
        case 'ended':
            return kind === 'stored' ? { hold: RESTART_WINDOW, holdAfterRestart: 0, customizedAt: now } : TWO_POLLS;
    }
}
/** How long an address has to hold, in milliseconds; 0: the same on two polls in a row is enough. */
function holdTime(rule, { tools }) {
    return tools === 'are back' ? rule.holdAfterRestart : rule.hold;
}
/** When an address counts that was seen, as a clause. */
function whenItCounts(rule, history) {
    const hold = (0,duration/* formatDuration */.a)(holdTime(rule, history));
    if (rule.customizedAt !== undefined) {
        return `after the restart that ends the customization, or ${hold} after its end without one`;
    }
    return rule.hold === rule.holdAfterRestart || history.tools === 'are back'
        ? `once it has held for ${hold}`
        : `after the restart of the customization, or once it has held for ${hold}`;
}

;// CONCATENATED MODULE: ./build/actions/clone/vm-powered-off.js

const CONSEQUENCES = {
    customization: { title: 'The customization failed', text: 'its guest is never customized' },
    address: { title: 'No address', text: 'its guest never reports an address' },
    port: { title: 'No open port', text: 'no port of its guest accepts a connection' },
};
/** How to get hold of a VM that did not become ready; undefined for one that stays. */
function howToKeep({ isMeantToBeOn, waitForLess }) {
    return isMeantToBeOn
        ? `To examine such a VM, ${waitForLess}: then the step succeeds, and the VM stays until it is torn down.`
        : undefined;
}
/** The VM is off, or suspended, and stays so: it will never be ready. */
class VmPoweredOffError extends described_error/* DescribedError */.C {
    name = 'VmPoweredOffError';
    title;
    vm;
    powerState;
    /** What happened and what to do about it, one sentence or more a line. */
    text;
    constructor({ vm, powerState, waitedFor, ...advice }) {
        super(`${vm} is ${powerState}`);
        this.vm = vm;
        this.powerState = powerState;
        const { title, text } = CONSEQUENCES[waitedFor];
        this.title = title;
        const whatToDo = howToKeep(advice) === undefined
            ? `Power it on first, or ${advice.waitForLess}.`
            : `It was to be on: its events in vCenter say what switched it off or keeps it off.\n${howToKeep(advice)}`;
        this.text = `${vm} is ${powerState}, so ${text}.\n${whatToDo}`;
    }
}

;// CONCATENATED MODULE: ./build/actions/clone/watch-vm.js





const FIRST_PAUSE = 1_000;
const watch_vm_LONGEST_PAUSE = 5_000;
const GROWTH = 1.5;
const JITTER = 0.1;
/** Power is polled with the first and with each so many-th poll, and with all while the VM is off. */
const POWER_EVERY = 5;
/** vCenter powers a clone on in a task of its own, behind DRS or a queue. */
const LONGEST_OFF = 30_000;
const REPORT_EVERY = 30_000;
/** Characters of a failed request's reason in a line of progress. */
const LONGEST_REASON = 300;
/**
 * Polls a VM until `next` has a result. Polls that fail are followed by others; what changes is reported, or the same every
 * 30 s.
 *
 * @throws VmPoweredOffError where the VM is off and stays so: for 30 s if it is meant to be on, else for two polls;
 * VcenterError where vCenter refuses to respond, or the VM is gone; what `next` and `timedOut` throw; the signal's reason.
 */
async function watchVm(options) {
    const { clock, random, vm, isMeantToBeOn, waitForLess, waitedFor, signal, report } = options;
    const longestOff = isMeantToBeOn ? LONGEST_OFF : 0;
    const startedAt = clock.now();
    let history = startPolls(startedAt);
    let reported = { line: '', at: startedAt };
    let pause = FIRST_PAUSE / GROWTH;
    try {
        for (let polls = 0;; polls += 1) {
            const { offSince } = history;
            const { poll, ...facts } = await pollVm(options, offSince !== undefined || polls % POWER_EVERY === 0);
            history = continuePolls(history, { poll, ...facts, now: clock.now() });
            if (poll.kind === 'off' && offSince !== undefined && clock.now() - offSince >= longestOff) {
                const { powerState } = poll;
                throw new VmPoweredOffError({ vm, powerState, isMeantToBeOn, waitForLess, waitedFor });
            }
            const step = await options.next(poll);
            if ('result' in step) {
                return step.result;
            }
            const now = clock.now();
            const { line } = step;
            if (line !== reported.line || now - reported.at >= REPORT_EVERY) {
                reported = { line, at: now };
                report(`${line} (${(0,duration/* formatDuration */.a)(now - startedAt)})`);
            }
            const isChangeNear = poll.kind === 'off' || step.isChangeNear === true;
            pause = isChangeNear ? FIRST_PAUSE : Math.min(watch_vm_LONGEST_PAUSE, pause * GROWTH);
            await clock.sleep(pause * (1 + (2 * random() - 1) * JITTER), signal);
        }
    }
    catch (error) {
        if (error instanceof deadline/* DeadlineExceeded */.m4 && error === signal.reason) {
            return options.timedOut(history, error);
        }
        throw error;
    }
}
function startPolls(startedAt) {
    return { startedAt, responses: 0, powerState: undefined, offSince: undefined, lastError: undefined };
}
/** The last request that failed, for the error of a wait that timed out. */
function describeLastError({ startedAt, lastError }, cause) {
    if (lastError !== undefined) {
        const after = (0,duration/* formatDuration */.a)(lastError.at - startedAt);
        return `The last request that failed, after ${after}: ${lastError.error.message}`;
    }
    return cause.lastError === undefined
        ? undefined
        : `The last request that failed: ${cause.lastError.message}`;
}
async function pollVm({ session, vm, signal, read }, withPower) {
    const limits = { signal, retryTimeout: 0 };
    const power = withPower ? await unlessFinal((0,vcenter_vm/* getPowerState */.XH)(session, vm, limits)) : undefined;
    const powerError = power instanceof transport_error/* VcenterError */.Cn ? power : undefined;
    const powerState = power instanceof transport_error/* VcenterError */.Cn ? undefined : power;
    if (isOff(powerState)) {
        return { poll: { kind: 'off', powerState }, powerState };
    }
    const reading = await unlessFinal(read(limits));
    if (reading instanceof transport_error/* VcenterError */.Cn) {
        return { poll: { kind: 'failed', error: reading }, powerState, error: reading };
    }
    const { value, error } = reading;
    return { poll: { kind: 'read', value }, powerState, error: error ?? powerError };
}
function continuePolls(history, { poll, powerState, error, now }) {
    const { responses, offSince, lastError } = history;
    return {
        ...history,
        responses: poll.kind === 'read' ? responses + 1 : responses,
        powerState: powerState ?? history.powerState,
        offSince: poll.kind === 'off' ? (offSince ?? now) : powerState === undefined ? offSince : undefined,
        lastError: error === undefined ? lastError : { error, at: now },
    };
}
/** A line of progress for a poll that has read nothing. */
function describeEmptyPoll(poll) {
    return poll.kind === 'off'
        ? `The VM is ${poll.powerState}.`
        : `The guest could not be polled: ${poll.error.message.slice(0, LONGEST_REASON)}`;
}
/** Whether a guest cannot run in this state of power; a state that nobody knows is none. */
function isOff(state) {
    return state === 'POWERED_OFF' || state === 'SUSPENDED';
}
/** Failures that another poll may not meet again are returned. */
async function unlessFinal(response) {
    try {
        return await response;
    }
    catch (error) {
        if (error instanceof transport_error/* VcenterError */.Cn && !isFinal(error)) {
            return error;
        }
        throw error;
    }
}
/**
 * vCenter's own refusal, that of a login included. What is not in its own form comes from a proxy and passes; so does a 5xx,
 * and a session that is refused at its first use.
 */
function isFinal(error) {
    const { failure, status = 0, errorType, messageIds } = error;
    if (failure !== 'response') {
        return failure === 'certificate';
    }
    if (status === 401) {
        return (0,transport_error/* isLoginRefused */.mZ)(error);
    }
    const isInOwnForm = errorType !== undefined || messageIds.length > 0;
    return isInOwnForm && status < 500 && !(0,transport_error/* isTransient */.dg)(error);
}

;// CONCATENATED MODULE: ./build/actions/clone/customization-failure.js




/** The customization of a guest ended as FAILED. */
class CustomizationFailed extends described_error/* DescribedError */.C {
    name = 'CustomizationFailed';
    title = 'The customization failed';
    text;
    constructor({ vm, kind, error, ...advice }) {
        super(`the customization of ${vm} failed`);
        this.text = (0,described_error/* joinLines */.c)(`The customization of ${vm} failed. vCenter: ${error ?? 'No reason was given.'}`, LOGS[kind], howToKeep(advice));
    }
}
/** The customization of a guest did not end in the time given. */
class CustomizationTimedOut extends described_error/* DescribedError */.C {
    name = 'CustomizationTimedOut';
    title = 'The customization took too long';
    text;
    constructor({ vm, kind, last, polls, cause, ...advice }) {
        super(`the customization of ${vm} did not end within ${cause.limit} ms`, { cause });
        const limit = `${(0,duration/* formatDuration */.a)(cause.limit)} ('customization-timeout')`;
        this.text = (0,described_error/* joinLines */.c)(`The customization of ${vm} did not end within ${limit}; ${describe(last)}.`, last?.error === undefined ? undefined : `The guest has reported an error meanwhile: ${last.error}`, ...(last === undefined ? [] : whatItNeeds(kind, last)), describeLastError(polls, cause), howToKeep(advice));
    }
}
function describe(last) {
    return last === undefined
        ? 'vCenter responded to no request about it'
        : `it is ${last.status === 'PENDING' ? 'PENDING: the guest has not begun it' : last.status}`;
}
/** Where the guest writes down what it does. */
const LOGS = {
    stored: 'The guest has its log: /var/log/vmware-imc/toolsDeployPkg.log, or C:\\Windows\\Temp\\vmware-imc\\guestcust.log.',
    'cloud-init': 'The guest has its logs: /var/log/cloud-init.log and /var/log/vmware-imc/toolsDeployPkg.log.',
};
function whatItNeeds(kind, { status }) {
    if (kind === 'stored') {
        return [
            'The source needs VMware Tools (open-vm-tools), and perl where it runs Linux.',
            "Windows takes 20 to 30 minutes: set 'customization-timeout' for it.",
        ];
    }
    return [
        "The source needs VMware Tools (open-vm-tools), cloud-init 21.1 or later with 'VMware' in its datasource_list, and 'disable_vmware_customization: false' in /etc/cloud/cloud.cfg itself.",
        'A source that has guestinfo.metadata, guestinfo.userdata or guestinfo.vendordata of its own passes them on to its clones, and cloud-init takes them instead: remove them.',
        ...(status === 'RUNNING' ? [LOGS[kind]] : []),
    ];
}

;// CONCATENATED MODULE: ./build/actions/clone/wait-for-customization.js




/** How long vCenter may know of no customization after the power-on, in milliseconds; some servers never tell of one. */
const LONGEST_IDLE = 20_000;
/**
 * Waits until the guest of a VM that is on has been customized: GET /api/vcenter/vm/{vm}/guest/customization. `unknown`: vCenter
 * has told of no customization for 20 s, or until the signal's deadline.
 *
 * @throws CustomizationFailed; CustomizationTimedOut when the signal's deadline comes first; VmPoweredOffError; VcenterError
 * where vCenter refuses to respond, or the VM is gone; the signal's reason otherwise.
 */
async function waitForCustomization(options) {
    const { session, clock, vm, report } = options;
    const startedAt = clock.now();
    let last;
    let idleSince;
    const unknown = () => {
        report('vCenter tells of no customization of this VM, so nobody can tell when it ends.');
        return 'unknown';
    };
    return watchVm({
        ...options,
        waitedFor: 'customization',
        read: async (limits) => ({ value: await getCustomization(session, vm, limits) }),
        next(poll) {
            if (poll.kind !== 'read') {
                idleSince = poll.kind === 'off' ? undefined : idleSince;
                return { line: describeEmptyPoll(poll) };
            }
            last = poll.value;
            const now = clock.now();
            idleSince = last.status === 'IDLE' ? (idleSince ?? now) : undefined;
            switch (last.status) {
                case 'FAILED':
                    throw new CustomizationFailed({ ...options, error: last.error });
                case 'SUCCEEDED':
                    report(`The guest is customized, after ${(0,duration/* formatDuration */.a)(now - startedAt)}.`);
                    return { result: 'ended' };
                case 'IDLE':
                    return now - (idleSince ?? now) >= LONGEST_IDLE
                        ? { result: unknown() }
                        : { line: 'vCenter tells of no customization yet.' };
                case 'PENDING':
                    return { line: 'The guest has not begun its customization yet.' };
                case 'RUNNING': {
                    const reported = last.error === undefined ? '' : ` It reports an error: ${last.error}`;
                    return { line: `The guest is being customized.${reported}` };
                }
            }
        },
        timedOut(polls, cause) {
            if (last?.status === 'IDLE' && polls.offSince === undefined) {
                return unknown();
            }
            throw new CustomizationTimedOut({ ...options, last, polls, cause });
        },
    });
}

// EXTERNAL MODULE: external "node:net"
var external_node_net_ = __webpack_require__(7030);
;// CONCATENATED MODULE: ./build/vcenter/address.js

/** Addresses that never lead another machine to this one. */
const UNREACHABLE = [
    { why: 'unspecified', includes: matcherOf('0.0.0.0/8', '::/128') },
    { why: 'loopback', includes: matcherOf('127.0.0.0/8', '::1/128') },
    { why: 'link-local', includes: matcherOf('169.254.0.0/16', 'fe80::/10') },
    { why: 'multicast', includes: matcherOf('224.0.0.0/4', 'ff00::/8') },
    { why: 'broadcast', includes: matcherOf('255.255.255.255') },
];
function matcherOf(...networks) {
    return (0,network/* networkMatcher */.jx)(networks.map(network/* parseNetwork */.MO).filter((network) => network !== undefined));
}
/**
 * Says which of a guest's addresses another machine can use, and why not the others. Where the guest lists no interfaces at
 * all, the identity's address stands for itself. Order: IPv4 before IPv6; within each, first the identity's, then by the
 * keys of the NICs, then as the guest lists them.
 */
function checkAddresses(options) {
    const checked = checkWithStates(options, ['PREFERRED']);
    // The Tools for Linux record no state, and RFC 4293 has an IPv4 address count as preferred where nothing else is known.
    return checked.usable.length > 0 ? checked : checkWithStates(options, ['PREFERRED', 'UNKNOWN']);
}
function checkWithStates({ interfaces, identityAddress, family, networks, excluded = [] }, states) {
    const isInNetworks = networks.length === 0 ? undefined : (0,network/* networkMatcher */.jx)(networks);
    const usable = new Map();
    const refused = new Map();
    for (const { address, state, isOnNic } of toCandidates(interfaces, identityAddress)) {
        const ip = (0,network/* parseAddress */.or)(address);
        const isExcluded = ip !== undefined && excluded.includes(ip.text);
        const facts = { state, isOnNic, states, family, isInNetworks, isExcluded };
        const why = ip === undefined ? 'not an IP address' : whyNot({ ip, ...facts });
        if (ip !== undefined && why === undefined) {
            usable.set(ip.text, ip);
        }
        else if (why !== undefined) {
            refused.set(address, why);
        }
    }
    const chosen = identityAddress === undefined ? undefined : (0,network/* parseAddress */.or)(identityAddress)?.text;
    const rank = ({ text, version }) => (version === 'ipv4' ? 0 : 2) + (text === chosen ? 0 : 1);
    return {
        usable: [...usable.values()].sort((a, b) => rank(a) - rank(b)).map(({ text }) => text),
        refused: [...refused]
            .map(([address, why]) => ({ address, why }))
            // The same address may stand on two interfaces, of which one makes it usable.
            .filter(({ address }) => !usable.has((0,network/* parseAddress */.or)(address)?.text ?? '')),
    };
}
function whyNot({ ip, state, isOnNic, states, family, isInNetworks, isExcluded, }) {
    const unreachable = UNREACHABLE.find(({ includes }) => includes(ip));
    if (unreachable !== undefined) {
        return unreachable.why;
    }
    if (isExcluded) {
        return "the source's";
    }
    // Docker, Kubernetes and libvirt make bridges inside the guest that no device backs, with addresses of their own.
    if (!isOnNic && isInNetworks === undefined) {
        return 'not on a NIC of the VM';
    }
    if (family !== 'any' && ip.version !== family) {
        return family === 'ipv4' ? 'not IPv4' : 'not IPv6';
    }
    if (isInNetworks?.(ip) === false) {
        return 'outside the given networks';
    }
    return state === undefined || states.includes(state) ? undefined : `state ${state}`;
}
/** The keys of NICs count up from 4000 in the order in which they were added; the guest may list them in another. */
function toCandidates(interfaces, identityAddress) {
    if (interfaces.length === 0 && identityAddress !== undefined) {
        return [{ address: identityAddress, state: undefined, isOnNic: true }];
    }
    const key = ({ nic }) => nic !== undefined && /^\d{1,15}$/.test(nic) ? Number(nic) : Number.MAX_VALUE;
    return interfaces
        .toSorted((a, b) => key(a) - key(b))
        .flatMap(({ nic, addresses }) => addresses.map(({ address, state }) => ({ address, state, isOnNic: nic !== undefined })));
}

;// CONCATENATED MODULE: ./build/vcenter/guest-addresses.js




/**
 * Reads and checks a guest's addresses with as few requests as do, mostly one. They come from its interfaces; from its
 * identity where the server does not know the operation, or where the guest lists no interface at all.
 */
function createAddressReader({ session, vm, ...filter }) {
    let servesInterfaces = true;
    const check = (found) => checkAddresses({ ...found, ...filter });
    const readInterfaces = async (limits) => {
        const interfaces = await listGuestInterfaces(session, vm, limits);
        if (interfaces === 'tools-not-running') {
            return interfaces;
        }
        const checked = check({ interfaces });
        const [first, second] = checked.usable;
        const isAmbiguous = first !== undefined && second !== undefined && (0,external_node_net_.isIP)(first) === (0,external_node_net_.isIP)(second);
        if (interfaces.length > 0 && !isAmbiguous) {
            return checked;
        }
        try {
            const identity = await getGuestIdentity(session, vm, limits);
            return identity === 'tools-not-running'
                ? checked
                : check({ interfaces, identityAddress: identity.ipAddress });
        }
        catch (error) {
            // Only good to know: the interfaces may yet tell more, and which of several addresses goes first is no reason to fail.
            if (error instanceof transport_error/* VcenterError */.Cn) {
                return { ...checked, identityError: error };
            }
            throw error;
        }
    };
    const readIdentity = async (limits) => {
        const identity = await getGuestIdentity(session, vm, limits);
        return identity === 'tools-not-running'
            ? identity
            : check({ interfaces: [], identityAddress: identity.ipAddress });
    };
    return {
        async read(limits) {
            if (servesInterfaces) {
                try {
                    return await readInterfaces(limits);
                }
                catch (error) {
                    if (!(0,transport_error/* isUnserved */.ze)(error)) {
                        throw error;
                    }
                    servesInterfaces = false;
                }
            }
            return readIdentity(limits);
        },
    };
}

;// CONCATENATED MODULE: ./build/actions/clone/guest-history.js
function startHistory(tools) {
    return { tools, best: undefined, refused: [] };
}
function continueHistory(history, poll, now) {
    const { best, tools } = history;
    if (poll.kind === 'failed') {
        return history; // it says nothing about the guest
    }
    if (poll.kind === 'off' || poll.value === 'tools-not-running') {
        return { ...history, tools: tools === 'never ran' ? tools : 'are away', best: undefined };
    }
    const [address] = poll.value.usable;
    const since = address === best?.address ? best?.since : undefined;
    return {
        tools: tools === 'never ran' || tools === 'run' ? 'run' : 'are back',
        best: address === undefined ? undefined : { address, since: since ?? now },
        refused: poll.value.refused,
    };
}

;// CONCATENATED MODULE: ./build/actions/clone/no-address.js





/** The guest reported no usable address in the time given. */
class NoAddressError extends described_error/* DescribedError */.C {
    name = 'NoAddressError';
    title = 'No address';
    /** What happened and what to do about it, one sentence or more a line. */
    text;
    vm;
    /** What was known of the guest when the time was over. */
    seen;
    /** Milliseconds that were given. */
    limit;
    constructor({ vm, seen, rule, hints, cause, ...advice }) {
        super(`no usable address of ${vm} within ${cause.limit} ms`, { cause });
        this.vm = vm;
        this.seen = seen;
        this.limit = cause.limit;
        this.text = (0,described_error/* joinLines */.c)(`${vm} has reported no usable address within ${(0,duration/* formatDuration */.a)(cause.limit)} ('ip-timeout').`, ...whatToDo(seen, rule), ...hints, describeLastError(seen, cause), howToKeep(advice));
    }
}
function whatToDo(seen, rule) {
    const { responses, powerState, offSince, tools, best, refused } = seen;
    if (offSince !== undefined) {
        return [`It was last seen ${powerState}: its events in vCenter say what keeps it off.`];
    }
    if (responses === 0) {
        return ['vCenter responded to no request about the guest in this time.'];
    }
    if (tools === 'never ran') {
        return [
            'VMware Tools never responded: are they (open-vm-tools) installed in the source, and does it boot in this time?',
        ];
    }
    if (best !== undefined) {
        return [
            holdTime(rule, seen) === 0
                ? `${best.address} was seen, but not on two polls in a row: give it more time with 'ip-timeout'.`
                : `${best.address} was seen, but with a customization an address counts only ${whenItCounts(rule, seen)}: give it more time with 'ip-timeout'.`,
        ];
    }
    if (tools === 'are away') {
        return [
            'VMware Tools ran, but did not come back after a restart of the guest: does it boot in this time?',
        ];
    }
    if (refused.length === 0) {
        return [
            'VMware Tools run, but the guest has no address: is its NIC connected, to the right network, and does DHCP respond there?',
        ];
    }
    return [
        `What it reported is not usable: ${describeRefused(refused)}.`,
        "If one of them is the right one, let it in with 'ip-family' or 'ip-cidr'.",
    ];
}
const MOST_REFUSED = 6;
const LONGEST_ADDRESS = 60; // the longest IPv6 address has 45 characters; a zone comes on top
/** Refused addresses as a list of a bearable length: the guest may report anything, and any number of them. */
function describeRefused(refused) {
    const shown = refused.slice(0, MOST_REFUSED).map(({ address, why }) => `${no_address_short(address)} (${no_address_short(why)})`);
    const more = refused.length - shown.length;
    return [...shown, ...(more > 0 ? [`${more} more`] : [])].join(', ');
}
function no_address_short(text) {
    return text.slice(0, LONGEST_ADDRESS).replace(/[\p{C}\p{Zl}\p{Zp}]/gu, '?');
}

;// CONCATENATED MODULE: ./build/actions/clone/wait-for-ip.js






/**
 * Waits until the guest reports a usable address that counts by the rule, the same on two polls in a row. Failed polls are
 * retried until the signal's end.
 *
 * @throws NoAddressError when the signal's deadline comes first; VmPoweredOffError; VcenterError where vCenter refuses to
 * respond, or the VM is gone; the signal's reason otherwise.
 */
async function waitForIp(options) {
    const { clock, rule, hints, report } = options;
    const startedAt = clock.now();
    // A customization that has ended was reported by Tools that ran: their absence from here on is a restart.
    let history = startHistory(rule.customizedAt === undefined ? 'never ran' : 'run');
    return watchVm({
        ...options,
        waitedFor: 'address',
        read: createGuestReader(options),
        next(poll) {
            const now = clock.now();
            const { best, tools } = history;
            history = continueHistory(history, poll, now);
            if (best !== undefined && history.best?.address !== best.address) {
                report(`${best.address} no longer counts: the guest has dropped it, or has a better one.`);
            }
            if (poll.kind !== 'read') {
                return { line: describeEmptyPoll(poll), isChangeNear: history.best !== undefined };
            }
            if (poll.value !== 'tools-not-running' && history.best !== undefined) {
                const { address, since } = history.best;
                const isSame = address === best?.address;
                if (isSame && now - (rule.customizedAt ?? since) >= holdTime(rule, history)) {
                    report(`The guest's address is ${address}, after ${(0,duration/* formatDuration */.a)(now - startedAt)}.`);
                    return { result: { address, addresses: poll.value.usable } };
                }
            }
            const haveToolsComeUp = tools !== history.tools && history.tools !== 'are away';
            return {
                line: describeReading(poll.value, { rule, history }),
                isChangeNear: history.best !== undefined || haveToolsComeUp,
            };
        },
        async timedOut(polls, cause) {
            const known = history.tools === 'never ran' || polls.offSince !== undefined ? [] : await hints();
            throw new NoAddressError({ ...options, seen: { ...polls, ...history }, hints: known, cause });
        },
    });
}
/** Reads the guest's addresses, for {@link watchVm}. */
function createGuestReader(options) {
    const reader = createAddressReader(options);
    return async (limits) => {
        const value = await reader.read(limits);
        return { value, error: value === 'tools-not-running' ? undefined : value.identityError };
    };
}
function describeReading(value, { rule, history }) {
    if (value === 'tools-not-running') {
        return history.tools === 'are away'
            ? 'VMware Tools do not run in the guest any more; it may restart.'
            : 'VMware Tools do not run in the guest yet.';
    }
    const { usable, refused } = value;
    if (usable[0] !== undefined) {
        return holdTime(rule, history) === 0
            ? `The guest reports ${usable[0]}; it counts if it is the same on the next poll.`
            : `The guest reports ${usable[0]}; with a customization it counts ${whenItCounts(rule, history)}.`;
    }
    return refused.length === 0
        ? 'The guest reports no address yet.'
        : `The guest reports no usable address yet, only ${describeRefused(refused)}.`;
}

;// CONCATENATED MODULE: ./build/actions/clone/no-open-port.js




/** On no address of the guest did all ports accept a connection in the time given. */
class NoOpenPortError extends described_error/* DescribedError */.C {
    name = 'NoOpenPortError';
    title = 'No open port';
    text;
    constructor({ vm, ports, probed, polls, cause, ...advice }) {
        super(`no open port of ${vm} within ${cause.limit} ms`, { cause });
        const limit = `${(0,duration/* formatDuration */.a)(cause.limit)} ('port-timeout')`;
        this.text = (0,described_error/* joinLines */.c)(`No address of ${vm} accepts connections on ${ports.length === 1 ? 'port' : 'all of the ports'} ${describePorts(ports)} after ${limit}.`, ...no_open_port_whatToDo(probed), describeLastError(polls, cause), howToKeep(advice));
    }
}
const MOST_ADDRESSES = 6;
const MOST_PORTS = 8;
/** The addresses with what was met at each, as a list of a bearable length. */
function describeProbed(probed) {
    const shown = probed.slice(0, MOST_ADDRESSES).map(describeAddress);
    const more = probed.length - shown.length;
    return [...shown, ...(more > 0 ? [`${more} more`] : [])].join(', ');
}
function describeAddress({ address, states }) {
    const inOrder = [...states].sort(([one], [other]) => one - other);
    const byState = [...Map.groupBy(inOrder, ([, state]) => state)].map(([state, pairs]) => `${state}: ${describePorts(pairs.map(([port]) => port))}`);
    return `${address} (${byState.length === 0 ? 'not tried' : byState.join('; ')})`;
}
/** Ports as a list of a bearable length. */
function describePorts(ports) {
    const shown = ports.slice(0, MOST_PORTS);
    const more = ports.length - shown.length;
    return `${shown.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
function no_open_port_whatToDo(probed) {
    if (probed.length === 0) {
        return ['The guest reports no usable address any more: does it restart again and again?'];
    }
    const found = `Found: ${describeProbed(probed)}.`;
    const met = new Set(probed.flatMap(({ states }) => [...states.values()]));
    if (met.size === 1 && met.has('unreachable')) {
        return [found, 'This runner has no route to the VM: use a runner in a network that reaches it.'];
    }
    const meanings = [
        [
            'refused',
            'Refused: nothing listens on that port of that address yet, or a firewall rejects connections.',
        ],
        [
            'silent',
            'Silent: a firewall drops what comes from this runner, or there is no way between their networks.',
        ],
        ['unreachable', 'Unreachable: this runner has no route to that address.'],
    ];
    return [found, ...meanings.filter(([state]) => met.has(state)).map(([, meaning]) => meaning)];
}

;// CONCATENATED MODULE: ./build/actions/clone/wait-for-port.js






/** How long one connection may take, in milliseconds: a SYN that is lost is sent again after one second. */
const LONGEST_PROBE = 3_000;
const MOST_CONNECTIONS = 4;
/**
 * Waits until all ports accept a TCP connection on one of the guest's addresses, and returns that one as the best. Before each
 * round of connections the addresses are read anew. While VMware Tools are away nothing is tried: the guest may restart, and
 * what still listens is about to go.
 *
 * @throws NoOpenPortError when the signal's deadline comes first; VmPoweredOffError; VcenterError where vCenter refuses to
 * respond, or the VM is gone; the signal's reason otherwise.
 */
async function waitForPort(options) {
    const { clock, ports, report } = options;
    const startedAt = clock.now();
    let { addresses } = options;
    let probed = [];
    return watchVm({
        ...options,
        waitedFor: 'port',
        read: createGuestReader(options),
        async next(poll) {
            addresses = wait_for_port_addressesOf(poll) ?? addresses;
            const round = startRound(addresses, probed);
            probed = round;
            const address = await probeAll(options, round);
            if (address !== undefined) {
                const took = (0,duration/* formatDuration */.a)(clock.now() - startedAt);
                report(`${address} accepts connections on port ${describePorts(ports)}, after ${took}.`);
                return { result: { address, addresses: [address, ...addresses.filter((each) => each !== address)] } };
            }
            return { line: describeRound(poll, { ports, probed }) };
        },
        timedOut(polls, cause) {
            throw new NoOpenPortError({ ...options, probed, polls, cause });
        },
    });
}
/** Undefined where the poll says nothing of the guest. */
function wait_for_port_addressesOf(poll) {
    switch (poll.kind) {
        case 'failed':
            return undefined;
        case 'off':
            return [];
        case 'read':
            return poll.value === 'tools-not-running' ? [] : poll.value.usable;
    }
}
function describeRound(poll, { ports, probed }) {
    if (poll.kind === 'read' && poll.value === 'tools-not-running') {
        return 'VMware Tools do not run in the guest any more; it may restart.';
    }
    if (probed.length === 0) {
        return poll.kind === 'read' ? 'The guest reports no usable address any more.' : describeEmptyPoll(poll);
    }
    return `Port ${describePorts(ports)} of ${describeProbed(probed)}.`;
}
/** What earlier rounds met stays to be told until it is tried again. */
function startRound(addresses, before) {
    return addresses.map((address) => {
        const known = before.find((each) => each.address === address)?.states;
        return { address, states: new Map(known), tried: new Set() };
    });
}
/** Tries all ports of all addresses; returns the first address, in their order, on which all are open. */
async function probeAll({ clock, probePort, ports, signal }, round) {
    const isOpen = ({ states, tried }) => ports.every((port) => tried.has(port) && states.get(port) === 'open');
    const mayBeOpen = ({ states, tried }) => ports.every((port) => !tried.has(port) || states.get(port) === 'open');
    const decided = new AbortController();
    const queue = round.flatMap((target) => ports.map((port) => ({ target, port })));
    const connect = async (connectSignal) => {
        for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
            const { target, port } = next;
            const state = await probe({
                ...{ clock, probePort, address: target.address, port },
                signal: connectSignal,
            });
            target.states.set(port, state);
            target.tried.add(port);
            const best = round.find(mayBeOpen);
            if (best !== undefined && isOpen(best)) {
                decided.abort(); // those that are still silent, on addresses that come later, are not waited for
            }
        }
    };
    const work = (0,side_by_side/* sideBySide */.Q)({
        signal: AbortSignal.any([signal, decided.signal]),
        start: (connectSignal) => Array.from({ length: MOST_CONNECTIONS }, () => connect(connectSignal)),
    });
    await work.catch((error) => {
        if (!decided.signal.aborted) {
            throw error;
        }
    });
    return round.find(isOpen)?.address;
}
/** One connection; no response in time is as good as none. */
async function probe({ clock, probePort, signal, ...target }) {
    try {
        return await (0,deadline/* withDeadline */.NE)({ clock, what: 'The connection', limit: LONGEST_PROBE, signal }, (probeSignal) => probePort({ ...target, signal: probeSignal }));
    }
    catch (error) {
        signal.throwIfAborted();
        if (error instanceof deadline/* DeadlineExceeded */.m4) {
            return 'silent';
        }
        throw error;
    }
}

;// CONCATENATED MODULE: ./build/actions/clone/ready.js









/**
 * Waits for whatever makes the VM ready, and publishes the outputs `vm-id`, `created`, `power-state`, `ip-address` and
 * `ip-addresses`. Returns its usable addresses, the best first; none where none is waited for.
 *
 * @throws CustomizationFailed, CustomizationTimedOut, NoAddressError, NoOpenPortError, VmPoweredOffError; VcenterError; the
 * signal's reason.
 */
async function waitUntilReady(run, options) {
    const { runtime, inputs } = run;
    const { vm, created } = options;
    const { core } = runtime;
    (0,outputs/* setOutputs */.n0)(core, { 'vm-id': vm.vm, created: String(created), 'power-state': vm.powerState });
    const customization = created && inputs.powerOn ? customizationOf(inputs) : undefined;
    const rule = customization === undefined ? TWO_POLLS : await waitForRule(run, { ...options, customization });
    if (!needsAddress(inputs)) {
        return [];
    }
    const { address, addresses } = await waitForAddress(run, { ...options, rule });
    (0,outputs/* setOutputs */.n0)(core, { 'ip-address': address, 'ip-addresses': JSON.stringify(addresses) });
    return addresses;
}
function customizationOf(inputs) {
    const { guestCustomizationSpec, userData, metaData } = inputs;
    if (guestCustomizationSpec !== undefined) {
        return 'stored';
    }
    return userData === undefined && metaData === undefined ? undefined : 'cloud-init';
}
function needsAddress({ waitForIp, waitForPort }) {
    return waitForIp || waitForPort.length > 0;
}
/** Waits for the end of the customization, where that is wanted. Returns when an address counts from now on. */
async function waitForRule(run, { customization: kind, ...options }) {
    const { runtime, inputs, report, stopwatch, signal } = run;
    const { clock } = runtime;
    if (!inputs.waitForCustomization) {
        return addressRule({ kind, outcome: 'not waited for', now: clock.now() });
    }
    const vm = (0,delete_vm/* describeVm */.r)(options.vm);
    const limit = inputs.customizationTimeout;
    const common = waitOptions(run, { ...options, waits: ["'wait-for-customization'"] });
    stopwatch.begin('customization');
    report.info(`Waiting up to ${(0,duration/* formatDuration */.a)(limit)} for the customization of ${vm}.`);
    const outcome = await (0,deadline/* withDeadline */.NE)({ clock, what: 'The wait for the customization', limit, signal }, (deadline) => waitForCustomization({ ...common, signal: deadline, kind }));
    if (outcome === 'unknown' && !needsAddress(inputs)) {
        const text = `vCenter tells of no customization of ${vm}: whether the guest was customized is not known.`;
        report.warning({ title: 'Customization unknown', text });
    }
    return addressRule({ kind, outcome, now: clock.now() });
}
async function waitForAddress(run, { rule, ...options }) {
    const { runtime, inputs, report, stopwatch, signal } = run;
    const { clock, probePort } = runtime;
    const { ipTimeout, portTimeout, waitForPort: ports, ipFamily: family, ipCidr: networks } = inputs;
    const { excluded = [] } = options;
    const common = { ...waitOptions(run, options), family, networks, excluded };
    const vm = (0,delete_vm/* describeVm */.r)(options.vm);
    stopwatch.begin('ip');
    report.info(`Waiting up to ${(0,duration/* formatDuration */.a)(ipTimeout)} for an address of ${vm}.`);
    const found = await (0,deadline/* withDeadline */.NE)({ clock, what: 'The wait for an address', limit: ipTimeout, signal }, (deadline) => waitForIp({ ...common, signal: deadline, rule, hints: () => addressHints(run, options) }));
    if (ports.length === 0) {
        return found;
    }
    stopwatch.begin('port');
    report.info(`Waiting up to ${(0,duration/* formatDuration */.a)(portTimeout)} for port ${ports.join(', ')} of ${vm}.`);
    return (0,deadline/* withDeadline */.NE)({ clock, what: 'The wait for a port', limit: portTimeout, signal }, (deadline) => waitForPort({ ...common, signal: deadline, probePort, ports, addresses: found.addresses }));
}
function waitOptions({ runtime, inputs, session, report }, { vm, created, waits = [] }) {
    const { clock, random } = runtime;
    const flags = [...waits, ...(inputs.waitForIp ? ["'wait-for-ip'"] : [])];
    const waitForLess = [
        ...(flags.length === 0 ? [] : [`set ${flags.join(' and ')} to false`]),
        ...(inputs.waitForPort.length === 0 ? [] : ["leave 'wait-for-port' out"]),
    ];
    return {
        ...{ session, clock, random, vm: vm.vm, report: report.info },
        isMeantToBeOn: created && inputs.powerOn,
        waitForLess: waitForLess.join(' and '),
    };
}

// EXTERNAL MODULE: ./build/github/summary.js
var summary = __webpack_require__(3794);
;// CONCATENATED MODULE: ./build/actions/clone/report.js



/** Tells, in the log, which VM the steps that follow get. */
function announceClone({ report, vm, addresses, timings, }) {
    const [address] = addresses;
    const at = address === undefined ? '' : ` at ${address}`;
    const took = (0,duration/* formatDuration */.a)(timings.total ?? 0);
    report.info(`'${vm.name}' is ${vm.vm}${at}, ${vm.powerState}, after ${took}.`);
}
/** Tells, in the summary, which VM the steps that follow get, and what will become of it. */
async function summarizeClone(options) {
    const { report, inputs, spec, how, settings, vm, created, replaced, addresses, timings } = options;
    await report.summary((0,summary/* cloneSummary */.YS)({
        name: vm.name,
        id: vm.vm,
        ...objectsOf({ inputs, spec }),
        created,
        replaced,
        how,
        hardware: {
            cpuCount: settings.cpuCount,
            memory: settings.memory,
            networks: settings.networks.map(({ nic, network }) => ({ adapter: nic.name, network })),
            tags: settings.tags.map(({ name }) => name),
        },
        powerState: vm.powerState,
        addresses,
        timings,
        teardown: inputs.teardown,
    }));
}
function objectsOf(request) {
    const objects = requestedObjects(request);
    const find = (input) => objects.find((each) => each.input === input);
    return {
        source: find('source') ?? { id: request.spec.source },
        placement: {
            folder: find('folder'),
            resource_pool: find('resource-pool'),
            cluster: find('cluster'),
            host: find('host'),
            datastore: find('datastore'),
        },
    };
}
/** Tells what would be sent to vCenter, where `validate-only` keeps it from being sent. */
async function reportValidation({ report, inputs, spec, existing, validation, }) {
    const { ifExists } = inputs;
    const cloneSpec = JSON.stringify(spec, undefined, 2);
    const { checked, unchecked } = validation;
    report.info("'validate-only' is on: what could be checked is in order, and nothing is cloned.");
    report.info(`Checked: ${checked.join(', ')}.`);
    report.info(`Not checked: ${unchecked.join(', ')}.`);
    await report.summary((0,summary/* validationSummary */._f)({
        name: spec.name,
        cloneSpec,
        checked,
        unchecked,
        existing: existing === undefined || ifExists === 'fail' ? undefined : { id: existing.vm, ifExists },
    }));
}

;// CONCATENATED MODULE: ./build/actions/clone/in-session.js

















/** All that a clone step does with its session, from the look-ups to the outputs. */
async function cloneInSession(run, { trust, limits }) {
    const { runtime, inputs, session, report, stopwatch } = run;
    const { core, context, random } = runtime;
    stopwatch.begin('resolve');
    const name = inputs.name ?? (0,vm_name/* generateVmName */.Wm)({ context: await context(), random });
    const prepared = await prepareClone({ session, inputs, name, trust, random, report, limits });
    const { plan, spec, settings, existing } = prepared;
    showRequest(run, prepared);
    const isTheSource = existing !== undefined && (0,recovery_ownership/* isSource */.__)(plan, existing.vm);
    if (existing !== undefined && (inputs.ifExists === 'fail' || isTheSource)) {
        throw new NameTaken({ vmName: name, vm: existing.vm, isSource: isTheSource });
    }
    if (inputs.validateOnly) {
        const validation = await validateClone({ ...prepared, session, inputs, limits });
        (0,outputs/* setOutputs */.n0)(core, { timings: JSON.stringify(stopwatch.read()) });
        await reportValidation({ report, inputs, spec, existing, validation });
        return;
    }
    // Not before it is known that the name is not another's: a teardown may go by it.
    (0,outputs/* setOutputs */.n0)(core, { 'vm-name': name });
    if (existing !== undefined && inputs.ifExists === 'reuse') {
        report.info(`'${name}' (${existing.vm}) exists and is reused as it is.`);
        warnOfSettings(run, existing);
        const addresses = await waitUntilReady(run, { vm: existing, settings, created: false });
        await publish(run, { spec, how: '', settings, vm: existing, created: false, addresses });
        return;
    }
    if (existing !== undefined) {
        await replace(run, { existing, folder: plan.folder });
    }
    const journal = (0,recovery_journal/* createJournal */.s9)(core, { phase: 'planned', plan });
    const progress = { task: undefined, last: undefined };
    try {
        journal.enter({ phase: 'planned', plan });
        const made = await makeVm(run, { prepared, journal, progress });
        const { vm } = made;
        const { request, settings, sourceAddresses: excluded } = made.prepared;
        if (request !== prepared.request) {
            showRequest(run, made.prepared);
        }
        await configure(run, { vm, settings });
        const on = inputs.powerOn ? await powerOn(run, { vm, isRequested: request.powersOn }) : vm;
        const addresses = await waitUntilReady(run, { vm: on, settings, excluded, created: true });
        const replaced = existing && { id: existing.vm, name: existing.name };
        const { how } = request;
        await publish(run, { spec, how, settings, vm: on, created: true, replaced, addresses }, () => {
            journal.enter({ phase: 'returned', plan: made.prepared.plan, vm: vm.vm });
        });
    }
    catch (cause) {
        if (!plan.isNameGenerated && isNameTakenBy(cause)) {
            (0,outputs/* tryOutput */.tZ)(core, 'vm-name', '');
        }
        const { state } = journal;
        const isVisible = await isNameVisible(run, { plan, cause });
        const cleanup = await cleanUp(run, { journal, cause });
        throw new CloneFailed({
            vmName: plan.name,
            state,
            taskId: progress.task,
            progress: progress.last,
            cleanup,
            facts: { objects: requestedObjects({ inputs, spec }), ifExists: inputs.ifExists, isVisible },
            cause,
        });
    }
}
function showRequest({ runtime, report }, { plan, request }) {
    const shown = request.describe();
    (0,outputs/* setOutputs */.n0)(runtime.core, { 'clone-spec': JSON.stringify(shown) });
    report.group(`CloneSpec of '${plan.name}'`, JSON.stringify(shown, undefined, 2).split('\n'));
}
async function powerOn({ runtime, session, report, stopwatch, signal }, { vm, isRequested }) {
    if (vm.powerState !== 'POWERED_ON') {
        stopwatch.begin('power');
    }
    return waitForPower({ session, clock: runtime.clock, report, signal, isRequested }, vm);
}
/** A VM that is reused is taken as it is, whatever it was to be like. */
function warnOfSettings({ inputs, report }, vm) {
    const given = settingsGiven(inputs).map((input) => `'${input}'`);
    if (given.length > 0) {
        const text = `${(0,delete_vm/* describeVm */.r)(vm)} is reused as it is, so these inputs have no effect: ${given.join(', ')}.`;
        report.warning({ title: 'Settings not applied', text });
    }
}
/** Publishes what is left of the outputs, and tells of the VM. `onReturned` writes down that the VM is the job's from now on. */
async function publish({ runtime, inputs, report, stopwatch, signal }, result, onReturned = () => undefined) {
    const { core, clock } = runtime;
    const timings = stopwatch.read();
    (0,outputs/* setOutputs */.n0)(core, { timings: JSON.stringify(timings) });
    announceClone({ ...result, report, timings });
    // A log that nobody reads any more shows only now: nobody would use the VM.
    await clock.sleep(0);
    signal.throwIfAborted();
    onReturned();
    await summarizeClone({ ...result, report, inputs, timings });
}


/***/ }),

/***/ 4375:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Q: () => (/* binding */ sideBySide)
/* harmony export */ });
/**
 * Runs several pieces of work at once. The first failure aborts the signal of all of them and is thrown once every piece
 * has ended, so that nothing goes on behind the back of whoever catches it.
 */
async function sideBySide({ signal, start, }) {
    const failed = new AbortController();
    const work = start(AbortSignal.any([signal, failed.signal]));
    try {
        return await Promise.all(work);
    }
    catch (error) {
        failed.abort(error);
        await Promise.allSettled(work);
        throw error;
    }
}


/***/ })

};
