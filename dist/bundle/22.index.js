export const id = 22;
export const ids = [22];
export const modules = {

/***/ 9545:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  j: () => (/* binding */ pollTask)
});

// EXTERNAL MODULE: ./build/text/duration.js
var duration = __webpack_require__(9556);
// EXTERNAL MODULE: ./build/vcenter/task.js
var vcenter_task = __webpack_require__(4507);
// EXTERNAL MODULE: ./build/vcenter/transport/error.js
var transport_error = __webpack_require__(3668);
;// CONCATENATED MODULE: ./build/actions/poll-schedule.js
/** A clone that takes next to no time is seen to end soon: 50 and 150 ms after the start. */
const FIRST = [50, 150];
/** Jitter and timers may make a poll come early by as much of its time, and it is not made up for. */
const EARLY = 0.1;
const SHORTEST = 400;
const SHORTEST_FORECAST = 200;
/** The time of the response comes on top: together they are to stay below 5 s, and 4 % of the time gone. */
const LONGEST = 4_850;
const SHARE_OF_ELAPSED = 0.039;
const JITTER = 0.04;
/** When the task should end by its own progress, if the next poll is to come then; undefined where it comes at its usual time. */
function forecast({ elapsed, progress, moved, misses = 0 }) {
    if (elapsed <= 0 || progress === undefined || progress <= 0 || !moved) {
        return undefined;
    }
    // A task that was about to end again and again is not: each time the poll comes less early.
    const end = Math.max(SHORTEST_FORECAST * 2 ** misses, (elapsed * (1 - progress)) / progress);
    return end < usualPause(elapsed) ? end : undefined;
}
function usualPause(elapsed) {
    const first = FIRST.find((at) => elapsed < at * (1 - EARLY));
    return first === undefined
        ? Math.min(LONGEST, Math.max(SHORTEST, SHARE_OF_ELAPSED * elapsed))
        : first - Math.max(0, elapsed);
}
/**
 * How long to wait until the next poll of a task, in milliseconds: soon at first, then nearly 4 % of the time gone, never as
 * much as 5 s. A task that tells its progress and is about to end by it is polled when it should have ended. Jitter keeps the
 * jobs of a matrix from beating in step, and never makes it later than that.
 */
function nextPoll(polls, random) {
    const jitter = random() * JITTER;
    const usual = usualPause(polls.elapsed);
    const end = forecast(polls);
    // A poll just before the end would be in vain, so there the jitter only lengthens.
    return end === undefined ? usual * (1 - jitter) : Math.min(usual, end * (1 + jitter));
}

;// CONCATENATED MODULE: ./build/actions/poll-task.js




/** A task's record may be a moment late: this many polls find none before the task counts as unknown. */
const LATE_POLLS = 4;
const LATE_PAUSE = 1_000;
const REPORT_EVERY = 30_000;
const REPORT_STEP = 0.1;
/**
 * Polls a task until it has SUCCEEDED or FAILED. Undefined where vCenter does not know the task (any more), so that nobody can say how it ended.
 *
 * @throws VcenterError where polling fails for good; the signal's reason.
 */
async function pollTask(options) {
    const { session, tasks, task: id, clock, random, report, signal, pollInterval, onPoll } = options;
    const { retryTimeout = Number.POSITIVE_INFINITY } = options;
    const limits = { signal, retryTimeout, isCloneRunning: true };
    const startedAt = clock.now();
    let last;
    let reported = { at: startedAt, progress: 0 };
    let latePolls = 0;
    let moved = false;
    let misses = 0;
    for (;;) {
        const polls = { elapsed: clock.now() - startedAt, progress: last?.progress, moved, misses };
        const pause = pollInterval ?? nextPoll(polls, random);
        await clock.sleep(latePolls > 0 ? LATE_PAUSE : pause, signal);
        let task;
        try {
            task = await tasks.get(session, id, limits);
        }
        catch (error) {
            if (!(0,transport_error/* isNotFound */.c4)(error)) {
                throw error;
            }
            latePolls += 1;
            if (last !== undefined || latePolls === LATE_POLLS) {
                report.info(`vCenter does not know the task ${id} (any more).`);
                return undefined;
            }
            continue;
        }
        latePolls = 0;
        onPoll?.(task);
        if ((0,vcenter_task/* hasEnded */.hY)(task)) {
            return task;
        }
        misses += forecast(polls) === undefined ? 0 : 1;
        moved = task.progress !== undefined && task.progress !== last?.progress;
        last = task;
        const progress = task.progress ?? 0;
        const now = clock.now();
        if (progress - reported.progress >= REPORT_STEP || now - reported.at >= REPORT_EVERY) {
            reported = { at: now, progress };
            report.info(progressLine(task, now - startedAt));
        }
    }
}
function progressLine({ status, progress, doing }, elapsed) {
    const share = progress === undefined ? status : `${Math.floor(progress * 100)} %`;
    return [share, (0,duration/* formatDuration */.a)(elapsed), doing === undefined ? undefined : `vCenter: ${doing}`]
        .filter((part) => part !== undefined)
        .join(' · ');
}


