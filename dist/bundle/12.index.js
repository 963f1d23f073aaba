export const id = 12;
export const ids = [12];
export const modules = {

/***/ 3012:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  cleanUp: () => (/* binding */ cleanUp)
});

// EXTERNAL MODULE: ./build/https/connect-error.js
var connect_error = __webpack_require__(6779);
// EXTERNAL MODULE: ./build/text/json.js
var json = __webpack_require__(5666);
// EXTERNAL MODULE: ./build/text/redact.js
var redact = __webpack_require__(6953);
// EXTERNAL MODULE: ./build/text/shorten.js
var shorten = __webpack_require__(7627);
// EXTERNAL MODULE: ./build/time/deadline.js
var deadline = __webpack_require__(8754);
// EXTERNAL MODULE: ./build/text/described-error.js
var described_error = __webpack_require__(6662);
;// CONCATENATED MODULE: ./build/github/github-error.js

/** Every way in which a request to GitHub can end without a response that says something for certain. */
class GitHubError extends described_error/* DescribedError */.C {
    name = 'GitHubError';
    title = 'No clear response from GitHub';
    request;
    status;
    permission;
    isRateLimit;
    isTransient;
    retryAfter;
    constructor({ request, message, cause, ...fields }) {
        super(message, { cause });
        this.request = request;
        this.status = fields.status;
        this.permission = fields.permission;
        this.isRateLimit = fields.isRateLimit ?? false;
        this.isTransient = fields.isTransient ?? false;
        this.retryAfter = fields.retryAfter;
    }
    /** GitHub does not know the object, or does not show it to this token. */
    get isNotFound() {
        return this.status === 404;
    }
    get text() {
        const status = this.status === undefined ? '' : ` (HTTP ${this.status})`;
        return (0,described_error/* joinLines */.c)(`${this.request} failed${status}. ${this.message}`, this.#advice());
    }
    #advice() {
        if (this.isRateLimit) {
            return 'GitHub takes no more requests of this token for a while: run the cleanup less often, or with a token of its own.';
        }
        switch (this.status) {
            case 401:
                return "GitHub does not accept 'github-token': leave it out to have the job's own.";
            case 403:
            case 404:
                return `'github-token' must be of this repository, and have '${this.permission}': a 'permissions:' block takes away all that it does not name.`;
            default:
                return undefined;
        }
    }
}

;// CONCATENATED MODULE: ./build/github/api.js






/** Milliseconds that one request may take. */
const REQUEST_TIMEOUT = 15_000;
const MOST_RETRIES = 2;
/** Milliseconds after its first failure in which a request is sent again. */
const RETRY_TIMEOUT = 10_000;
const FIRST_PAUSE = 1_000;
/** UTF-16 units. */
const LONGEST_MESSAGE = 300;
function createGitHubApi(options) {
    const { owner, repo } = options.repository;
    const path = `/repos/${encodeURIComponent(owner)}/${encodeURIComponent(repo)}`;
    return {
        getRun: (id, signal) => sendWithRetries(options, {
            path: `${path}/actions/runs/${id}`,
            query: '?exclude_pull_requests=true', // they are those with that head by now, not the one that started the run
            permission: 'actions: read',
            signal,
        }),
        getPullRequest: (number, signal) => sendWithRetries(options, {
            path: `${path}/pulls/${number}`,
            query: '',
            permission: 'pull-requests: read',
            signal,
        }),
    };
}
async function sendWithRetries(options, request) {
    const { clock, random, trace } = options;
    let firstFailureAt;
    for (let failures = 0;; failures += 1) {
        try {
            return await sendOnce(options, request);
        }
        catch (error) {
            if (!(error instanceof GitHubError) || !error.isTransient || failures === MOST_RETRIES) {
                throw error;
            }
            firstFailureAt ??= clock.now();
            const pause = Math.max(error.retryAfter ?? 0, random() * FIRST_PAUSE * 2 ** failures);
            if (clock.now() + pause - firstFailureAt > RETRY_TIMEOUT) {
                throw error;
            }
            trace(`${error.request}: ${error.message} Next try in ${Math.round(pause)} ms.`);
            await clock.sleep(pause, request.signal);
        }
    }
}
async function sendOnce({ repository, token, connection, clock, trace }, { path, query, permission, signal }) {
    const request = `GET ${path}`;
    const startedAt = clock.now();
    const fail = (fields) => new GitHubError({ request, permission, ...fields, message: (0,redact/* redact */.E)(fields.message, [token]) });
    let outcome = 'no response';
    try {
        return await (0,deadline/* withDeadline */.NE)({ clock, what: 'the request', limit: REQUEST_TIMEOUT, signal }, async (requestSignal) => {
            try {
                const response = await connection.send({
                    method: 'GET',
                    url: `${repository.apiUrl}${path}${query}`,
                    headers: {
                        accept: 'application/vnd.github+json',
                        authorization: `Bearer ${token}`,
                        'user-agent': 'vcenter-clone-vm', // GitHub refuses requests without one
                        'x-github-api-version': '2022-11-28',
                    },
                    signal: requestSignal,
                });
                outcome = String(response.status);
                return await read(response, { fail, clock });
            }
            catch (error) {
                signal.throwIfAborted();
                if (error instanceof GitHubError) {
                    throw error;
                }
                const message = requestSignal.aborted
                    ? `No response within ${REQUEST_TIMEOUT / 1_000} s.`
                    : `No response: ${(0,connect_error/* failureReason */.Hr)(error)}`;
                const isPermanent = error instanceof connect_error/* ConnectError */.T$ && error.isPermanent;
                throw fail({ message, isTransient: !isPermanent, cause: error });
            }
        });
    }
    finally {
        trace(`${request}: ${outcome}, ${Math.round(clock.now() - startedAt)} ms`);
    }
}
async function read(response, { fail, clock, }) {
    const { status } = response;
    const isSuccess = status === 200;
    const text = await response.text().catch((error) => {
        if (isSuccess) {
            throw error;
        }
        return ''; // the status of a refusal says enough without its body
    });
    const body = parseJson(text);
    if (isSuccess && body !== undefined) {
        return { body, date: dateOf(response) };
    }
    if (isSuccess) {
        throw fail({ status, message: 'The response is not JSON.' }); // the text is not shown: nobody knows whose it is
    }
    const said = (0,json/* isRecord */.u4)(body) ? (0,json/* textOf */.b6)(body['message']) : undefined;
    throw fail({
        status,
        message: said === undefined ? 'GitHub says no more.' : `GitHub: ${(0,shorten/* shorten */.m)(said, LONGEST_MESSAGE)}`,
        isRateLimit: isRateLimit(response, said),
        isTransient: status >= 500,
        retryAfter: retryAfterOf(response, clock),
    });
}
/** Both limits come as 403 or 429 (GitHub's documentation, "Rate limits for the REST API"). */
function isRateLimit(response, said) {
    return (response.status === 429 ||
        (response.status === 403 &&
            (response.header('x-ratelimit-remaining')?.trim() === '0' ||
                response.header('retry-after') !== undefined ||
                /\brate limit/i.test(said ?? ''))));
}
/** Milliseconds; undefined where the headers tell none. The secondary limit has `retry-after`, the primary one a moment. */
function retryAfterOf(response, clock) {
    const seconds = response.header('retry-after')?.trim() ?? '';
    if (/^\d{1,9}$/.test(seconds)) {
        return Number(seconds) * 1_000;
    }
    const reset = response.header('x-ratelimit-reset')?.trim() ?? '';
    if (response.header('x-ratelimit-remaining')?.trim() === '0' && /^\d{1,12}$/.test(reset)) {
        return Math.max(0, Number(reset) * 1_000 - (dateOf(response) ?? clock.date().getTime()));
    }
    return undefined;
}
function dateOf(response) {
    const date = Date.parse(response.header('date') ?? '');
    return Number.isNaN(date) ? undefined : date;
}
function parseJson(text) {
    try {
        return JSON.parse(text);
    }
    catch {
        return undefined;
    }
}

