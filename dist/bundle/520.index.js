export const id = 520;
export const ids = [520];
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

/***/ 8520:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   abortClone: () => (/* binding */ abortClone)
/* harmony export */ });
/* harmony import */ var _text_reference_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(3383);
/* harmony import */ var _vcenter_task_js__WEBPACK_IMPORTED_MODULE_10__ = __webpack_require__(4507);
/* harmony import */ var _vcenter_transport_error_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(3668);
/* harmony import */ var _vcenter_vm_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(499);
/* harmony import */ var _delete_vm_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(6359);
/* harmony import */ var _poll_task_js__WEBPACK_IMPORTED_MODULE_4__ = __webpack_require__(9545);
/* harmony import */ var _lost_clone_js__WEBPACK_IMPORTED_MODULE_5__ = __webpack_require__(6382);
/* harmony import */ var _mark_js__WEBPACK_IMPORTED_MODULE_6__ = __webpack_require__(4925);
/* harmony import */ var _ownership_js__WEBPACK_IMPORTED_MODULE_7__ = __webpack_require__(8943);
/* harmony import */ var _task_js__WEBPACK_IMPORTED_MODULE_8__ = __webpack_require__(9745);
/* harmony import */ var _vms_of_name_js__WEBPACK_IMPORTED_MODULE_9__ = __webpack_require__(1930);











/** Name and power state are good to know; a VM is not left behind for want of them. In milliseconds. */
const DESCRIBE_RETRY = 20_000;
const POLL = 1_000;
const LONG_POLL = 5_000;
/**
 * Leaves nothing of a clone run behind: cancels its task, polls it to its end, and deletes the VM that came out of it. Touches
 * nothing that this run did not certainly make.
 *
 * @throws VcenterError where vCenter refuses a step; the signal's reason when the time is over.
 */