/***/ }),

/***/ 8943:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   D8: () => (/* binding */ ACCEPTANCE_WINDOW),
/* harmony export */   _E: () => (/* binding */ checkOwnership),
/* harmony export */   __: () => (/* binding */ isSource),
/* harmony export */   aW: () => (/* binding */ REMOVAL_LAG),
/* harmony export */   u_: () => (/* binding */ LISTING_LAG)
/* harmony export */ });
/* harmony import */ var _text_reference_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(3383);
/* harmony import */ var _vcenter_inventory_escaped_name_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(8000);
/* harmony import */ var _vcenter_task_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(4507);



// All rules and time windows about whose VM it is. docs/how-it-works.md explains them.
/**
 * How long vCenter, or a proxy before it, may take to begin with a clone request that was sent, in milliseconds. Before that
 * nobody can say that no clone was started.
 */
const ACCEPTANCE_WINDOW = 90_000;
/** How long after its task's end a VM may take to be listed, in milliseconds. */
const LISTING_LAG = 6_000;
/** How long the copy of a cancelled clone may still be listed while vCenter takes it away, in milliseconds. */
const REMOVAL_LAG = 10_000;
const OURS = { owner: 'this run' };
/**
 * Whether a VM was certainly made by this run. A task is taken at its word only about a VM of the planned name; a name is
 * proof only where it was generated; and a given name only together with a task of this run that SUCCEEDED.
 */
function checkOwnership({ plan, vm, ownTask, isOnlyNew, isRecorded = false }) {
    if (isSource(plan, vm.vm)) {
        return { owner: 'another', reason: 'it is the source' };
    }
    if (plan.vmsBefore.includes(vm.vm)) {
        return { owner: 'another', reason: 'it was there before' };
    }
    if ((0,_vcenter_inventory_escaped_name_js__WEBPACK_IMPORTED_MODULE_1__/* .escapeName */ .L$)(vm.name) !== (0,_vcenter_inventory_escaped_name_js__WEBPACK_IMPORTED_MODULE_1__/* .escapeName */ .L$)(plan.name)) {
        return { owner: 'another', reason: `it is called '${vm.name}', not '${plan.name}'` };
    }
    if (plan.isNameGenerated || isRecorded) {
        return OURS;
    }
    if ((0,_vcenter_task_js__WEBPACK_IMPORTED_MODULE_2__/* .isNameTaken */ .hU)(ownTask?.failure)) {
        return { owner: 'another', reason: 'this clone was refused because the name was taken' };
    }
    if (ownTask !== undefined && (0,_vcenter_task_js__WEBPACK_IMPORTED_MODULE_2__/* .vmsNamedBy */ .nu)(ownTask).some((id) => (0,_text_reference_js__WEBPACK_IMPORTED_MODULE_0__/* .bareId */ .yW)(id) === (0,_text_reference_js__WEBPACK_IMPORTED_MODULE_0__/* .bareId */ .yW)(vm.vm))) {
        return OURS;
    }
    if (ownTask?.status === 'SUCCEEDED' && isOnlyNew) {
        return OURS;
    }
    return {
        owner: 'unknown',
        reason: (0,_vcenter_task_js__WEBPACK_IMPORTED_MODULE_2__/* .isCancelled */ .mm)(ownTask?.failure)
            ? 'a cancelled clone takes its copy away'
            : `others may use the name '${plan.name}', too, and nothing proves that this run made it`,
    };
}
function isSource(plan, vm) {
    return (0,_text_reference_js__WEBPACK_IMPORTED_MODULE_0__/* .bareId */ .yW)(vm) === (0,_text_reference_js__WEBPACK_IMPORTED_MODULE_0__/* .bareId */ .yW)(plan.source);
}


/***/ }),

/***/ 9745:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   AX: () => (/* binding */ requestCancel),
/* harmony export */   Bm: () => (/* binding */ pollOrList),
/* harmony export */   I: () => (/* binding */ kindOf)
/* harmony export */ });
/* harmony import */ var _vcenter_task_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(4507);
/* harmony import */ var _vcenter_transport_error_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(3668);
/* harmony import */ var _poll_task_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(9545);