// EXTERNAL MODULE: ./build/text/invalid-value.js
var invalid_value = __webpack_require__(8285);
// EXTERNAL MODULE: ./build/text/printable.js
var printable = __webpack_require__(4865);
// EXTERNAL MODULE: ./build/text/reference.js
var text_reference = __webpack_require__(3383);
// EXTERNAL MODULE: ./build/github/defaults.js
var defaults = __webpack_require__(698);
// EXTERNAL MODULE: ./build/github/input-fields.js
var input_fields = __webpack_require__(5950);
// EXTERNAL MODULE: ./build/github/input-values.js
var input_values = __webpack_require__(3729);
// EXTERNAL MODULE: ./build/github/inputs.js + 10 modules
var inputs = __webpack_require__(8313);
;// CONCATENATED MODULE: ./build/github/cleanup-inputs.js







/**
 * Reads the inputs of the cleanup action. Password and token are masked first.
 *
 * @throws InputsError with everything that is wrong.
 */
function readCleanupInputs({ core, readFile, isForkPullRequest, }) {
    return (0,inputs/* readInputs */.Ko)({
        core,
        readFile,
        isForkPullRequest,
        defaults: defaults/* cleanupDefaults */.Dt,
        fields: {
            folder: (0,input_fields/* required */.mw)('folder', 'the VM folders to clean up, one a line', parseFolders),
            datacenter: (0,input_fields/* optional */.lq)('datacenter', (0,inputs/* reference */.ir)('Datacenter')),
            githubToken: (0,input_fields/* required */.mw)('github-token', "leave it out to have the job's own", (text) => {
                core.setSecret(text);
                return parseToken(text);
            }),
            pullRequest: (0,input_fields/* optional */.lq)('pull-request', (text) => (0,input_values/* parseWholeNumber */.oA)({ text, min: 1 })),
            keepWhileOpen: (0,input_fields/* always */.Gk)('keep-while-open', input_values/* parseBoolean */.yG),
            grace: (0,input_fields/* always */.Gk)('grace', (text) => (0,input_values/* parseDuration */.E9)({ text, zero: 'allowed' })),
            maxAge: (0,input_fields/* optional */.lq)('max-age', input_values/* parseAge */.F1),
            keep: (0,input_fields/* always */.Gk)('keep', parseKeep),
            limit: (0,input_fields/* always */.Gk)('limit', (text) => (0,input_values/* parseWholeNumber */.oA)({ text, min: 0 })),
            dryRun: (0,input_fields/* always */.Gk)('dry-run', input_values/* parseBoolean */.yG),
            timeout: (0,input_fields/* always */.Gk)('timeout', inputs/* someTime */.c5),
        },
    });
}
function parseFolders(text) {
    return (0,input_values/* splitLines */.uz)(text).map((0,inputs/* reference */.ir)('Folder'));
}
function parseToken(text) {
    if (!/^[\x21-\x7e]+$/.test(text)) {
        throw new invalid_value/* ValueProblem */.b('is not a token: it holds characters that no header can have', {
            hidesValue: true,
        });
    }
    return text;
}
/** Generated names hold no comma, so that one between two of them can only mean two. */
function parseKeep(text) {
    return (0,input_values/* splitList */.ry)(text).map((item) => {
        const [, forced, rest = ''] = /^(id:|name:)?(.*)$/s.exec((0,printable/* printable */.g)(item)) ?? [];
        const value = rest.trim();
        if (value === '') {
            throw new invalid_value/* ValueProblem */.b(`has nothing after ${JSON.stringify(forced)}`);
        }
        if (forced === 'id:' || (forced === undefined && (0,text_reference/* isVmId */.hI)(value))) {
            return { kind: 'id', id: (0,text_reference/* bareId */.yW)(value) };
        }
        if (value.slice(0, -1).includes('*')) {
            throw new invalid_value/* ValueProblem */.b(`has ${JSON.stringify(value)}, but a * can only stand at the end`);
        }
        const isPrefix = value.endsWith('*');
        return { kind: 'name', name: (isPrefix ? value.slice(0, -1) : value).toLowerCase(), isPrefix };
    });
}
/** Whether one of the patterns is for this VM. */
function isListed(patterns, vm) {
    const name = vm.name.toLowerCase();
    return patterns.some((pattern) => pattern.kind === 'id'
        ? pattern.id === (0,text_reference/* bareId */.yW)(vm.id)
        : pattern.isPrefix
            ? name.startsWith(pattern.name)
            : name === pattern.name);
}