async function abortClone(options) {
    const { state } = options.journal;
    switch (state.phase) {
        case 'planned':
        case 'closed':
            return nothingLeft('No clone was started; nothing is left.');
        case 'requested':
            return abortLostRequest(options, state);
        case 'started':
            return abortTask(options, state);
        case 'created':
        case 'returned':
            return deleteRecorded(options, state);
    }
}
function nothingLeft(outcome) {
    return { deleted: undefined, leftover: undefined, outcome };
}
function leftBehind(leftover) {
    return { deleted: undefined, leftover, outcome: leftover };
}
async function abortLostRequest(options, { plan, kind, sentAt }) {
    const { session, clock, report } = options;
    report.info(`The response to the clone request for '${plan.name}' is not known; looking for the clone.`);
    const tasks = (0,_task_js__WEBPACK_IMPORTED_MODULE_8__/* .kindOf */ .I)(options, kind);
    const lost = await (0,_lost_clone_js__WEBPACK_IMPORTED_MODULE_5__/* .findLostClone */ .F)({
        session,
        tasks,
        plan,
        // A clock that was set back must not make the request older than it is.
        age: Math.max(0, clock.date().getTime() - Date.parse(sentAt)),
        clock,
        report,
        limits: untilEnd(options),
    });
    switch (lost.outcome) {
        case 'none':
            return nothingLeft(`No clone of '${plan.name}' was started; nothing is left.`);
        case 'unknown':
            return leftBehind(`Not deleted: ${lost.reason}.`);
        case 'vm':
            if (lost.task !== undefined) {
                await (0,_task_js__WEBPACK_IMPORTED_MODULE_8__/* .requestCancel */ .AX)(options, { kind, id: lost.task });
                await (0,_poll_task_js__WEBPACK_IMPORTED_MODULE_4__/* .pollTask */ .j)({ ...options, tasks, task: lost.task });
            }
            return deleteOwned(options, { plan, vm: lost.vm });
    }
}
async function abortTask(options, { plan, task }) {
    if (options.endedTask !== undefined) {
        return cleanUpAfterTask(options, { plan, task: options.endedTask });
    }
    await (0,_task_js__WEBPACK_IMPORTED_MODULE_8__/* .requestCancel */ .AX)(options, task);
    return cleanUpAfterTask(options, {
        plan,
        task: await (0,_task_js__WEBPACK_IMPORTED_MODULE_8__/* .pollOrList */ .Bm)(options, { ...task, source: plan.source }),
    });
}
/** Deletes what has come of a task that has ended, or whose record vCenter has dropped. */
async function cleanUpAfterTask(options, { plan, task }) {
    const { session, clock, signal } = options;
    const { failure } = task ?? {};
    const isFree = !plan.isNameGenerated;
    if ((0,_vcenter_task_js__WEBPACK_IMPORTED_MODULE_10__/* .isNameTaken */ .hU)(failure) && isFree) {
        return nothingLeft(`The name '${plan.name}' was taken, so no VM was made; nothing is left.`);
    }
    const named = task === undefined ? [] : (0,_vcenter_task_js__WEBPACK_IMPORTED_MODULE_10__/* .vmsNamedBy */ .nu)(task).map(_text_reference_js__WEBPACK_IMPORTED_MODULE_0__/* .bareId */ .yW).filter(isCandidateOf(plan));
    const startedAt = clock.now();
    const window = lagAfter(task, { isFree, isNamed: named.length > 0 });
    for (;;) {
        const namedVm = await findNamed(options, { plan, task, ids: named });
        if (namedVm !== undefined) {
            return deleteOwned(options, { plan, vm: namedVm });
        }
        const vms = await (0,_vms_of_name_js__WEBPACK_IMPORTED_MODULE_9__/* .listNewVmsOfName */ .t)(session, plan, untilEnd(options));
        const checked = vms.map((vm) => ({
            vm,
            ownership: (0,_ownership_js__WEBPACK_IMPORTED_MODULE_7__/* .checkOwnership */ ._E)({ plan, vm, ownTask: task, isOnlyNew: vms.length === 1 }),
        }));
        for (const { vm, ownership } of checked) {
            const isMarked = ownership.owner === 'unknown' && (await (0,_mark_js__WEBPACK_IMPORTED_MODULE_6__/* .bearsMark */ .x)(session, { plan, vm }, untilEnd(options)));
            if (ownership.owner === 'this run' || isMarked) {
                return deleteOwned(options, { plan, vm });
            }
        }
        // Nothing ends an unknown outcome but the VM itself: a copy may show only when it is complete.
        const isTakenAway = (0,_vcenter_task_js__WEBPACK_IMPORTED_MODULE_10__/* .isCancelled */ .mm)(failure) && checked.length === 0;
        const isOver = task !== undefined && (isTakenAway || clock.now() - startedAt >= window);
        const doubts = checked.flatMap(({ vm, ownership }) => ownership.owner === 'unknown' ? [`${(0,_delete_vm_js__WEBPACK_IMPORTED_MODULE_3__/* .describeVm */ .r)(vm)}: ${ownership.reason}`] : []);
        if (doubts.length > 0 && (isOver || !(0,_vcenter_task_js__WEBPACK_IMPORTED_MODULE_10__/* .isCancelled */ .mm)(failure))) {
            return leftBehind(`Not deleted, since it may be somebody else's: ${doubts.join('; ')}.`);
        }
        if (isOver) {
            return endWithoutVm(plan, task);
        }
        await clock.sleep(task === undefined ? LONG_POLL : POLL, signal);
    }
}
/** How long after the task's end a VM of it may still show, or a copy of a cancelled one still be there. */
function lagAfter(task, { isFree, isNamed }) {
    if ((0,_vcenter_task_js__WEBPACK_IMPORTED_MODULE_10__/* .isCancelled */ .mm)(task?.failure)) {
        return _ownership_js__WEBPACK_IMPORTED_MODULE_7__/* .REMOVAL_LAG */ .aW;
    }
    // A VM that nothing but a free name would show is left anyway.
    return task?.status === 'SUCCEEDED' || isNamed || !isFree ? _ownership_js__WEBPACK_IMPORTED_MODULE_7__/* .LISTING_LAG */ .u_ : 0;
}
function endWithoutVm(plan, { id, status, failure }) {
    if (status === 'SUCCEEDED') {
        return leftBehind(`The clone of '${plan.name}' has succeeded (task ${id}), but vCenter lists no VM of it: it may be left.`);
    }
    return nothingLeft((0,_vcenter_task_js__WEBPACK_IMPORTED_MODULE_10__/* .isCancelled */ .mm)(failure)
        ? `The clone of '${plan.name}' was cancelled; nothing is left.`
        : `The clone of '${plan.name}' has failed and left no VM.`);
}
function isCandidateOf(plan) {
    return (vm) => !(0,_ownership_js__WEBPACK_IMPORTED_MODULE_7__/* .isSource */ .__)(plan, vm) && !plan.vmsBefore.includes(vm);
}
/** The VM that the task names, where it is this run's; the list of VMs is not needed for that. */
async function findNamed(options, { plan, task, ids, }) {
    const limits = { ...untilEnd(options), retryTimeout: DESCRIBE_RETRY };
    for (const id of ids) {
        const vm = await (0,_vcenter_vm_js__WEBPACK_IMPORTED_MODULE_2__/* .findVm */ .FJ)(options.session, id, limits).catch((error) => {
            if (error instanceof _vcenter_transport_error_js__WEBPACK_IMPORTED_MODULE_1__/* .VcenterError */ .Cn && !(0,_vcenter_transport_error_js__WEBPACK_IMPORTED_MODULE_1__/* .isLoginRefused */ .mZ)(error)) {
                return undefined;
            }
            throw error;
        });
        if (vm !== undefined &&
            (0,_ownership_js__WEBPACK_IMPORTED_MODULE_7__/* .checkOwnership */ ._E)({ plan, vm, ownTask: task, isOnlyNew: false }).owner === 'this run') {
            return vm;
        }
    }
    return undefined;
}
/** Deletes the VM whose id the main step has written down. */
async function deleteRecorded(options, { plan, vm: id }) {
    const limits = { ...untilEnd(options), retryTimeout: DESCRIBE_RETRY };
    let vm;
    try {
        vm = await (0,_vcenter_vm_js__WEBPACK_IMPORTED_MODULE_2__/* .findVm */ .FJ)(options.session, id, limits);
    }
    catch (error) {
        if (!(error instanceof _vcenter_transport_error_js__WEBPACK_IMPORTED_MODULE_1__/* .VcenterError */ .Cn) || (0,_vcenter_transport_error_js__WEBPACK_IMPORTED_MODULE_1__/* .isLoginRefused */ .mZ)(error)) {
            throw error;
        }
        const words = error.messages.join(' ');
        return leftBehind(`${(0,_delete_vm_js__WEBPACK_IMPORTED_MODULE_3__/* .describeVm */ .r)({ vm: id, name: plan.name })} is not deleted: its name cannot be read. ${words}`);
    }
    if (vm === undefined) {
        return nothingLeft(`${(0,_delete_vm_js__WEBPACK_IMPORTED_MODULE_3__/* .describeVm */ .r)({ vm: id, name: plan.name })} is gone already; nothing is left.`);
    }
    const ownership = (0,_ownership_js__WEBPACK_IMPORTED_MODULE_7__/* .checkOwnership */ ._E)({ plan, vm, ownTask: undefined, isOnlyNew: false, isRecorded: true });
    return ownership.owner === 'this run'
        ? deleteOwned(options, { plan, vm })
        : leftBehind(`${(0,_delete_vm_js__WEBPACK_IMPORTED_MODULE_3__/* .describeVm */ .r)(vm)} is not deleted: ${ownership.reason}.`);
}
async function deleteOwned(options, { plan, vm }) {
    const { session, journal, clock, report } = options;
    if (journal.state.phase !== 'returned') {
        journal.tryEnter({ phase: 'created', plan, vm: vm.vm });
    }
    try {
        await (0,_delete_vm_js__WEBPACK_IMPORTED_MODULE_3__/* .powerOffAndDelete */ .L)({ session, vm, clock, report, limits: untilEnd(options) });
        return { deleted: vm, leftover: undefined, outcome: `${(0,_delete_vm_js__WEBPACK_IMPORTED_MODULE_3__/* .describeVm */ .r)(vm)} is deleted; nothing is left.` };
    }
    catch (error) {
        if (error instanceof _vcenter_transport_error_js__WEBPACK_IMPORTED_MODULE_1__/* .VcenterError */ .Cn && !(0,_vcenter_transport_error_js__WEBPACK_IMPORTED_MODULE_1__/* .isTransient */ .dg)(error) && !(0,_vcenter_transport_error_js__WEBPACK_IMPORTED_MODULE_1__/* .isLoginRefused */ .mZ)(error)) {
            return leftBehind(`${(0,_delete_vm_js__WEBPACK_IMPORTED_MODULE_3__/* .describeVm */ .r)(vm)} could not be deleted: ${error.messages.join(' ')}`);
        }
        throw error;
    }
}
/** A clean-up is worth every retry until the time is over; what is busy now is free in a minute. */
function untilEnd({ signal }) {
    return { signal, retryTimeout: Number.POSITIVE_INFINITY };
}