/** A cancel that fails for this long, in milliseconds, does not keep the rest from being done. */
const CANCEL_RETRY = 30_000;
/** A task that cannot be polled for this long, in milliseconds, is looked for in the list of all. */
const POLL_RETRY = 30_000;
const LIST_POLL = 5_000;
/**
 * Asks vCenter to cancel the task. That it cannot be cancelled, has ended or is forgotten is no failure here: polling it
 * tells the rest.
 *
 * @throws the signal's reason.
 */
async function requestCancel(options, { kind, id }) {
    const { session, report, signal } = options;
    try {
        await kindOf(options, kind).cancel(session, id, { signal, retryTimeout: CANCEL_RETRY });
        report.info('Asked vCenter to cancel the clone.');
    }
    catch (error) {
        if (!(error instanceof _vcenter_transport_error_js__WEBPACK_IMPORTED_MODULE_0__/* .VcenterError */ .Cn) || (0,_vcenter_transport_error_js__WEBPACK_IMPORTED_MODULE_0__/* .isLoginRefused */ .mZ)(error)) {
            throw error;
        }
        // That it has ended meanwhile is told when its end is known.
        if (!(0,_vcenter_transport_error_js__WEBPACK_IMPORTED_MODULE_0__/* .isRefusal */ .vu)(error, 'NOT_ALLOWED_IN_CURRENT_STATE')) {
            report.info(`The clone cannot be cancelled; waiting for its end. vCenter: ${error.messages.join(' ')}`);
        }
    }
}
/** Polls a task to its end. Where polls fail for good, the list of tasks may still tell how far it is. */
async function pollOrList(options, { kind, id, source }) {
    const { session, clock, report, signal } = options;
    const tasks = kindOf(options, kind);
    try {
        return await (0,_poll_task_js__WEBPACK_IMPORTED_MODULE_1__/* .pollTask */ .j)({ ...options, tasks, task: id, retryTimeout: POLL_RETRY });
    }
    catch (error) {
        if (!(error instanceof _vcenter_transport_error_js__WEBPACK_IMPORTED_MODULE_0__/* .VcenterError */ .Cn) || (0,_vcenter_transport_error_js__WEBPACK_IMPORTED_MODULE_0__/* .isLoginRefused */ .mZ)(error)) {
            throw error;
        }
        report.info(`The task cannot be polled. vCenter: ${error.messages.join(' ')}`);
    }
    for (;;) {
        const limits = { signal, retryTimeout: Number.POSITIVE_INFINITY };
        const clones = await tasks.listClones(session, source, limits);
        const listed = clones?.find((task) => task.id === id);
        if (listed === undefined || (0,_vcenter_task_js__WEBPACK_IMPORTED_MODULE_2__/* .hasEnded */ .hY)(listed)) {
            return listed;
        }
        await clock.sleep(LIST_POLL, signal);
    }
}
/** @throws Error for a kind that only another version of the action knows. */
function kindOf({ taskKinds }, kind) {
    const found = taskKinds.find((each) => each.kind === kind);
    if (found === undefined) {
        throw new Error(`there is no task of the kind '${kind}'`);
    }
    return found;
}


/***/ }),

/***/ 6022:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  findVmToDelete: () => (/* binding */ findVmToDelete)
});

// EXTERNAL MODULE: ./build/github/vm-name.js
var vm_name = __webpack_require__(8753);
// EXTERNAL MODULE: ./build/text/reference.js
var reference = __webpack_require__(3383);
// EXTERNAL MODULE: ./build/vcenter/cis-tasks.js
var cis_tasks = __webpack_require__(8922);
// EXTERNAL MODULE: ./build/vcenter/clone-method.js
var clone_method = __webpack_require__(6263);
// EXTERNAL MODULE: ./build/vcenter/inventory/escaped-name.js
var escaped_name = __webpack_require__(8000);
// EXTERNAL MODULE: ./build/vcenter/inventory/placement.js + 7 modules
var placement = __webpack_require__(4859);
// EXTERNAL MODULE: ./build/vcenter/task.js
var vcenter_task = __webpack_require__(4507);
// EXTERNAL MODULE: ./build/vcenter/transport/error.js
var transport_error = __webpack_require__(3668);
// EXTERNAL MODULE: ./build/vcenter/vm.js
var vcenter_vm = __webpack_require__(499);
// EXTERNAL MODULE: ./build/actions/delete-vm.js
var delete_vm = __webpack_require__(6359);
// EXTERNAL MODULE: ./build/actions/poll-task.js + 1 modules
var poll_task = __webpack_require__(9545);
// EXTERNAL MODULE: ./build/actions/recovery/ownership.js
var ownership = __webpack_require__(8943);
// EXTERNAL MODULE: ./build/actions/recovery/task.js
var recovery_task = __webpack_require__(9745);
// EXTERNAL MODULE: ./build/text/described-error.js
var described_error = __webpack_require__(6662);
;// CONCATENATED MODULE: ./build/actions/teardown/nothing-deleted.js