// EXTERNAL MODULE: ./build/text/duration.js
var duration = __webpack_require__(9556);
// EXTERNAL MODULE: ./build/text/markdown.js
var markdown = __webpack_require__(1065);
// EXTERNAL MODULE: ./build/github/summary.js
var summary = __webpack_require__(3794);
;// CONCATENATED MODULE: ./build/github/cleanup-summary.js



/** GitHub takes no summary of more than 1 MiB, and nobody reads one. */
const MOST_ROWS = 100;
const WORDS = {
    deleted: '**deleted**',
    'would be deleted': '**would be deleted**',
    failed: '**not deleted**',
    left: 'left for the next pass',
    gone: 'gone already',
    kept: 'kept',
};
/** What has become of the VMs that earlier runs left: those that go first. */
function cleanupSummary(cleanup) {
    const { vms, unknownRuns, milliseconds } = cleanup;
    const sorted = [
        ...vms.filter(({ outcome }) => outcome !== 'kept'),
        ...vms.filter(({ outcome }) => outcome === 'kept'),
    ];
    const rows = sorted
        .slice(0, MOST_ROWS)
        .map(({ id, name, run, pullRequest, outcome, reason }) => [
        `${(0,markdown/* code */.aY)(name)}, ${(0,markdown/* code */.aY)(id)}`,
        cleanup_summary_link(cleanup, `actions/runs/${run}`, String(run)),
        pullRequest === undefined ? '' : cleanup_summary_link(cleanup, `pull/${pullRequest}`, `#${pullRequest}`),
        WORDS[outcome],
        (0,markdown/* prose */.CS)(reason),
    ]);
    const more = sorted.length - rows.length;
    return (0,summary/* document */.Al)(heading(cleanup), rows.length === 0 ? '' : (0,markdown/* table */.tp)({ head: ['VM', 'Run', 'Pull request', 'Decision', 'Reason'], rows }), more > 0 ? `And ${more} more, in the log and in the output \`vms\`.` : '', unknownRuns > 0 ? `VMs that stay since GitHub does not know their runs here: ${unknownRuns}.` : '', `That took ${(0,duration/* formatDuration */.a)(milliseconds)}.`);
}
function heading({ isDryRun, found, deleted, failed }) {
    if (isDryRun) {
        return `### Dry run: nothing was deleted. VMs that would be: ${found}`;
    }
    const failures = failed === 0 ? '' : `, could not delete ${failed}`;
    return `### Deleted ${deleted} of ${found} VMs that earlier runs left${failures}`;
}
/** Made of what the runner says, and never of what a server does. */
function cleanup_summary_link({ repository }, path, text) {
    const { serverUrl, owner, repo } = repository;
    return `[${text}](${serverUrl}/${owner}/${repo}/${path})`;
}

// EXTERNAL MODULE: ./build/github/outputs.js
var github_outputs = __webpack_require__(1224);
;// CONCATENATED MODULE: ./build/github/repository.js

/** @throws GitHubError where a variable of the runner is missing or cannot be used. */
function readRepository(env) {
    const [, owner, repo] = /^(?!\.{1,2}\/)([\w.-]+)\/(?!\.{1,2}$)([\w.-]+)$/.exec(env['GITHUB_REPOSITORY'] ?? '') ?? [];
    const runId = Number(/^[1-9]\d*$/.exec(env['GITHUB_RUN_ID'] ?? ''));
    if (owner === undefined || repo === undefined) {
        throw unusable('GITHUB_REPOSITORY');
    }
    if (!Number.isSafeInteger(runId) || runId === 0) {
        throw unusable('GITHUB_RUN_ID');
    }
    return {
        apiUrl: readUrl(env, 'GITHUB_API_URL'),
        serverUrl: readUrl(env, 'GITHUB_SERVER_URL'),
        owner,
        repo,
        runId,
    };
}
/** The token, and what the decisions rest on, travel over TLS or not at all. */
function readUrl(env, name) {
    const url = URL.parse(env[name] ?? '');
    if (url === null ||
        url.protocol !== 'https:' ||
        url.username !== '' ||
        url.search !== '' ||
        url.hash !== '') {
        throw unusable(name);
    }
    return url.href.replace(/\/+$/, '');
}
function unusable(variable) {
    return new GitHubError({
        request: "Reading the run's own variables",
        message: `${variable}, which the runner sets in every workflow run, is missing or cannot be used.`,
    });
}

// EXTERNAL MODULE: ./build/vcenter/inventory/exactly-one.js
var exactly_one = __webpack_require__(9034);
// EXTERNAL MODULE: ./build/vcenter/inventory/lookup.js
var lookup = __webpack_require__(7641);
// EXTERNAL MODULE: ./build/vcenter/inventory/placement.js + 7 modules
var placement = __webpack_require__(4859);
// EXTERNAL MODULE: ./build/vcenter/inventory/resolve-error.js
var resolve_error = __webpack_require__(2448);
;// CONCATENATED MODULE: ./build/vcenter/inventory/vm-folders.js





/**
 * Turns VM folders into ids, each once, and sees that none is a datacenter's own: GET /api/vcenter/folder and datacenter, and GET
 * /api/vcenter/datacenter/{datacenter} of each datacenter. A folder that is given by its id is looked up as well.
 *
 * @throws ResolveError with every folder that is at fault; VcenterError; the signal's reason.
 */