/***/ }),

/***/ 6382:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   F: () => (/* binding */ findLostClone)
/* harmony export */ });
/* harmony import */ var _text_reference_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(3383);
/* harmony import */ var _vcenter_inventory_escaped_name_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(8000);
/* harmony import */ var _vcenter_task_js__WEBPACK_IMPORTED_MODULE_6__ = __webpack_require__(4507);
/* harmony import */ var _vcenter_vm_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(499);
/* harmony import */ var _mark_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(4925);
/* harmony import */ var _ownership_js__WEBPACK_IMPORTED_MODULE_4__ = __webpack_require__(8943);
/* harmony import */ var _vms_of_name_js__WEBPACK_IMPORTED_MODULE_5__ = __webpack_require__(1930);







const PAUSES = [500, 1_500, 2_000, 2_500];
const LONG_PAUSE = 5_000;
/**
 * Finds out what became of a clone request whose response was lost: GET /api/vcenter/vm by name (and folder), and the
 * list of clone tasks side by side, until it is certain.
 *
 * @throws VcenterError where the search itself fails for good; the signal's reason.
 */
async function findLostClone(options) {
    const { session, tasks: kind, plan, age, clock, report, limits } = options;
    const sentAt = clock.now() - age;
    const isOthers = createOthersFilter(options);
    let candidateSeenAt = Number.NEGATIVE_INFINITY;
    for (let poll = 0;; poll += 1) {
        const [vms, tasks] = await Promise.all([
            (0,_vms_of_name_js__WEBPACK_IMPORTED_MODULE_5__/* .listNewVmsOfName */ .t)(session, plan, limits),
            kind.listClones(session, plan.source, limits),
        ]);
        const active = tasks?.filter((task) => !(0,_vcenter_task_js__WEBPACK_IMPORTED_MODULE_6__/* .hasEnded */ .hY)(task)) ?? [];
        const [vm] = vms;
        if (vm !== undefined) {
            const isMarked = !plan.isNameGenerated && (await (0,_mark_js__WEBPACK_IMPORTED_MODULE_3__/* .bearsMark */ .x)(session, { plan, vm }, limits));
            return ownedOrUnknown({ plan, vm, active, isMarked });
        }
        const candidates = [];
        for (const task of active) {
            if (!(await isOthers(task))) {
                candidates.push(task);
            }
        }
        const now = clock.now();
        if (candidates.length > 0) {
            if (candidateSeenAt === Number.NEGATIVE_INFINITY) {
                const ids = candidates.map(({ id }) => id).join(', ');
                report.info(`Clones that may be this run's have not ended (${ids}); waiting for them.`);
            }
            candidateSeenAt = now;
        }
        const isCertain = tasks !== undefined && now - sentAt >= _ownership_js__WEBPACK_IMPORTED_MODULE_4__/* .ACCEPTANCE_WINDOW */ .D8 && now - candidateSeenAt >= _ownership_js__WEBPACK_IMPORTED_MODULE_4__/* .LISTING_LAG */ .u_;
        if (isCertain) {
            return { outcome: 'none' };
        }
        await clock.sleep(PAUSES[poll] ?? LONG_PAUSE, limits.signal);
    }
}
function ownedOrUnknown({ plan, vm, active, isMarked, }) {
    if (!plan.isNameGenerated && !isMarked) {
        // A task of this account that began in time is no proof: another job may have asked for the same name.
        const reason = `'${vm.name}' (${vm.vm}) is there, but others may use this name, too, and the response that would prove whose it is was lost`;
        return { outcome: 'unknown', reason };
    }
    const task = active.find(({ targetVm }) => targetVm !== undefined && (0,_text_reference_js__WEBPACK_IMPORTED_MODULE_0__/* .bareId */ .yW)(targetVm) === (0,_text_reference_js__WEBPACK_IMPORTED_MODULE_0__/* .bareId */ .yW)(vm.vm));
    return { outcome: 'vm', vm, task: task?.id };
}
/** Tells the clones of others: by their target, where that is a VM of another name. Users and times are written in too many ways. */
function createOthersFilter({ session, plan, limits, }) {
    const others = new Set();
    return async ({ targetVm }) => {
        if (targetVm === undefined || (0,_ownership_js__WEBPACK_IMPORTED_MODULE_4__/* .isSource */ .__)(plan, targetVm)) {
            return false;
        }
        if (!others.has(targetVm)) {
            const vm = await (0,_vcenter_vm_js__WEBPACK_IMPORTED_MODULE_2__/* .findVm */ .FJ)(session, targetVm, { ...limits, retryTimeout: 0 }).catch(ignoreVcenter(limits));
            if (vm === undefined || (0,_vcenter_inventory_escaped_name_js__WEBPACK_IMPORTED_MODULE_1__/* .escapeName */ .L$)(vm.name) === (0,_vcenter_inventory_escaped_name_js__WEBPACK_IMPORTED_MODULE_1__/* .escapeName */ .L$)(plan.name)) {
                return false;
            }
            others.add(targetVm);
        }
        return true;
    };
}
function ignoreVcenter({ signal }) {
    return () => {
        signal.throwIfAborted();
        return undefined;
    };
}