/** What was asked for and what was found are not the same VM, or it is not one VM, or nothing proves whose it is. */
class NothingDeleted extends described_error/* DescribedError */.C {
    name = 'NothingDeleted';
    title = 'Nothing deleted';
    text;
    constructor(text) {
        super(text);
        this.text = text;
    }
}

;// CONCATENATED MODULE: ./build/actions/teardown/find-vm.js














/** Name and power state are good to know: what cannot be described in this time, in milliseconds, is deleted by its id. */
const DESCRIBE_RETRY = 20_000;
const POLL = 1_000;
/**
 * The one VM that is meant; undefined where there is none (any more). A clone that may still be running is brought to its
 * end first.
 *
 * @throws NothingDeleted; ResolveError; VcenterError; the signal's reason.
 */
async function findVmToDelete(options) {
    const { inputs } = options;
    const { taskId, vmId } = inputs;
    const task = taskId === undefined ? undefined : await endClone(options, taskId);
    // The target may be the source, which only the clone step knows: the result alone is safe to go by.
    const made = task?.status === 'SUCCEEDED' && task.resultVm !== undefined ? (0,reference/* bareId */.yW)(task.resultVm) : undefined;
    if (made !== undefined && vmId !== undefined && made !== (0,reference/* bareId */.yW)(vmId)) {
        throw new NothingDeleted(`'vm-id' is ${vmId}, but the task ${taskId} made ${made}.`);
    }
    const id = vmId ?? made;
    if (id !== undefined) {
        return findById(options, id);
    }
    return taskId === undefined ? findByName(options) : findMadeByTask(options, { taskId, task });
}
async function findById({ session, inputs, limits }, id) {
    let vm;
    try {
        vm = await (0,vcenter_vm/* findVm */.FJ)(session, id, { ...limits, retryTimeout: DESCRIBE_RETRY });
    }
    catch (error) {
        if (!(error instanceof transport_error/* VcenterError */.Cn) || (0,transport_error/* isLoginRefused */.mZ)(error) || inputs.vmName !== undefined) {
            throw error; // a name that is given and cannot be compared is a doubt
        }
        return { vm: id };
    }
    if (vm !== undefined && inputs.vmName !== undefined && (0,escaped_name/* escapeName */.L$)(inputs.vmName) !== (0,escaped_name/* escapeName */.L$)(vm.name)) {
        throw new NothingDeleted(`${id} is called '${vm.name}', but 'vm-name' is '${inputs.vmName}'.`);
    }
    return vm;
}
/** A task that tells no VM: the name may, where something proves that this task made it. */
async function findMadeByTask(options, { taskId, task }) {
    const { runtime, inputs, report, limits } = options;
    const { vmName } = inputs;
    if (vmName === undefined) {
        if (task?.status === 'SUCCEEDED') {
            throw new NothingDeleted(`The task ${taskId} has made a VM and does not tell which. Give 'vm-id' or 'vm-name'.`);
        }
        if (task === undefined) {
            report.warning({
                title: 'Task unknown',
                text: `vCenter does not know the task ${taskId} (any more), so nobody can tell whether it has made a VM. Give 'vm-id' or 'vm-name'.`,
            });
        }
        return undefined;
    }
    const generated = (0,vm_name/* readGeneratedName */.H3)(vmName);
    const isOwnName = generated !== undefined && String(generated.runId) === runtime.env['GITHUB_RUN_ID'];
    if ((0,vcenter_task/* isNameTaken */.hU)(task?.failure) && !isOwnName) {
        report.info('The clone failed because its name was taken: the VM of that name is not its VM.');
        return undefined;
    }
    // In its folder a name is one VM's, and the task could not have succeeded beside another.
    const isProven = isOwnName || (task?.status === 'SUCCEEDED' && inputs.folder !== undefined);
    const vm = task?.status === 'SUCCEEDED' ? await waitForName(options) : await findByName(options);
    if (vm === undefined || isProven) {
        return vm;
    }
    const how = task === undefined
        ? 'vCenter does not know the task any more'
        : (0,vcenter_task/* isCancelled */.mm)(task.failure)
            ? 'the clone was cancelled, which takes its copy away'
            : task.status === 'SUCCEEDED'
                ? "another VM may have this name in another folder, and 'folder' is not given"
                : 'the clone has failed';
    limits.signal.throwIfAborted();
    throw new NothingDeleted(`${(0,delete_vm/* describeVm */.r)(vm)} is there, but nothing proves that the task ${taskId} made it: ${how}. If it is to go, give its id in 'vm-id', or 'vm-name' without 'task-id'.`);
}
/** A VM may be listed only a moment after its task's end. */
async function waitForName(options) {
    const { clock } = options.runtime;
    const startedAt = clock.now();
    for (;;) {
        const vm = await findByName(options);
        if (vm !== undefined || clock.now() - startedAt >= ownership/* LISTING_LAG */.u_) {
            return vm;
        }
        await clock.sleep(POLL, options.limits.signal);
    }
}
async function findByName({ session, inputs, limits }) {
    const { vmName: name } = inputs;
    // Without a name the list would be of every VM that there is.
    if (name === undefined) {
        return undefined;
    }
    const { folder, datacenter } = await (0,placement/* resolveLocation */.KC)(session, {
        ...(inputs.folder === undefined ? {} : { folder: inputs.folder }),
        ...(inputs.datacenter === undefined ? {} : { datacenter: inputs.datacenter }),
    }, limits);
    const found = await (0,vcenter_vm/* findVmsByName */.g6)(session, { name, folder, datacenter }, limits);
    if (found.length > 1) {
        const ids = found.map(({ vm }) => vm).join(', ');
        throw new NothingDeleted(`'${name}' fits several VMs: ${ids}. Give 'vm-id', or narrow it with 'folder'.`);
    }
    return found[0];
}
/** Brings a clone that may still be running to its end; undefined where vCenter does not know it (any more). */
async function endClone({ runtime, session, report, limits }, task) {
    const { clock, random } = runtime;
    const { signal } = limits;
    const tasks = (0,clone_method/* taskKindOf */.j2)(task);
    const first = await tasks.get(session, task, limits).catch((error) => {
        if ((0,transport_error/* isNotFound */.c4)(error)) {
            report.info(`vCenter does not know the task ${task} (any more).`);
            return undefined;
        }
        throw error;
    });
    if (first?.operation !== undefined && !(0,cis_tasks/* isClone */.Y_)(first.operation)) {
        throw new NothingDeleted(`'task-id' is no clone but '${first.operation}'.`);
    }
    if (first === undefined || (0,vcenter_task/* hasEnded */.hY)(first)) {
        return first;
    }
    await (0,recovery_task/* requestCancel */.AX)({ session, taskKinds: clone_method/* TASK_KINDS */.Eb, report, signal }, { kind: tasks.kind, id: task });
    return (0,poll_task/* pollTask */.j)({ session, tasks, task, clock, random, report, signal });
}