function resolveVmFolders(session, { folders, datacenter: reference }, limits) {
    return (0,lookup/* withInventoryLookup */.h)(session, limits, async (lookup) => {
        const datacenter = (0,placement/* findDatacenter */.NX)(lookup, reference);
        const scope = (0,placement/* asScope */.XS)(datacenter);
        const found = (0,placement/* allOrProblems */.Xd)(folders.map((folder) => (0,placement/* findObject */.Z)(lookup, { input: 'folder', type: 'Folder', reference: folder }, scope)));
        const [roots, listed, [, ids]] = await Promise.all([
            findRoots(lookup),
            listById(lookup, folders),
            (0,placement/* allOrProblems */.Xd)([datacenter, found]),
        ]);
        const problems = folders.flatMap((folder, index) => {
            const id = (0,text_reference/* bareId */.yW)(ids[index] ?? '');
            if (folder.kind === 'id' && !listed.has(id)) {
                return [problem(folder, 'none', 'vCenter lists only what the account may see.')];
            }
            if (roots.size === 0) {
                return [problem(folder, 'no-datacenter', 'Let the account see the datacenter, too.')];
            }
            return roots.has(id)
                ? [problem(folder, 'root-folder', 'Name the folders below it that hold the VMs.')]
                : [];
        });
        if (problems.length > 0) {
            throw new resolve_error/* ResolveError */.JT(problems);
        }
        return [...new Set(ids)];
    });
}
/** The VM folders at the top of the datacenters that the account may see. */
async function findRoots(lookup) {
    const datacenters = await lookup.list('Datacenter', {});
    const folders = await Promise.all(datacenters.map(({ id }) => lookup.datacenterFolders(id)));
    return new Set(folders.map(({ vm }) => (0,text_reference/* bareId */.yW)(vm)));
}
async function listById(lookup, references) {
    const ids = references.flatMap((reference) => (reference.kind === 'id' ? [reference.id] : []));
    const rows = ids.length === 0
        ? [] // a filter without values would be none
        : await lookup.list('Folder', { type: 'VIRTUAL_MACHINE', folders: [...new Set(ids)] });
    return new Set(rows.map(({ id }) => (0,text_reference/* bareId */.yW)(id)));
}
function problem(folder, reason, hint) {
    return {
        input: 'folder',
        type: 'Folder',
        asked: (0,exactly_one/* asTyped */.j4)(folder),
        reason,
        candidates: [],
        near: [],
        available: [],
        hint,
    };
}

// EXTERNAL MODULE: ./build/vcenter/vm.js
var vcenter_vm = __webpack_require__(499);
// EXTERNAL MODULE: ./build/actions/connect.js + 4 modules
var connect = __webpack_require__(2462);
// EXTERNAL MODULE: ./build/actions/step.js
var step = __webpack_require__(6432);
// EXTERNAL MODULE: ./build/github/vm-name.js
var vm_name = __webpack_require__(8753);
;// CONCATENATED MODULE: ./build/actions/cleanup/candidates.js



/** Tells the VMs that are ours by their names from those of others, which are nothing but a number. */
function findCandidates({ folders, repo, keep, }) {
    const all = folders.flatMap(({ folder, vms }) => vms.map((vm) => ({ folder, vm })));
    const distinct = [...new Map(all.map((each) => [(0,text_reference/* bareId */.yW)(each.vm.vm), each])).values()];
    const candidates = distinct.flatMap(({ folder, vm }) => {
        const name = (0,vm_name/* readRepositoryName */.o2)({ name: vm.name, repo });
        return name === undefined
            ? []
            : [{ folder, vm, name, isListed: isListed(keep, { id: vm.vm, name: vm.name }) }];
    });
    return {
        candidates: candidates.sort((one, other) => one.name.runId - other.name.runId ||
            one.name.runAttempt - other.name.runAttempt ||
            (one.vm.name < other.vm.name ? -1 : 1)),
        others: distinct.length - candidates.length,
    };
}

// EXTERNAL MODULE: ./build/vcenter/transport/error.js
var transport_error = __webpack_require__(3668);
// EXTERNAL MODULE: ./build/actions/delete-vm.js
var delete_vm = __webpack_require__(6359);
;// CONCATENATED MODULE: ./build/actions/cleanup/decide.js

const DAY = 24 * 60 * 60 * 1_000;
/** A run lives at most 35 days (GitHub's documentation, "Usage limits"). */
const LONGEST_RUN = 36 * DAY;
/**
 * The events that start a run, by GitHub's documentation, apart from those of a pull request. What is not among them says
 * nothing of what the run was about.
 */
const OTHER_EVENTS = new Set(`branch_protection_rule check_run check_suite create delete deployment deployment_status discussion discussion_comment
  dynamic fork gollum image_version issue_comment issues label merge_group milestone page_build project project_card
  project_column public push registry_package release repository_dispatch schedule status watch workflow_call
  workflow_dispatch workflow_run`.split(/\s+/));
/** Whether a run was started by an event of a pull request, whose number its VMs bear. */
function isPullRequestEvent(event) {
    return /^pull_request(?:_target|_review|_review_comment|_comment)?$/.test(event);
}
/**
 * Decides about one VM. Whatever is in doubt keeps it. `ask pull request`: everything else says delete, and it depends on the
 * pull request, which {@link Facts} does not tell yet.
 */