/***/ }),

/***/ 4925:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   x: () => (/* binding */ bearsMark)
/* harmony export */ });
/* harmony import */ var _vcenter_transport_error_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(3668);
/* harmony import */ var _vcenter_vi_json_config_spec_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(551);


/**
 * Whether a VM bears the mark that this run's clone request has written into it, beside `guestinfo`: config.extraConfig. A mark
 * that cannot be read proves nothing. Without a mark in the plan nothing is asked.
 *
 * @throws the signal's reason.
 */
async function bearsMark(session, { plan, vm }, limits) {
    if (plan.mark === undefined) {
        return false;
    }
    try {
        const written = await (0,_vcenter_vi_json_config_spec_js__WEBPACK_IMPORTED_MODULE_1__/* .readGuestinfo */ .Jl)(session, vm.vm, { ...limits, retryTimeout: 0 });
        return written?.mark === plan.mark;
    }
    catch (error) {
        if (error instanceof _vcenter_transport_error_js__WEBPACK_IMPORTED_MODULE_0__/* .VcenterError */ .Cn) {
            return false;
        }
        throw error;
    }
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

/***/ 1930:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   t: () => (/* binding */ listNewVmsOfName)
/* harmony export */ });
/* harmony import */ var _vcenter_vm_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(499);
/* harmony import */ var _ownership_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(8943);


/**
 * The VMs of the planned name, in the planned folder, that may have come of the clone: neither the source nor one that had
 * the name before the request. Whose they are is another question.
 *
 * @throws VcenterError; the signal's reason.
 */
async function listNewVmsOfName(session, plan, limits) {
    const found = await (0,_vcenter_vm_js__WEBPACK_IMPORTED_MODULE_0__/* .findVmsByName */ .g6)(session, plan, limits);
    return found.filter(({ vm }) => !(0,_ownership_js__WEBPACK_IMPORTED_MODULE_1__/* .isSource */ .__)(plan, vm) && !plan.vmsBefore.includes(vm));
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