/***/ }),

/***/ 4507:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   hU: () => (/* binding */ isNameTaken),
/* harmony export */   hY: () => (/* binding */ hasEnded),
/* harmony export */   mm: () => (/* binding */ isCancelled),
/* harmony export */   nu: () => (/* binding */ vmsNamedBy)
/* harmony export */ });
/** SUCCEEDED and FAILED end a task; PENDING, RUNNING, BLOCKED and what is not known yet do not. */
function hasEnded(task) {
    return task.status === 'SUCCEEDED' || task.status === 'FAILED';
}
/**
 * The VMs that a clone task names: its `result`, once it has SUCCEEDED, and its `target`. Either may be the source that it worked
 * on, or anything: whether the clone is among them is for its name to say.
 */
function vmsNamedBy({ resultVm, targetVm }) {
    return [...new Set([resultVm, targetVm])].filter((vm) => vm !== undefined);
}
/** The clone was refused because another VM, or a template, has the name. */
function isNameTaken(failure) {
    return isFailure(failure, { type: 'ALREADY_EXISTS', id: /DuplicateName/, words: /already exists/i });
}
/** The clone was cancelled; vCenter takes its copy away. */
function isCancelled(failure) {
    return isFailure(failure, { type: 'CANCELED', id: /RequestCancell?ed/, words: /\bcancell?ed\b/i });
}
/** By type or message id; words, which are English only in an English vCenter, where it tells neither. */
function isFailure(failure, { type, id, words }) {
    if (failure === undefined) {
        return false;
    }
    const { errorType, messageIds, messages } = failure;
    const saysOnlyWords = errorType === undefined && messageIds.length === 0;
    return (errorType === type ||
        (saysOnlyWords ? messages : messageIds).some((each) => id.test(each)) ||
        (saysOnlyWords && words.test(messages.join(' '))));
}


/***/ })

};