function decide(facts, rules) {
    const { name, run: finding } = facts;
    if (finding.kind === 'unknown') {
        return keep('unknown run', `GitHub does not know run ${name.runId} in this repository`);
    }
    if (finding.kind === 'unclear') {
        return keep('unclear', `run ${name.runId} is not clear: ${finding.why}`);
    }
    const run = finding.value;
    const isPullRequest = isPullRequestEvent(run.event);
    return (disagreement(facts, run, rules) ??
        notOver(run, rules) ??
        inGrace(run, rules) ??
        (isPullRequest && rules.keepWhileOpen
            ? byPullRequest(facts, run, rules)
            : { decision: 'delete', reason: ended(run, rules) }));
}
function disagreement({ name }, run, { repositoryId }) {
    const differ = (how) => keep('disagreement', `name and run disagree: ${how}`);
    if (run.id !== name.runId) {
        return differ(`GitHub speaks of run ${run.id}`);
    }
    if (run.repositoryId !== repositoryId) {
        return differ(`run ${run.id} is another repository's`);
    }
    if (name.runAttempt > run.attempt) {
        return differ(`run ${run.id} has had ${run.attempt} attempts, not ${name.runAttempt}`);
    }
    if (isPullRequestEvent(run.event)) {
        return name.pullRequest === undefined
            ? differ(`run ${run.id} is a pull request's, whose number the name does not tell`)
            : undefined;
    }
    return OTHER_EVENTS.has(run.event)
        ? undefined
        : keep('unclear', `run ${run.id} is not clear: its event '${run.event}' is not known`);
}
function notOver(run, { now }) {
    const isWaiting = run.conclusion === 'action_required'; // of a fork, until somebody approves it
    if (run.status === 'completed' && !isWaiting) {
        return undefined;
    }
    const age = ageOf(run, now);
    const isStuck = age !== undefined && age > LONGEST_RUN;
    return {
        ...keep('not over', `run ${run.id} is not over: ${isWaiting ? run.conclusion : run.status}`),
        ...(isStuck ? { isStuck } : {}),
    };
}
function inGrace(run, { now, grace }) {
    const { id, updatedAt } = run;
    if (updatedAt === undefined) {
        return keep('unclear', `run ${id} is not clear: GitHub does not tell when it ended`);
    }
    if (updatedAt > now) {
        return keep('unclear', `run ${id} is not clear: by GitHub's own clock it ends in the future`);
    }
    return now - updatedAt < grace
        ? keep('grace', `run ${id} ended ${(0,duration/* formatDuration */.a)(now - updatedAt)} ago, less than ${(0,duration/* formatDuration */.a)(grace)}`)
        : undefined;
}
function byPullRequest({ name, pullRequest }, run, rules) {
    const age = ageOf(run, rules.now);
    if (rules.maxAge !== undefined && age !== undefined && age > rules.maxAge) {
        return {
            decision: 'delete',
            reason: `${ended(run, rules)} and began ${(0,duration/* formatDuration */.a)(age)} ago, more than ${(0,duration/* formatDuration */.a)(rules.maxAge)}`,
        };
    }
    if (pullRequest === undefined) {
        return 'ask pull request';
    }
    const which = `pull request ${name.pullRequest}`;
    switch (pullRequest.kind) {
        case 'unknown':
            return keep('pull request', `GitHub does not know ${which}`);
        case 'unclear':
            return keep('unclear', `${which} is not clear: ${pullRequest.why}`);
        case 'found':
            return pullRequest.value === 'closed'
                ? { decision: 'delete', reason: `${ended(run, rules)}, ${which} is closed` }
                : keep('pull request', `${which} is ${pullRequest.value}`);
    }
}
/** Milliseconds since the latest attempt began; undefined where that is not certain. */
function ageOf({ createdAt, startedAt }, now) {
    return createdAt === undefined || startedAt === undefined
        ? undefined
        : now - Math.max(createdAt, startedAt);
}
function ended({ id, updatedAt = 0 }, { now }) {
    return `run ${id} ended ${(0,duration/* formatDuration */.a)(now - updatedAt)} ago`;
}
function keep(rule, reason) {
    return { decision: 'keep', rule, reason };
}

;// CONCATENATED MODULE: ./build/actions/cleanup/pass.js

function startEntry(candidate) {
    return {
        candidate,
        decision: candidate.isListed
            ? { decision: 'keep', rule: 'listed', reason: "'keep' names it" }
            : { decision: 'keep', rule: 'unclear', reason: `GitHub was not asked for run ${candidate.name.runId}` },
        run: undefined,
        isAside: false,
        outcome: undefined,
        error: undefined,
    };
}
/** The number of the pull request that a VM was made for: by its name, unless its run was started by something else. */
function pullRequestOf({ candidate, run }) {
    return run === undefined || isPullRequestEvent(run.event) ? candidate.name.pullRequest : undefined;
}
/** The entries that count. */
function countedOf({ entries }) {
    return entries.filter(({ isAside }) => !isAside);
}
/** The entries to be deleted, whether or not that was done; oldest run first. */
function foundOf(pass) {
    return countedOf(pass).filter(({ decision }) => decision.decision === 'delete');
}
function withOutcome(pass, outcome) {
    return foundOf(pass).filter((entry) => entry.outcome === outcome);
}

// EXTERNAL MODULE: ./build/time/side-by-side.js
var side_by_side = __webpack_require__(4375);
;// CONCATENATED MODULE: ./build/actions/cleanup/survey.js


/** Requests to GitHub at once. */
const MOST_AT_ONCE = 4;
/**
 * Decides about every entry: GitHub is asked once for each run, the oldest first, and once for each pull request that a
 * decision depends on.
 *
 * @throws the signal's reason; what was decided until then stays so.
 */
async function survey({ entries, inquiry, rules, pullRequest, signal }) {
    const open = entries.filter(({ candidate }) => !candidate.isListed);
    const byRun = Map.groupBy(open, ({ candidate }) => candidate.name.runId);
    const waiting = [...byRun];
    const pullRequests = new Map();
    const findPullRequest = (number, workSignal) => {
        const finding = pullRequests.get(number) ?? inquiry.pullRequest(number, workSignal);
        pullRequests.set(number, finding);
        return finding;
    };
    const work = async (workSignal) => {
        for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
            const [runId, ofRun] = next;
            const run = await inquiry.run(runId, workSignal);
            for (const entry of ofRun) {
                entry.run = run.kind === 'found' ? run.value : undefined;
                // A branch may be called `pr12`, too.
                entry.isAside =
                    pullRequest !== undefined && run.kind === 'found' && !isPullRequestEvent(run.value.event);
                const facts = { name: entry.candidate.name, run };
                const decision = await decideWith(facts, rules, (number) => findPullRequest(number, workSignal));
                entry.decision = decision;
            }
        }
    };
    await (0,side_by_side/* sideBySide */.Q)({
        signal,
        start: (workSignal) => Array.from({ length: MOST_AT_ONCE }, () => work(workSignal)),
    });
}
/** Decides, and finds out about the pull request only where that matters. */
async function decideWith(facts, rules, findPullRequest) {
    const decision = decide(facts, rules);
    if (decision !== 'ask pull request') {
        return decision;
    }
    const { pullRequest: number } = facts.name;
    const pullRequest = number === undefined ? { kind: 'unknown' } : await findPullRequest(number);
    const second = decide({ ...facts, pullRequest }, rules);
    if (second === 'ask pull request') {
        throw new Error('the pull request was asked for already');
    }
    return second;
}

;// CONCATENATED MODULE: ./build/actions/cleanup/delete-found.js






/** Milliseconds that a deletion under way may go on when the pass is to end. */
const DELETION_GRACE = 3_000;
/**
 * Deletes what was found, one VM after the other, oldest run first, until `limit`. Each is checked once more right before; GitHub
 * has no lock, so a run that is started again within the one or two requests that follow goes unnoticed. A VM that cannot be
 * deleted does not stop the others. Ends early where GitHub gives no clear response any more.
 *
 * @throws the signal's reason; VcenterError where no login is accepted any more.
 */
async function deleteFound(options) {
    const { pass, session, inquiry, limit, clock, report, limits } = options;
    let taken = 0;
    for (const entry of foundOf(pass)) {
        limits.signal.throwIfAborted();
        if (taken >= limit || inquiry.endedBy() !== undefined) {
            return;
        }
        let isBegun = false;
        try {
            const vm = await checkAgain(entry, options);
            if (vm !== undefined) {
                isBegun = true;
                await (0,deadline/* outliving */.Wx)({ clock, by: DELETION_GRACE, signal: limits.signal }, (signal) => (0,delete_vm/* powerOffAndDelete */.L)({ session, vm, clock, report, limits: { ...limits, signal } }));
                entry.outcome = 'deleted';
                taken += 1;
            }
        }
        catch (error) {
            if (limits.signal.aborted && !isBegun) {
                throw error;
            }
            entry.outcome = 'failed';
            entry.error = error;
            // What vCenter has refused leaves room for another; what became of the rest nobody knows.
            const isRefused = error instanceof transport_error/* VcenterError */.Cn && (0,transport_error/* isOwnRefusal */.jZ)(error);
            taken += isBegun && !isRefused ? 1 : 0;
            if ((0,transport_error/* isLoginRefused */.mZ)(error)) {
                throw error;
            }
            report.info(`${(0,delete_vm/* describeVm */.r)(entry.candidate.vm)} was not deleted.`);
        }
    }
}
/** The VM as it is now, where everything still says that it is to go. What has changed is written down in the entry. */
async function checkAgain(entry, { session, inquiry, rules, report, limits }) {
    const { vm: listed, folder } = entry.candidate;
    const vm = await (0,vcenter_vm/* findVmInFolder */.It)(session, { vm: listed.vm, folder }, limits);
    if (vm === undefined) {
        entry.outcome = 'gone';
        report.info(`${(0,delete_vm/* describeVm */.r)(listed)} is not in its folder any more.`);
        return undefined;
    }
    const decision = vm.name === listed.name ? await decideAgain(entry, { inquiry, rules, limits }) : renamed(vm);
    if (decision.decision === 'keep') {
        entry.decision = decision;
        report.info(`Keep ${(0,delete_vm/* describeVm */.r)(listed)} after all: ${decision.reason}.`);
        return undefined;
    }
    return vm;
}
async function decideAgain({ candidate, run: before }, { inquiry, rules, limits }) {
    const { name } = candidate;
    const { signal } = limits;
    const run = await inquiry.run(name.runId, signal);
    if (run.kind === 'found' && run.value.attempt !== before?.attempt) {
        const reason = `run ${name.runId} was started again meanwhile`;
        return { decision: 'keep', rule: 'disagreement', reason };
    }
    return decideWith({ name, run }, rules, (number) => inquiry.pullRequest(number, signal));
}
function renamed({ name }) {
    return { decision: 'keep', rule: 'disagreement', reason: `it is called '${name}' by now` };
}

// EXTERNAL MODULE: ./build/actions/failure.js
var failure = __webpack_require__(4622);
;// CONCATENATED MODULE: ./build/actions/cleanup/incomplete.js



/** A pass has not done all that it was to do. */
class CleanupIncomplete extends described_error/* DescribedError */.C {
    name = 'CleanupIncomplete';
    title;
    text;
    constructor({ interruptions, failed, left }) {
        super('the cleanup is not complete', { cause: interruptions.at(-1) ?? failed[0]?.error });
        const described = interruptions.map((error) => (0,failure/* describeFailure */.I)(error));
        this.title = described.at(-1)?.title ?? 'VMs not deleted';
        this.text = (0,described_error/* joinLines */.c)(...described.map(({ text }) => text), failed.length === 0 ? undefined : `Not deleted, or not known to be (${failed.length}):`, ...failed.map(({ candidate, error }) => `- ${(0,delete_vm/* describeVm */.r)(candidate.vm)}: ${onOneLine(error)}`), left === 0
            ? undefined
            : `VMs that were to be deleted and were not reached: ${left}. The next pass takes them.`);
    }
}
function onOneLine(error) {
    return (0,failure/* describeFailure */.I)(error).text.replaceAll('\n', ' ');
}

;// CONCATENATED MODULE: ./build/github/workflow-run.js

/** Reads a run; undefined where a part is missing that every run has. Times that cannot be read are missing. */
function readWorkflowRun(body) {
    if (!(0,json/* isRecord */.u4)(body)) {
        return undefined;
    }
    const id = countOf(body['id']);
    const repositoryId = (0,json/* isRecord */.u4)(body['repository']) ? countOf(body['repository']['id']) : undefined;
    const attempt = countOf(body['run_attempt']);
    const status = (0,json/* textOf */.b6)(body['status']);
    const event = (0,json/* textOf */.b6)(body['event']);
    return id === undefined ||
        repositoryId === undefined ||
        attempt === undefined ||
        status === undefined ||
        event === undefined
        ? undefined
        : {
            id,
            repositoryId,
            status,
            conclusion: (0,json/* textOf */.b6)(body['conclusion']),
            attempt,
            event,
            createdAt: timeOf(body['created_at']),
            startedAt: timeOf(body['run_started_at']),
            updatedAt: timeOf(body['updated_at']),
        };
}
/** The `state` of a pull request, `open` or `closed`; undefined where there is none, or where it is that of another number. */
function readPullRequestState(body, number) {
    return (0,json/* isRecord */.u4)(body) && (body['number'] ?? number) === number ? (0,json/* textOf */.b6)(body['state']) : undefined;
}
function countOf(value) {
    return typeof value === 'number' && Number.isSafeInteger(value) && value > 0 ? value : undefined;
}
/** `2026-01-22T19:33:08Z`, as GitHub writes all its times. Any other form, or a day that is not, means nothing. */
function timeOf(value) {
    const text = (0,json/* textOf */.b6)(value);
    if (text === undefined || !/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?Z$/.test(text)) {
        return undefined;
    }
    const time = Date.parse(text);
    const isReal = !Number.isNaN(time) && new Date(time).toISOString().slice(0, 19) === text.slice(0, 19);
    return isReal ? time : undefined;
}

;// CONCATENATED MODULE: ./build/actions/cleanup/inquiry.js


/** After so many failures in a row GitHub is not asked any more. */
const MOST_FAILURES = 3;
const NOT_ASKED = { kind: 'unclear', why: 'GitHub was not asked any more' };
function startInquiry(api) {
    let failuresInARow = 0;
    let endedBy;
    const ask = async (send, readBody) => {
        if (endedBy !== undefined) {
            return NOT_ASKED;
        }
        try {
            const value = readBody((await send()).body);
            failuresInARow = 0;
            return value === undefined
                ? { kind: 'unclear', why: "GitHub's response is of another form" }
                : { kind: 'found', value };
        }
        catch (error) {
            if (!(error instanceof GitHubError)) {
                throw error;
            }
            if (error.isNotFound) {
                failuresInARow = 0;
                return { kind: 'unknown' };
            }
            failuresInARow += 1;
            if (error.isRateLimit || failuresInARow >= MOST_FAILURES) {
                endedBy ??= error;
            }
            return { kind: 'unclear', why: reasonOf(error) };
        }
    };
    return {
        run: (id, signal) => ask(() => api.getRun(id, signal), readWorkflowRun),
        pullRequest: (number, signal) => ask(() => api.getPullRequest(number, signal), (body) => readPullRequestState(body, number)),
        endedBy: () => endedBy,
    };
}
/** A clause: what GitHub says, and which right may be missing. */
function reasonOf({ status, message, permission, isRateLimit }) {
    const needs = status === 403 && !isRateLimit ? ` The token needs '${permission}'.` : '';
    return `${status === undefined ? '' : `HTTP ${status}. `}${message}${needs}`.replace(/\.$/, '');
}

;// CONCATENATED MODULE: ./build/actions/cleanup/own-run.js


/**
 * Asks GitHub for the run that the pass is in. A clear response proves token, rights, server and repository at once; without
 * one nothing that GitHub says of other runs could be relied on.
 *
 * @throws GitHubError; the signal's reason.
 */
async function confirmOwnRun(api, { owner, repo, runId }, signal) {
    const { body, date } = await api.getRun(runId, signal);
    const run = readWorkflowRun(body);
    const problem = run === undefined
        ? 'it is no run that can be read'
        : run.id !== runId
            ? `it is run ${run.id}`
            : run.status === 'completed'
                ? 'it is over, by its word'
                : date === undefined
                    ? 'its Date header is missing or cannot be read'
                    : undefined;
    if (run === undefined || date === undefined || problem !== undefined) {
        throw new GitHubError({
            request: `GET /repos/${owner}/${repo}/actions/runs/${runId}`,
            message: `What GitHub says of run ${runId}, in which this step is, cannot be relied on: ${problem}.`,
        });
    }
    return { repositoryId: run.repositoryId, now: date };
}

;// CONCATENATED MODULE: ./build/actions/cleanup/publish.js

/** The outputs of a pass, however it ended. */
function passOutputs(pass) {
    const counted = countedOf(pass);
    const found = foundOf(pass);
    const vms = counted.map((entry) => ({
        id: entry.candidate.vm.vm,
        name: entry.candidate.vm.name,
        run: entry.candidate.name.runId,
        'pull-request': pullRequestOf(entry) ?? null,
        decision: entry.decision.decision,
        reason: entry.decision.reason,
    }));
    return {
        found: String(found.length),
        deleted: String(withOutcome(pass, 'deleted').length),
        kept: String(counted.length - found.length),
        failed: String(withOutcome(pass, 'failed').length),
        vms: JSON.stringify(vms),
    };
}
/** The same for the job summary. VMs whose runs GitHub does not know may be another owner's: they are a number there. */
function passSummary(pass, options) {
    const counted = countedOf(pass);
    const shown = counted.filter(({ decision }) => decision.decision === 'delete' || decision.rule !== 'unknown run');
    return {
        ...options,
        found: foundOf(pass).length,
        deleted: withOutcome(pass, 'deleted').length,
        failed: withOutcome(pass, 'failed').length,
        unknownRuns: counted.length - shown.length,
        vms: shown.map((entry) => ({
            id: entry.candidate.vm.vm,
            name: entry.candidate.vm.name,
            run: entry.candidate.name.runId,
            pullRequest: pullRequestOf(entry),
            outcome: outcomeOf(entry, options),
            reason: entry.decision.reason,
        })),
    };
}
function outcomeOf({ decision, outcome }, { isDryRun }) {
    if (decision.decision === 'keep') {
        return 'kept';
    }
    return isDryRun ? 'would be deleted' : (outcome ?? 'left');
}

;// CONCATENATED MODULE: ./build/actions/cleanup/report.js


/** VMs that one annotation names. */
const MOST_NAMED = 20;
/** Says what was decided about each VM of this repository; those of others are a number. */
function tellDecisions(pass, repository, report) {
    const name = `${repository.owner}/${repository.repo}`;
    const counted = countedOf(pass);
    for (const { candidate, decision } of counted) {
        if (decision.decision === 'delete') {
            report.info(`Delete ${(0,delete_vm/* describeVm */.r)(candidate.vm)}: ${decision.reason}.`);
        }
        else if (decision.rule !== 'unknown run') {
            report.info(`Keep ${(0,delete_vm/* describeVm */.r)(candidate.vm)}: ${decision.reason}.`);
        }
    }
    const unknown = withRule(counted, 'unknown run').length;
    if (unknown > 0) {
        report.info(`Keep ${unknown} more: GitHub does not know their runs in ${name}. They are of another owner's repository of that name, or their runs were deleted.`);
    }
    const aside = pass.notOfPullRequest + pass.entries.length - counted.length;
    if (aside > 0) {
        report.info(`VMs of ${name} that are not of the pull request: ${aside}.`);
    }
    report.info(`VMs without a generated name of ${name}: ${pass.others}.`);
}
/** The warnings and the notice of a pass, at its end. */
function tellPass(pass, { isDryRun, limit }, report) {
    const counted = countedOf(pass);
    const found = foundOf(pass);
    const deleted = withOutcome(pass, 'deleted').length;
    const untouched = withOutcome(pass, undefined).length;
    if (isDryRun) {
        report.warning({
            title: 'Dry run',
            text: `Nothing was deleted. VMs that would be: ${found.length}.${found.length > limit ? ` In one pass at most ${limit} ('limit').` : ''} With 'dry-run: false' they are.`,
        });
    }
    else if (untouched > 0 && pass.interruptions.length === 0) {
        report.warning({
            title: 'Limit reached',
            text: `VMs that were to be deleted and are left: ${untouched}. 'limit' is ${limit}; the next pass takes the next ones.`,
        });
    }
    if (deleted > 0) {
        report.notice({
            title: 'Leaks cleaned up',
            text: `VMs that earlier runs had left and that are deleted now: ${deleted}. If this goes on, look for what leaves them: a job without a teardown step, or a runner that dies.`,
        });
    }
    const unclear = withRule(counted, 'unclear');
    if (unclear.length > 0 && pass.interruptions.length === 0) {
        report.warning({ title: 'Kept in doubt', text: listOf(unclear) });
    }
    const stuck = counted.filter(({ decision }) => decision.decision === 'keep' && decision.isStuck === true);
    if (stuck.length > 0) {
        report.warning({
            title: 'Runs without an end',
            text: `These runs began more than 36 days ago, longer than any run lives, and GitHub does not say that they are over. Their VMs stay; please look at them.\n${listOf(stuck)}`,
        });
    }
}
function withRule(entries, rule) {
    return entries.filter(({ decision }) => decision.decision === 'keep' && decision.rule === rule);
}
function listOf(entries) {
    const lines = entries
        .slice(0, MOST_NAMED)
        .map(({ candidate, decision }) => `- ${(0,delete_vm/* describeVm */.r)(candidate.vm)}: ${decision.reason}.`);
    const more = entries.length - lines.length;
    return [...lines, ...(more > 0 ? [`- and ${more} more, in the log`] : [])].join('\n');
}

;// CONCATENATED MODULE: ./build/actions/cleanup/run.js



















/** Milliseconds that one request to vCenter is retried: a VM that is busy must not keep the others from being deleted. */
const run_RETRY_TIMEOUT = 60_000;
/** Milliseconds that a pass waits for GitHub to take requests again, to delete what was decided before. */
const LONGEST_WAIT = 120_000;
/** The main step of the cleanup action. Returns the exit code. */
function cleanUp(runtime) {
    return (0,step/* runStep */.e)(runtime, async ({ report, signal }) => {
        const { core, clock, env, readFile } = runtime;
        const isForkPullRequest = await (0,connect/* lacksSecrets */.S)(runtime);
        const inputs = readCleanupInputs({ core, readFile, isForkPullRequest });
        const repository = readRepository(env);
        await core.load();
        const startedAt = clock.now();
        const started = [];
        await (0,deadline/* withDeadline */.NE)({ clock, what: 'The cleanup', limit: inputs.timeout, signal }, (deadline) => runPass(runtime, {
            ...{ inputs, repository, report, signal: deadline },
            onStart: (pass) => started.push(pass),
        })).catch((error) => {
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
/** One pass: GitHub confirms the run, vCenter lists the VMs, GitHub is asked about each, and what is certain is deleted. */
async function runPass(runtime, options) {
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
        const limits = { signal, retryTimeout: run_RETRY_TIMEOUT };
        await (0,connect/* connected */.a)({ runtime, connection: inputs.connection, report, limits }, async ({ session }) => {
            const pass = await listPass(session, { inputs, repository, limits });
            onStart(pass);
            const first = startInquiry(api);
            const { pullRequest } = inputs;
            await survey({ entries: pass.entries, inquiry: first, rules, pullRequest, signal }).finally(() => tellDecisions(pass, repository, report));
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
            if (refusedAgain !== undefined && refused === undefined) {
                pass.interruptions.push(refusedAgain);
            }
        });
    }
    finally {
        connection.close();
    }
}
/** What is in the folders, each listed once, before anything is known of it. */
async function listPass(session, { inputs, repository, limits, }) {
    const { folder: folders, datacenter, keep, pullRequest } = inputs;
    const ids = await resolveVmFolders(session, { folders, datacenter }, limits);
    const lists = [];
    for (const folder of ids) {
        lists.push({ folder, vms: await (0,vcenter_vm/* listVmsInFolder */._x)(session, folder, limits) });
    }
    const { candidates, others } = findCandidates({ folders: lists, repo: repository.repo, keep });
    const wanted = candidates.filter(({ name }) => pullRequest === undefined || name.pullRequest === pullRequest);
    return {
        entries: wanted.map(startEntry),
        others,
        notOfPullRequest: candidates.length - wanted.length,
        interruptions: [],
    };
}
/** @throws CleanupIncomplete where not all is done; then outputs and summary are there all the same. */
async function publish(pass, { runtime, inputs, repository, report, milliseconds }) {
    const { core } = runtime;
    const { dryRun: isDryRun, limit } = inputs;
    tellPass(pass, { isDryRun, limit }, report);
    await report.summary(cleanupSummary(passSummary(pass, { isDryRun, repository, milliseconds })));
    const failed = withOutcome(pass, 'failed');
    const outputs = passOutputs(pass);
    if (failed.length === 0 && pass.interruptions.length === 0) {
        (0,github_outputs/* setOutputs */.n0)(core, outputs);
        return;
    }
    for (const name of github_outputs/* cleanupOutputs */.rg) {
        (0,github_outputs/* tryOutput */.tZ)(core, name, outputs[name]);
    }
    const left = isDryRun || pass.interruptions.length === 0 ? 0 : withOutcome(pass, undefined).length;
    throw new CleanupIncomplete({ interruptions: pass.interruptions, failed, left });
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
