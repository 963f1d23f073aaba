export const id = 435;
export const ids = [435];
export const modules = {

/***/ 4435:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

// ESM COMPAT FLAG
__webpack_require__.r(__webpack_exports__);

// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  abortClone: () => (/* reexport */ abortClone),
  cleanUp: () => (/* reexport */ cleanUp),
  cloneInSession: () => (/* reexport */ cloneInSession),
  findVmToDelete: () => (/* reexport */ findVmToDelete)
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
var github_inputs = __webpack_require__(8313);
;// CONCATENATED MODULE: ./build/github/cleanup-inputs.js







/**
 * Reads the inputs of the cleanup action. Password and token are masked first.
 *
 * @throws InputsError with everything that is wrong.
 */
function readCleanupInputs({ core, readFile, isForkPullRequest, }) {
    return (0,github_inputs/* readInputs */.Ko)({
        core,
        readFile,
        isForkPullRequest,
        defaults: defaults/* cleanupDefaults */.Dt,
        fields: {
            folder: (0,input_fields/* required */.mw)('folder', 'the VM folders to clean up, one a line', parseFolders),
            datacenter: (0,input_fields/* optional */.lq)('datacenter', (0,github_inputs/* reference */.ir)('Datacenter')),
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
            timeout: (0,input_fields/* always */.Gk)('timeout', github_inputs/* someTime */.c5),
        },
    });
}
function parseFolders(text) {
    return (0,input_values/* splitLines */.uz)(text).map((0,github_inputs/* reference */.ir)('Folder'));
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

// EXTERNAL MODULE: ./build/vcenter/inventory/escaped-name.js
var escaped_name = __webpack_require__(8000);
;// CONCATENATED MODULE: ./build/vcenter/inventory/near-match.js
const MOST_SHOWN = 5;
const MOST_EDITS = 2;
/** The objects whose names are most like the one that was asked for, best first: for the error that says it is not there. */
function nearest(asked, objects) {
    const wanted = comparable(asked);
    return objects
        .map((object) => ({ object, unlikeness: unlikeness(wanted, comparable(object.name)) }))
        .filter(({ unlikeness }) => Number.isFinite(unlikeness))
        .sort((a, b) => a.unlikeness - b.unlikeness)
        .slice(0, MOST_SHOWN)
        .map(({ object }) => object);
}
function comparable(name) {
    return name.normalize('NFC').toLowerCase().trim();
}
/** 0 for the same but for case; the edits between them; then prefixes and substrings; Infinity for no likeness. */
function unlikeness(wanted, name) {
    // In a name of two letters everything is two edits away from everything.
    const allowed = Math.min(MOST_EDITS, Math.floor(wanted.length / 2));
    const edits = Math.abs(wanted.length - name.length) > allowed ? Number.POSITIVE_INFINITY : editDistance(wanted, name);
    if (edits <= allowed) {
        return edits;
    }
    const [short, long] = wanted.length < name.length ? [wanted, name] : [name, wanted];
    if (short.length < 2 || !long.includes(short)) {
        return Number.POSITIVE_INFINITY;
    }
    return long.startsWith(short) ? MOST_EDITS + 1 : MOST_EDITS + 2;
}
/** Insertions, deletions, substitutions and swaps of neighbours that turn one into the other. */
function editDistance(one, other) {
    const a = [...one];
    const b = [...other];
    let beforeLast = [];
    let last = [0, ...b.map((_, index) => index + 1)];
    for (const [i, character] of a.entries()) {
        const row = [i + 1];
        for (const [j, against] of b.entries()) {
            const replaced = (last[j] ?? 0) + (character === against ? 0 : 1);
            const removed = (last[j + 1] ?? 0) + 1;
            const added = (row[j] ?? 0) + 1;
            const isSwap = i > 0 && j > 0 && character === b[j - 1] && against === a[i - 1];
            const swapped = isSwap ? (beforeLast[j - 1] ?? 0) + 1 : Number.POSITIVE_INFINITY;
            row.push(Math.min(replaced, removed, added, swapped));
        }
        beforeLast = last;
        last = row;
    }
    return last[b.length] ?? 0;
}

;// CONCATENATED MODULE: ./build/vcenter/inventory/resolve-error.js


/** Names in the inputs that do not lead to exactly one object each: all that a run has, at once, one a line of the message. */
class ResolveError extends described_error/* DescribedError */.C {
    name = 'ResolveError';
    title = 'Names not resolved';
    text;
    /** Empty for a name that cannot be looked up since another one, which it depends on, is at fault. */
    problems;
    constructor(problems) {
        const lines = problems.map(describeResolveProblem);
        super((lines.length > 1 ? ['These inputs do not name exactly one object each:', ...lines] : lines).join('\n'));
        this.text = this.message;
        this.problems = problems;
    }
}
const NOUNS = {
    VirtualMachine: ['VM', 'VMs'],
    Folder: ['VM folder', 'VM folders'],
    ResourcePool: ['resource pool', 'resource pools'],
    ClusterComputeResource: ['cluster', 'clusters'],
    HostSystem: ['host', 'hosts'],
    Datastore: ['datastore', 'datastores'],
    Network: ['network', 'networks'],
    Datacenter: ['datacenter', 'datacenters'],
    VirtualDisk: ['disk', 'disks'],
    VirtualEthernetCard: ['network adapter', 'network adapters'],
    Category: ['tag category', 'tag categories'],
    Tag: ['tag', 'tags'],
};
const resolve_error_MOST_SHOWN = 10;
/** One problem as a line for people. */
function describeResolveProblem(problem) {
    const sentences = [statement(problem), suggestion(problem), problem.hint];
    return `${problem.input}: ${sentences.filter((sentence) => sentence !== undefined).join(' ')}`;
}
function statement({ type, asked, reason, element, scope, candidates }) {
    const [noun, nouns] = NOUNS[type];
    const inScope = scope === undefined ? '' : ` in ${scope}`;
    switch (reason) {
        case 'none':
            return element === undefined
                ? `there is no ${noun} '${asked}'${inScope}.`
                : `'${asked}' leads nowhere: there is no '${element}'${inScope}.`;
        case 'several':
            return element === undefined
                ? `${candidates.length} ${nouns} are called '${asked}'${inScope}: ${enumerate(candidates, idAndPlace)}.`
                : `'${asked}' is not clear: there are ${candidates.length} '${element}'${inScope}: ${enumerate(candidates, idAndPlace)}.`;
        case 'datacenter-needed':
            return `'${asked}' is a path below a datacenter, and there are several: ${enumerate(candidates, nameAndId)}.`;
        case 'outside-datacenter':
            return `'${asked}' does not lie in ${scope ?? 'the datacenter'}, which 'datacenter' names.`;
        case 'not-a-path':
            return `'${asked}' is not a path to a ${noun}.`;
        case 'root-folder':
            return `'${asked}' is a datacenter's own VM folder, in which all others are.`;
        case 'no-datacenter':
            return `'${asked}' may be a datacenter's own VM folder: no datacenter can be seen.`;
        case 'not-for-vms':
            return `'${asked}' is a tag of ${scope ?? 'a category'}, which is not for VMs.`;
        case 'one-per-category':
            return `${enumerate(candidates, nameAndId)} are tags of ${scope ?? 'one category'}, of which a VM takes only one.`;
        case 'device-twice':
            return `'${asked}' is ${enumerate(candidates, nameAndId)}, and that ${noun} is named before.`;
    }
}
function suggestion({ near, available }) {
    if (near.length > 0) {
        return `Did you mean ${enumerate(near, nameAndId, ' or ')}?`;
    }
    return available.length > 0 ? `There are: ${enumerate(available, nameAndId)}.` : undefined;
}
function enumerate(candidates, show, last = ', ') {
    const shown = candidates.slice(0, resolve_error_MOST_SHOWN).map(show);
    if (candidates.length > resolve_error_MOST_SHOWN) {
        return `${shown.join(', ')} and ${candidates.length - resolve_error_MOST_SHOWN} more`;
    }
    return [...(shown.length > 1 ? [shown.slice(0, -1).join(', ')] : []), ...shown.slice(-1)].join(last);
}
function nameAndId({ name, id }) {
    return `'${name}' (${id})`;
}
function idAndPlace({ id, where }) {
    return where === undefined ? id : `${id} (${where})`;
}
/** A row of vCenter's as an error shows it. */
function toCandidate({ id, name, path, }) {
    return { id, name: (0,escaped_name/* unescapeName */.E6)(name), ...(path === undefined ? {} : { where: path }) };
}

// EXTERNAL MODULE: ./build/vcenter/transport/error.js
var transport_error = __webpack_require__(3668);
// EXTERNAL MODULE: ./build/vcenter/transport/unreadable.js
var unreadable = __webpack_require__(2739);
// EXTERNAL MODULE: ./build/vcenter/vi-json/data.js
var data = __webpack_require__(673);
// EXTERNAL MODULE: ./build/vcenter/vi-json/invoke.js
var vi_json_invoke = __webpack_require__(8289);
// EXTERNAL MODULE: ./build/vcenter/vi-json/properties.js
var properties = __webpack_require__(7256);
;// CONCATENATED MODULE: ./build/vcenter/vi-json/find-vm.js







const FIND_BY_PATH = (0,vi_json_invoke/* viOperation */.Hp)('POST', 'SearchIndex', 'FindByInventoryPath');
const FIND_CHILD = (0,vi_json_invoke/* viOperation */.Hp)('POST', 'SearchIndex', 'FindChild');
const CREATE_VIEW = (0,vi_json_invoke/* viOperation */.Hp)('POST', 'ViewManager', 'CreateContainerView');
const DESTROY_VIEW = (0,vi_json_invoke/* viOperation */.Hp)('POST', 'ContainerView', 'DestroyView');
/**
 * The VM or template at an inventory path, `DC1/vm/templates/ubuntu` in its parts: SearchIndex.FindByInventoryPath. Undefined
 * where there is none, where something else is there, and where the account may not see it.
 *
 * @throws VcenterError
 */
async function findVmByPath(session, segments, limits) {
    const moId = await managerId(session, 'searchIndex', limits);
    const parameters = { inventoryPath: segments.map(escapeName).join('/') };
    const found = await invoke(session, { operation: FIND_BY_PATH, moId, parameters, expects: 'optional' }, limits);
    return vmIdOf(found);
}
/** The same for a VM or template that a folder directly holds: SearchIndex.FindChild. @throws VcenterError */
async function findVmInFolder(session, { folder, name }, limits) {
    const moId = await (0,vi_json_invoke/* managerId */.vv)(session, 'searchIndex', limits);
    const parameters = { entity: (0,data/* reference */.ir)({ type: 'Folder', id: folder }), name: (0,escaped_name/* escapeName */.L$)(name) };
    const found = await (0,vi_json_invoke/* invoke */.lA)(session, { operation: FIND_CHILD, moId, parameters, expects: 'optional' }, limits);
    return vmIdOf(found);
}
function vmIdOf(found) {
    const object = (0,data/* readReference */.Wf)(found);
    return object?.type === 'VirtualMachine' ? object.id : undefined;
}
/**
 * All VMs and templates of a name in a datacenter, or anywhere: no filter of vCenter's does that, so the names of all of them
 * come through a view, which is destroyed afterwards.
 *
 * @throws VcenterError
 */
async function findVmsOfName(session, { name, datacenter }, limits) {
    const moId = await (0,vi_json_invoke/* managerId */.vv)(session, 'viewManager', limits);
    const container = datacenter === undefined
        ? { type: 'Folder', id: await (0,vi_json_invoke/* managerId */.vv)(session, 'rootFolder', limits) }
        : { type: 'Datacenter', id: datacenter };
    const parameters = { container: (0,data/* reference */.ir)(container), type: ['VirtualMachine'], recursive: true };
    const created = await (0,vi_json_invoke/* invoke */.lA)(session, { operation: CREATE_VIEW, moId, parameters, expects: 'json' }, limits);
    const view = (0,data/* readReference */.Wf)(created);
    if (view === undefined) {
        throw (0,unreadable/* unreadable */.O)(session, CREATE_VIEW, 'a view');
    }
    try {
        const query = {
            paths: [{ type: 'VirtualMachine', paths: ['name'] }],
            objects: (0,properties/* reachedFrom */.Tj)({ type: 'ContainerView', id: view.id }, 'view'),
        };
        const all = await (0,properties/* retrieveProperties */._c)(session, query, limits);
        const found = all.filter(({ values }) => (0,escaped_name/* escapeName */.L$)((0,json/* textOf */.b6)(values.get('name')) ?? '') === (0,escaped_name/* escapeName */.L$)(name));
        const paths = found.length > 1 ? await pathsOf(session, found, limits) : new Map();
        return found.map(({ object: { id }, values }) => ({
            id,
            name: (0,escaped_name/* unescapeName */.E6)(String(values.get('name'))),
            path: paths.get(id),
        }));
    }
    finally {
        // It would die with the session; a failure here says nothing about what was found.
        await (0,vi_json_invoke/* invoke */.lA)(session, { operation: DESTROY_VIEW, moId: view.id, expects: 'nothing' }, { ...limits, retryTimeout: 0 }).catch(() => undefined);
    }
}
/** Folders within folders. */
const DEEPEST = 20;
/** The inventory paths of some VMs, by id, read level by level; what cannot be read is left out of them. */
async function pathsOf(session, vms, limits) {
    const known = new Map();
    let level = vms.map(({ object }) => object);
    for (let depth = 0; depth < DEEPEST && level.length > 0; depth += 1) {
        const types = [...new Set(level.map(({ type }) => type))];
        const query = {
            paths: types.map((type) => ({ type, paths: ['name', 'parent'] })),
            objects: (0,properties/* these */.QT)(...level),
        };
        const read = await (0,properties/* retrieveProperties */._c)(session, query, limits).catch((error) => {
            if (error instanceof transport_error/* VcenterError */.Cn) {
                return [];
            }
            throw error;
        });
        const parents = new Map();
        for (const { object, values } of read) {
            const parent = (0,data/* readReference */.Wf)(values.get('parent'));
            known.set(object.id, { name: (0,escaped_name/* unescapeName */.E6)((0,json/* textOf */.b6)(values.get('name')) ?? object.id), parent });
            if (parent !== undefined) {
                parents.set(parent.id, parent);
            }
        }
        level = [...parents.values()].filter(({ id }) => !known.has(id));
    }
    return new Map(vms.map(({ object }) => [object.id, pathOf(object, known)]));
}
function pathOf(vm, known) {
    const names = [];
    let here = known.get(vm.id);
    // The root folder, which has no parent, is no part of a path.
    while (here?.parent !== undefined && names.length < DEEPEST) {
        names.unshift(here.name);
        here = known.get(here.parent.id);
    }
    return here === undefined ? names.join('/') : `/${names.join('/')}`;
}

;// CONCATENATED MODULE: ./build/vcenter/vi-json/snapshots.js



/** Reads VirtualMachine.snapshot, which is not set where there is none. */
function readSnapshots(value) {
    const info = (0,json/* isRecord */.u4)(value) ? value : {};
    const all = readTrees(info['rootSnapshotList']);
    const current = (0,data/* readReference */.Wf)(info['currentSnapshot'])?.id;
    return { all, current: all.find(({ id }) => id === current) };
}
function readTrees(trees) {
    const found = [];
    // A chain may have hundreds: no recursion.
    const ahead = Array.isArray(trees) ? [...trees] : [];
    while (ahead.length > 0) {
        const tree = ahead.shift();
        if (!(0,json/* isRecord */.u4)(tree)) {
            continue;
        }
        const id = (0,data/* readReference */.Wf)(tree['snapshot'])?.id;
        if (id !== undefined) {
            const name = (0,escaped_name/* unescapeName */.E6)((0,json/* textOf */.b6)(tree['name']) ?? '');
            found.push({ id, name, createTime: (0,json/* textOf */.b6)(tree['createTime']) });
        }
        ahead.unshift(...(Array.isArray(tree['childSnapshotList']) ? tree['childSnapshotList'] : []));
    }
    return found;
}
/** Chooses the snapshot of the name, or the current one. */
function chooseSnapshot({ snapshots, missing }, name) {
    const fault = missing.get('snapshot');
    if (fault !== undefined) {
        return { outcome: 'unreadable', fault };
    }
    const { all, current } = snapshots;
    const matches = name === undefined
        ? [current].filter((each) => each !== undefined)
        : all.filter((each) => (0,escaped_name/* escapeName */.L$)(each.name) === (0,escaped_name/* escapeName */.L$)(name));
    const [snapshot] = matches;
    if (snapshot === undefined) {
        return { outcome: 'none', candidates: all };
    }
    return matches.length > 1 ? { outcome: 'several', candidates: matches } : { outcome: 'found', snapshot };
}

;// CONCATENATED MODULE: ./build/vcenter/vi-json/vm.js






const FROZEN = 'runtime.instantCloneFrozen';
const PATHS = ['name', 'parent', 'resourcePool', 'config.template', 'runtime.powerState', FROZEN, 'snapshot'];
const DEVICES = 'config.hardware.device';
/**
 * Reads a VM or a template by its id, in one request; undefined where there is none, or the account may not see it. A VM of the
 * REST API has the same id here.
 *
 * @throws VcenterError
 */
async function readSourceVm(session, { id, withDevices = false }, limits) {
    const vm = { type: 'VirtualMachine', id };
    const paths = [...PATHS, ...(withDevices ? [DEVICES] : [])];
    const query = { paths: [{ type: vm.type, paths }], objects: (0,properties/* these */.QT)(vm) };
    const found = await (0,properties/* retrieveProperties */._c)(session, query, limits).catch((error) => {
        if ((0,transport_error/* isNotFound */.c4)(error)) {
            return [];
        }
        throw error;
    });
    const read = found.find(({ object }) => object.id === id);
    if (read === undefined) {
        return undefined;
    }
    const { values, missing } = read;
    const isTemplate = values.get('config.template');
    return {
        id,
        name: (0,escaped_name/* unescapeName */.E6)((0,json/* textOf */.b6)(values.get('name')) ?? id),
        isTemplate: typeof isTemplate === 'boolean' ? isTemplate : undefined,
        powerState: (0,json/* textOf */.b6)(values.get('runtime.powerState')),
        isFrozen: values.get(FROZEN) === true,
        folder: idOfType(values.get('parent'), 'Folder'),
        resourcePool: (0,data/* readReference */.Wf)(values.get('resourcePool'))?.id,
        snapshots: readSnapshots(values.get('snapshot')),
        ...readDevices(values.get(DEVICES)),
        missing,
    };
}
function idOfType(value, type) {
    const object = (0,data/* readReference */.Wf)(value);
    return object?.type === type ? object.id : undefined;
}
/** Of all devices only disks have a capacity, and only network adapters an address of their own. */
function readDevices(devices) {
    const disks = [];
    const nics = [];
    for (const device of (Array.isArray(devices) ? devices : []).filter(json/* isRecord */.u4)) {
        const { key, capacityInKB, macAddress, deviceInfo } = device;
        if (typeof key === 'number') {
            const label = ((0,json/* isRecord */.u4)(deviceInfo) ? (0,json/* textOf */.b6)(deviceInfo['label']) : undefined) ?? String(key);
            if (typeof capacityInKB === 'number') {
                disks.push({ key, label, capacityInKB });
            }
            else if (macAddress !== undefined) {
                nics.push({ key, label });
            }
        }
    }
    return { disks, nics };
}
/** The device key for a disk id of the REST API, where it is a text; undefined for what is none. */
function diskKey(diskId) {
    return /^\d{1,9}$/.test(diskId) ? Number(diskId) : undefined;
}

;// CONCATENATED MODULE: ./build/vcenter/inventory/templates.js




function createTemplateLookup(session, limits) {
    const found = new Set();
    const searches = new Map();
    const sources = new Map();
    const search = async ({ name, folder, datacenter }) => {
        if ((await session.viJson(limits)) === undefined) {
            return 'unserved';
        }
        const objects = [];
        if (folder === undefined) {
            for (const { id, path } of await findVmsOfName(session, { name, datacenter }, limits)) {
                objects.push({ id, name, ...(path === undefined ? {} : { path }) });
            }
        }
        else {
            const id = await findVmInFolder(session, { folder, name }, limits);
            objects.push(...(id === undefined ? [] : [{ id, name }]));
        }
        for (const { id } of objects) {
            found.add(id);
        }
        return objects;
    };
    const read = (id) => {
        const source = sources.get(id) ?? readSourceVm(session, { id, withDevices: true }, limits);
        sources.set(id, source);
        return source;
    };
    return {
        find: (place) => {
            const key = JSON.stringify(place);
            const result = searches.get(key) ?? search(place);
            searches.set(key, result);
            return result;
        },
        isFound: (id) => found.has(id),
        findById: async (id) => {
            const isTemplate = (await session.viJson(limits)) !== undefined && (await read(id))?.isTemplate === true;
            if (isTemplate) {
                found.add(id);
            }
            return isTemplate;
        },
        devices: async (id) => {
            const source = await read(id);
            if (source === undefined) {
                throw (0,unreadable/* unreadable */.O)(session, 'POST RetrievePropertiesEx', 'a template with its devices');
            }
            const toDevice = ({ key, label }) => ({ id: String(key), name: label });
            return { disks: source.disks.map(toDevice), nics: source.nics.map(toDevice) };
        },
    };
}
/** VMs of a query that the REST API does not list: they may be templates. What cannot be looked for is not there. */
async function orTemplates(lookup, { type, found, place, }) {
    if (found.length > 0 || type !== 'VirtualMachine') {
        return found;
    }
    try {
        const templates = await lookup.templates(place);
        return templates === 'unserved' ? [] : templates;
    }
    catch (error) {
        if (error instanceof transport_error/* VcenterError */.Cn) {
            return []; // the hint says that it failed
        }
        throw error;
    }
}
/** What is to be said of templates where no VM was found: the server has been asked before. */
async function templateHint(lookup, place) {
    try {
        return (await lookup.templates(place)) === 'unserved'
            ? 'If it is a template: that needs vCenter 8.0 U1 or later; on this server, convert it to a VM, or clone it to one.'
            : 'Templates were looked for as well.';
    }
    catch (error) {
        if (error instanceof transport_error/* VcenterError */.Cn) {
            return `If it is a template: templates could not be looked for. ${error.messages.join(' ')}`;
        }
        throw error;
    }
}

;// CONCATENATED MODULE: ./build/vcenter/inventory/exactly-one.js





const MOST_AVAILABLE = 8;
/** How many datacenters, clusters or standalone hosts are asked whether a candidate lies in them. */
const MOST_PLACES = 16;
const PERMISSIONS = 'vCenter lists only what the account may see.';
/** The input's value in readable form. */
function asTyped(reference) {
    switch (reference.kind) {
        case 'id':
            return reference.id;
        case 'name':
            return (0,escaped_name/* unescapeName */.E6)(reference.name);
        case 'path':
            return `${reference.absolute ? '/' : ''}${reference.segments.join('/')}`;
    }
}
/** The one object that a query found; none or several make a {@link ResolveError} that helps to choose. */
async function exactlyOne(lookup, query, found) {
    const [object] = found;
    if (object === undefined) {
        throw await notFound(lookup, [query]);
    }
    if (found.length > 1) {
        throw await ambiguous(lookup, query, found);
    }
    return object;
}
/** The error for a name that no query found; several queries where several types would have done. */
async function notFound(lookup, queries) {
    const [query] = queries;
    const { named, name, filter } = query;
    const [lists, scope, datacenters] = await Promise.all([
        Promise.all(queries.map((each) => lookup.tryList(each.type, each.filter))),
        scopeOf(lookup, query),
        filter.datacenters === undefined ? undefined : lookup.tryList('Datacenter', {}),
    ]);
    // A datacenter's id is not looked up before something is missing in it; then it may be the id that is wrong.
    const [datacenter] = filter.datacenters ?? [];
    if (datacenter !== undefined && datacenters?.every(({ id }) => id !== datacenter)) {
        return new ResolveError([unknownDatacenter(datacenter, datacenters)]);
    }
    const objects = lists.flatMap((list) => list ?? []).map(toCandidate);
    const meant = named.reference.kind === 'name' ? objects.filter(({ id }) => id === (0,text_reference/* bareId */.yW)(name)) : [];
    const near = meant.length > 0 ? meant : nearest((0,escaped_name/* unescapeName */.E6)(name), objects);
    const hints = meant.length > 0
        ? [`To give an id of this form, write 'id:${name}'.`]
        : [
            PERMISSIONS,
            named.type === 'VirtualMachine' ? await templateHint(lookup, placeOf(query)) : undefined,
            pathHint(named),
        ];
    const problem = {
        ...subjectOf(query),
        reason: 'none',
        ...scope,
        candidates: [],
        near,
        available: near.length === 0 && objects.length <= MOST_AVAILABLE ? objects : [],
        hint: hints.filter((hint) => hint !== undefined).join(' '),
    };
    return new ResolveError([problem]);
}
/** Where the query looked. */
function placeOf({ name, filter }) {
    return { name, folder: filter.folders?.[0], datacenter: filter.datacenters?.[0] };
}
/** `DC1/vm/ci/base`: very likely meant from the root. */
function pathHint({ reference }) {
    const isMeantFromRoot = reference.kind === 'path' &&
        !reference.absolute &&
        ['vm', 'host', 'datastore', 'network'].includes(reference.segments[1] ?? '');
    return isMeantFromRoot ? "A path that starts with the datacenter begins with '/'." : undefined;
}
/** The error for a name that fits several objects. */
async function ambiguous(lookup, query, found) {
    const [scope, places] = await Promise.all([scopeOf(lookup, query), placesOf(lookup, query)]);
    return new ResolveError([
        {
            ...subjectOf(query),
            reason: 'several',
            ...scope,
            candidates: found.map((object) => {
                const where = places.filter(({ objects }) => objects.has(object.id)).map(placeText);
                return { ...toCandidate(object), ...(where.length === 0 ? {} : { where: where.join(', ') }) };
            }),
            near: [],
            available: [],
            hint: choiceHint(query, found, places),
        },
    ]);
}
/** The ways to choose one of the candidates; an input that all of them agree on would not narrow anything. */
function choiceHint({ named, type, filter }, found, places) {
    const isFreeName = named.reference.kind === 'name';
    const isNarrowedBy = (...kinds) => {
        const known = places.filter(({ kind }) => kinds.includes(kind));
        const owners = found.map(({ id }) => known.filter(({ objects }) => objects.has(id)).map((each) => each.id));
        return known.length === 0 || new Set(owners.map((each) => each.join())).size > 1;
    };
    const isPool = type === 'ResourcePool';
    const ways = [
        isFreeName ? 'its id or its inventory path here' : 'its id here',
        ...(isFreeName && type !== 'Datacenter' && filter.datacenters === undefined && isNarrowedBy('datacenter')
            ? ["'datacenter'"]
            : []),
        ...(isFreeName && isPool && filter.clusters === undefined && isNarrowedBy('cluster', 'host')
            ? ["'cluster'"]
            : []),
    ];
    return `To choose one, give ${ways.join(', or ')}.`;
}
function subjectOf({ named, type, name, }) {
    const asked = asTyped(named.reference);
    const element = (0,escaped_name/* unescapeName */.E6)(name);
    return {
        input: named.input,
        type: named.reference.kind === 'path' ? named.type : type,
        asked,
        ...(named.reference.kind === 'path' && asked !== element ? { element } : {}),
    };
}
async function scopeOf(lookup, { scope, filter }) {
    if (scope !== undefined) {
        return { scope };
    }
    const [datacenter] = filter.datacenters ?? [];
    const parts = [
        ...(filter.clusters ?? []).map((cluster) => `cluster ${cluster}`),
        ...(filter.hosts ?? []).map((host) => `host ${host}`),
        ...(datacenter === undefined ? [] : [await datacenterLabel(lookup, datacenter)]),
    ];
    return parts.length === 0 ? {} : { scope: parts.join(', ') };
}
/** `datacenter 'DC1'`; the id where vCenter does not tell the name. */
async function datacenterLabel(lookup, datacenter) {
    const all = await lookup.tryList('Datacenter', {});
    const name = all?.find(({ id }) => id === datacenter)?.name;
    return `datacenter ${name === undefined ? datacenter : `'${(0,escaped_name/* unescapeName */.E6)(name)}'`}`;
}
/** The problem of a `datacenter` given by an id that vCenter does not know. */
function unknownDatacenter(datacenter, all) {
    return {
        input: 'datacenter',
        type: 'Datacenter',
        asked: datacenter,
        reason: 'none',
        candidates: [],
        near: [],
        available: all.length <= MOST_AVAILABLE ? all.map(toCandidate) : [],
        hint: PERMISSIONS,
    };
}
function placeText({ kind, name }) {
    return `${kind} '${(0,escaped_name/* unescapeName */.E6)(name)}'`;
}
/**
 * Where the objects of a query lie. The API does not tell it of an object, so the query goes out for each place there is,
 * as far as it has not been narrowed to one already.
 */
async function placesOf(lookup, query) {
    const { type, name, filter } = query;
    const kinds = [];
    if (type === 'ResourcePool' && filter.clusters === undefined && query.scope === undefined) {
        const datacenters = filter.datacenters === undefined ? {} : { datacenters: filter.datacenters };
        kinds.push(['ClusterComputeResource', 'cluster', datacenters, (id) => ({ clusters: [id] })], ['HostSystem', 'host', { ...datacenters, standalone: 'true' }, (id) => ({ hosts: [id] })]);
    }
    if (type !== 'Datacenter' && filter.datacenters === undefined && query.scope === undefined) {
        kinds.push(['Datacenter', 'datacenter', {}, (id) => ({ datacenters: [id] })]);
    }
    const places = await Promise.all(kinds.map(async ([listed, kind, within, narrow]) => {
        const owners = (await lookup.tryList(listed, within)) ?? [];
        return owners.length > MOST_PLACES
            ? []
            : Promise.all(owners.map(async (owner) => {
                const objects = await lookup.tryList(type, { name, ...filter, ...narrow(owner.id) });
                return { kind, ...owner, objects: new Set(objects?.map(({ id }) => id)) };
            }));
    }));
    return places.flat();
}
/** A path that cannot lead to an object of the type. */
function notAPath(named, hint) {
    return new ResolveError([
        {
            input: named.input,
            type: named.type,
            asked: asTyped(named.reference),
            reason: 'not-a-path',
            candidates: [],
            near: [],
            available: [],
            hint,
        },
    ]);
}

;// CONCATENATED MODULE: ./build/vcenter/inventory/lookup.js





const LISTS = {
    VirtualMachine: { operation: 'GET /api/vcenter/vm', idField: 'vm' },
    Folder: { operation: 'GET /api/vcenter/folder', idField: 'folder' },
    ResourcePool: { operation: 'GET /api/vcenter/resource-pool', idField: 'resource_pool' },
    ClusterComputeResource: { operation: 'GET /api/vcenter/cluster', idField: 'cluster' },
    HostSystem: { operation: 'GET /api/vcenter/host', idField: 'host' },
    Datastore: { operation: 'GET /api/vcenter/datastore', idField: 'datastore' },
    Network: { operation: 'GET /api/vcenter/network', idField: 'network' },
    Datacenter: { operation: 'GET /api/vcenter/datacenter', idField: 'datacenter' },
};
/**
 * Runs `body` with a lookup of its own. When this throws, no request is left in flight and none is sent any more, whatever
 * parts of the body still run: the first failure ends all that is under way, and what is asked for after it is refused.
 */
async function withInventoryLookup(session, limits, body) {
    const failed = new AbortController();
    const signal = AbortSignal.any([limits.signal, failed.signal]);
    const responses = new Map();
    try {
        return await body(createLookup(session, { ...limits, signal }, responses));
    }
    catch (error) {
        failed.abort(error);
        await Promise.allSettled(responses.values());
        throw error;
    }
}
function createLookup(session, limits, responses) {
    const ask = async (request, retryTimeout = limits.retryTimeout) => {
        limits.signal.throwIfAborted();
        const key = JSON.stringify(request);
        const response = responses.get(key) ??
            session
                .request({ ...request, expects: 'json', retry: 'always' }, { ...limits, retryTimeout })
                .then(({ body }) => body);
        responses.set(key, response);
        return response;
    };
    const list = async (type, { name, ...filter }, retryTimeout) => {
        const { operation, idField } = LISTS[type];
        const names = name === undefined ? undefined : [name].flat();
        const query = { ...(names === undefined ? {} : { names: names.flatMap(escaped_name/* filterSpellings */.mx) }), ...filter };
        const body = await ask({ operation, query }, retryTimeout);
        const rows = Array.isArray(body) ? body.map((row) => readRow(row, idField)) : [undefined];
        const objects = rows.filter((row) => row !== undefined);
        if (objects.length < rows.length) {
            throw (0,unreadable/* unreadable */.O)(session, operation, 'a list of inventory objects');
        }
        // A server that ignores a filter must not be able to pass for something else.
        const stored = names?.map(escaped_name/* escapeName */.L$);
        return stored === undefined
            ? objects
            : objects.filter((object) => stored.includes((0,escaped_name/* escapeName */.L$)(object.name)));
    };
    const templates = createTemplateLookup(session, limits);
    const restDevices = async (vm) => {
        const operation = 'GET /api/vcenter/vm/{vm}';
        const body = await ask({ operation, path: { vm } });
        const [disks, nics] = (0,json/* isRecord */.u4)(body) ? [body['disks'], body['nics']].map(lookup_readDevices) : [];
        if (disks === undefined || nics === undefined) {
            throw (0,unreadable/* unreadable */.O)(session, operation, 'a VM with its disks and network adapters');
        }
        return { disks, nics };
    };
    return {
        list: (type, filter) => list(type, filter),
        read: (request) => ask(request),
        templates: templates.find,
        isTemplate: templates.isFound,
        async tryList(type, filter) {
            try {
                return await list(type, filter, 0);
            }
            catch (error) {
                if (error instanceof transport_error/* VcenterError */.Cn) {
                    return undefined;
                }
                throw error;
            }
        },
        async datacenterFolders(datacenter) {
            const operation = 'GET /api/vcenter/datacenter/{datacenter}';
            const body = await ask({ operation, path: { datacenter } });
            const [vm, host, datastore, network] = (0,json/* isRecord */.u4)(body)
                ? ['vm_folder', 'host_folder', 'datastore_folder', 'network_folder'].map((key) => (0,json/* textOf */.b6)(body[key]))
                : [];
            if (vm === undefined || host === undefined || datastore === undefined || network === undefined) {
                throw (0,unreadable/* unreadable */.O)(session, operation, 'a datacenter');
            }
            return { vm, host, datastore, network };
        },
        async rootPool(cluster) {
            const operation = 'GET /api/vcenter/cluster/{cluster}';
            const body = await ask({ operation, path: { cluster } });
            const pool = (0,json/* isRecord */.u4)(body) ? (0,json/* textOf */.b6)(body['resource_pool']) : undefined;
            if (pool === undefined) {
                throw (0,unreadable/* unreadable */.O)(session, operation, 'a cluster');
            }
            return pool;
        },
        async devices(vm) {
            if (templates.isFound(vm)) {
                return templates.devices(vm);
            }
            return restDevices(vm).catch(async (error) => {
                if ((0,transport_error/* isNotFound */.c4)(error) && (await templates.findById(vm))) {
                    return templates.devices(vm);
                }
                throw error;
            });
        },
    };
}
function readRow(row, idField) {
    if (!(0,json/* isRecord */.u4)(row)) {
        return undefined;
    }
    const id = (0,json/* textOf */.b6)(row[idField]);
    const name = (0,json/* textOf */.b6)(row['name']);
    const type = (0,json/* textOf */.b6)(row['type']);
    return id === undefined || name === undefined
        ? undefined
        : { id, name, ...(type === undefined ? {} : { type }) };
}
function lookup_readDevices(devices) {
    return (0,json/* isRecord */.u4)(devices)
        ? Object.entries(devices).map(([id, info]) => ({
            id,
            name: ((0,json/* isRecord */.u4)(info) ? (0,json/* textOf */.b6)(info['label']) : undefined) ?? id,
        }))
        : undefined;
}

;// CONCATENATED MODULE: ./build/vcenter/inventory/path-position.js
/** What a path to each type looks like from the root. */
const EXAMPLES = {
    VirtualMachine: '/DATACENTER/vm/FOLDER/VM',
    Folder: '/DATACENTER/vm/FOLDER',
    ResourcePool: '/DATACENTER/host/CLUSTER/Resources/POOL',
    ClusterComputeResource: '/DATACENTER/host/CLUSTER',
    HostSystem: '/DATACENTER/host/CLUSTER/HOST',
    Datastore: '/DATACENTER/datastore/DATASTORE',
    Network: '/DATACENTER/network/NETWORK',
};
function forward(here, id) {
    const [name = '', ...ahead] = here.ahead;
    return { id, ahead, walked: here.walked === '' ? name : `${here.walked}/${name}` };
}
function scopeAt({ walked }) {
    return { scope: walked === '' ? 'the top folder of the datacenter' : `'${walked}'` };
}

;// CONCATENATED MODULE: ./build/vcenter/inventory/compute-path.js



/** The name of every cluster's and every standalone host's root pool. */
const ROOT_POOL = 'Resources';
/** Walks folders until a cluster or a standalone host stands in the way. */
async function computeResourceAt(lookup, named, start) {
    let here = start;
    for (let [name] = here.ahead; name !== undefined; [name] = here.ahead) {
        const inFolder = { folders: [here.id] };
        const below = { type: 'HOST', parent_folders: [here.id] };
        const standalone = { ...inFolder, standalone: 'true' };
        const [clusters, hosts, folders] = await Promise.all([
            lookup.list('ClusterComputeResource', { name, ...inFolder }),
            lookup.list('HostSystem', { name, ...standalone }),
            lookup.list('Folder', { name, ...below }),
        ]);
        const query = { named, name, ...scopeAt(here) };
        if (clusters.length > 0) {
            const cluster = await exactlyOne(lookup, { ...query, type: 'ClusterComputeResource', filter: inFolder }, clusters);
            return { ...forward(here, cluster.id), kind: 'cluster' };
        }
        if (hosts.length > 0) {
            const host = await exactlyOne(lookup, { ...query, type: 'HostSystem', filter: standalone }, hosts);
            return { ...forward(here, host.id), kind: 'host' };
        }
        if (folders.length === 0) {
            throw await notFound(lookup, [
                { ...query, type: 'ClusterComputeResource', filter: inFolder },
                { ...query, type: 'HostSystem', filter: standalone },
                { ...query, type: 'Folder', filter: below },
            ]);
        }
        here = forward(here, (await exactlyOne(lookup, { ...query, type: 'Folder', filter: below }, folders)).id);
    }
    throw notAPath(named, `From the root it is ${EXAMPLES[named.type]}.`);
}
/** `cluster-a/esx1`, or a standalone host; the latter is also written twice, as the compute resource and the host in it. */
async function hostAt(lookup, named, start) {
    const owner = await computeResourceAt(lookup, named, start);
    const [name, ...beyond] = owner.ahead;
    if (owner.kind === 'host') {
        const own = start.ahead[start.ahead.length - owner.ahead.length - 1];
        if (name === undefined || (name === own && beyond.length === 0)) {
            return owner.id;
        }
    }
    if (owner.kind === 'host' || name === undefined || beyond.length > 0) {
        throw notAPath(named, `From the root it is ${EXAMPLES.HostSystem}.`);
    }
    const filter = { clusters: [owner.id] };
    const found = await lookup.list('HostSystem', { name, ...filter });
    return (await exactlyOne(lookup, { named, type: 'HostSystem', name, filter, ...scopeAt(owner) }, found)).id;
}
/** `cluster-a/Resources/ci`: the root pool's name may be left out; nothing behind it means the root pool itself. */
async function poolAt(lookup, named, start) {
    const owner = await computeResourceAt(lookup, named, start);
    const [next] = owner.ahead;
    const pools = next !== undefined && (0,escaped_name/* escapeName */.L$)(next) === ROOT_POOL ? owner.ahead.slice(1) : owner.ahead;
    let here = { ...owner, id: await rootPoolOf(lookup, named, owner), ahead: pools };
    for (let [name] = here.ahead; name !== undefined; [name] = here.ahead) {
        const filter = { parent_resource_pools: [here.id] };
        const found = await lookup.list('ResourcePool', { name, ...filter });
        const pool = await exactlyOne(lookup, { named, type: 'ResourcePool', name, filter, ...scopeAt(here) }, found);
        here = forward(here, pool.id);
    }
    return here.id;
}
async function rootPoolOf(lookup, named, owner) {
    if (owner.kind === 'cluster') {
        return lookup.rootPool(owner.id);
    }
    const filter = { hosts: [owner.id] };
    const found = await lookup.list('ResourcePool', { name: ROOT_POOL, ...filter });
    return (await exactlyOne(lookup, { named, type: 'ResourcePool', name: ROOT_POOL, filter, ...scopeAt(owner) }, found)).id;
}

;// CONCATENATED MODULE: ./build/vcenter/inventory/path.js






/** The name of the folder at the top of every vCenter. */
const ROOT_FOLDER = 'Datacenters';
/** What stands between datacenter and object in a path: the datacenter's own folder for objects of this type. */
const BRANCHES = {
    VirtualMachine: 'vm',
    Folder: 'vm',
    ResourcePool: 'host',
    ClusterComputeResource: 'host',
    HostSystem: 'host',
    Datastore: 'datastore',
    Network: 'network',
};
/**
 * Walks an inventory path to an object's id, folder by folder, with the lists of GET /api/vcenter/folder and of what can
 * stand in a folder; it starts from GET /api/vcenter/datacenter/{datacenter}. `datacenter` is the id of the one given.
 *
 * @throws ResolveError, VcenterError
 */
async function walkPath(lookup, named, datacenter) {
    const start = named.reference.absolute
        ? await fromRoot(lookup, named, datacenter)
        : await fromDatacenter(lookup, named, await datacenter);
    switch (named.type) {
        case 'Folder':
            return (await walkFolders(lookup, named, start, 'VIRTUAL_MACHINE')).id;
        case 'VirtualMachine':
            return lastInFolder(lookup, named, start, 'VIRTUAL_MACHINE');
        case 'Datastore':
            return lastInFolder(lookup, named, start, 'DATASTORE');
        case 'Network':
            return lastInFolder(lookup, named, start, 'NETWORK');
        case 'ClusterComputeResource':
            return lastInFolder(lookup, named, start, 'HOST');
        case 'HostSystem':
            return hostAt(lookup, named, start);
        case 'ResourcePool':
            return poolAt(lookup, named, start);
    }
}
/**
 * The datacenters of a name, or of a path through the folders that datacenters may lie in. Where several fit a path that
 * begins at the root, it is the one that does.
 */
async function findDatacenters(lookup, { path, absolute }) {
    const found = await datacentersBelow(lookup, path, undefined);
    if (found.length < 2 || !absolute) {
        return found;
    }
    const roots = await lookup.list('Folder', { name: ROOT_FOLDER, type: 'DATACENTER' });
    const fromRoot = roots.length === 0
        ? []
        : await datacentersBelow(lookup, path, roots.map(({ id }) => id));
    return fromRoot.length === 1 ? fromRoot : found;
}
async function datacentersBelow(lookup, path, roots) {
    let parents = roots;
    for (const name of path.slice(0, -1)) {
        const folders = await lookup.list('Folder', {
            name,
            type: 'DATACENTER',
            ...(parents === undefined ? {} : { parent_folders: parents }),
        });
        if (folders.length === 0) {
            return [];
        }
        parents = folders.map(({ id }) => id);
    }
    return lookup.list('Datacenter', {
        name: path.at(-1) ?? '',
        ...(parents === undefined ? {} : { folders: parents }),
    });
}
/** `/FOLDER/DATACENTER/vm/...`: to the datacenter's own folder. */
async function fromRoot(lookup, named, given) {
    const { segments } = named.reference;
    const branch = BRANCHES[named.type];
    // A datacenter or a folder may itself be called `vm`: the first reading that leads to a datacenter counts.
    const splits = segments.flatMap((segment, index) => (index > 0 && segment === branch ? [index] : []));
    const [first] = splits;
    if (first === undefined) {
        throw notAPath(named, `From the root it is ${EXAMPLES[named.type]}.`);
    }
    for (const split of splits) {
        const path = segments.slice(0, split);
        const found = await findDatacenters(lookup, { path, absolute: true });
        if (found.length > 0) {
            const { id } = await exactlyOne(lookup, datacenterQuery(named, path), found);
            await expectInside(lookup, named, id, await given);
            const folders = await foldersOf(lookup, id);
            return {
                id: folders[branch],
                ahead: segments.slice(split + 1),
                walked: `/${segments.slice(0, split + 1).join('/')}`,
            };
        }
    }
    throw await notFound(lookup, [datacenterQuery(named, segments.slice(0, first))]);
}
/** The query for a datacenter by its name, or by a path through the folders that datacenters may lie in. */
function datacenterQuery(named, path) {
    const folders = path.slice(0, -1);
    return {
        named,
        type: 'Datacenter',
        name: path.at(-1) ?? '',
        filter: {},
        ...(folders.length === 0 ? {} : { scope: `'/${folders.join('/')}'` }),
    };
}
async function expectInside(lookup, named, datacenter, given) {
    if (given !== undefined && given !== datacenter) {
        throw new ResolveError([
            {
                input: named.input,
                type: named.type,
                asked: asTyped(named.reference),
                reason: 'outside-datacenter',
                scope: await datacenterLabel(lookup, given),
                candidates: [],
                near: [],
                available: [],
            },
        ]);
    }
}
/** `ci/base`: below the folder that the datacenter has for objects of this type. */
async function fromDatacenter(lookup, named, given) {
    const datacenter = given ?? (await onlyDatacenter(lookup, named));
    const branch = BRANCHES[named.type];
    const folders = await foldersOf(lookup, datacenter);
    return { id: folders[branch], ahead: named.reference.segments, walked: '' };
}
async function onlyDatacenter(lookup, named) {
    const all = await lookup.list('Datacenter', {});
    const [datacenter] = all;
    if (datacenter !== undefined && all.length === 1) {
        return datacenter.id;
    }
    throw new ResolveError([
        {
            input: named.input,
            type: named.type,
            asked: asTyped(named.reference),
            reason: 'datacenter-needed',
            candidates: all.map(toCandidate),
            near: [],
            available: [],
            hint: "Set 'datacenter', or begin the path with '/' and the datacenter.",
        },
    ]);
}
async function foldersOf(lookup, datacenter) {
    try {
        return await lookup.datacenterFolders(datacenter);
    }
    catch (error) {
        if (!(0,transport_error/* isNotFound */.c4)(error)) {
            throw error;
        }
        throw new ResolveError([unknownDatacenter(datacenter, (await lookup.tryList('Datacenter', {})) ?? [])]);
    }
}
/** Walks folders to the end of the path. */
async function walkFolders(lookup, named, start, type) {
    let here = start;
    for (let [name] = here.ahead; name !== undefined; [name] = here.ahead) {
        const filter = { type, parent_folders: [here.id] };
        const found = await lookup.list('Folder', { name, ...filter });
        const folder = await exactlyOne(lookup, { named, type: 'Folder', name, filter, ...scopeAt(here) }, found);
        here = forward(here, folder.id);
    }
    return here;
}
/** An object that stands in a folder: all but the last element of the path are folders. */
async function lastInFolder(lookup, named, start, folderType) {
    const name = start.ahead.at(-1);
    if (name === undefined) {
        throw notAPath(named, `From the root it is ${EXAMPLES[named.type]}.`);
    }
    const folder = await walkFolders(lookup, named, { ...start, ahead: start.ahead.slice(0, -1) }, folderType);
    const filter = { folders: [folder.id] };
    const listed = await lookup.list(named.type, { name, ...filter });
    const found = await orTemplates(lookup, {
        type: named.type,
        found: listed,
        place: { name, folder: folder.id },
    });
    return (await exactlyOne(lookup, { named, type: named.type, name, filter, ...scopeAt(folder) }, found)).id;
}

;// CONCATENATED MODULE: ./build/vcenter/inventory/resource-pool.js





/**
 * Finds a resource pool by its name: GET /api/vcenter/resource-pool, narrowed by cluster and host as far as their ids are at
 * hand. Where these are names themselves, they are waited for only if the pool's name is not clear without them.
 *
 * @throws ResolveError, VcenterError
 */
async function findResourcePool(lookup, request) {
    const { cluster, host } = request;
    const atHand = { cluster: idIn(cluster.reference), host: idIn(host.reference) };
    const [query, found] = await poolsOf(lookup, request, atHand);
    const isMoreToKnow = [cluster, host].some(({ reference }) => reference !== undefined && reference.kind !== 'id');
    if (found.length < 2 || !isMoreToKnow) {
        return (await exactlyOne(lookup, query, found)).id;
    }
    const owners = await Promise.all([cluster.id, host.id]).catch((error) => {
        // The name at fault is the owner's, and is reported as such; which pool was meant cannot be said without it.
        throw error instanceof ResolveError ? new ResolveError([]) : error;
    });
    const [narrowerQuery, fewer] = await poolsOf(lookup, request, { cluster: owners[0], host: owners[1] });
    return (await exactlyOne(lookup, narrowerQuery, fewer)).id;
}
async function poolsOf(lookup, { input, reference, datacenter: scope }, { cluster, host }) {
    const { name } = reference;
    const named = { input, type: 'ResourcePool', reference };
    const datacenter = await scope;
    const inCluster = {
        ...(datacenter === undefined ? {} : { datacenters: [datacenter] }),
        ...(cluster === undefined ? {} : { clusters: [cluster] }),
    };
    const query = { named, type: 'ResourcePool', name, filter: inCluster };
    if (cluster !== undefined && (0,escaped_name/* escapeName */.L$)(name) === ROOT_POOL) {
        return [query, await resource_pool_rootPoolOf(lookup, cluster)];
    }
    if (host !== undefined) {
        const onHost = { ...inCluster, hosts: [host] };
        const found = await lookup.list('ResourcePool', { name, ...onHost });
        if (found.length > 0) {
            return [{ ...query, filter: onHost }, found];
        }
        // Whether a cluster's pools count as those of its hosts is not documented: ask again without the host.
    }
    return [query, await lookup.list('ResourcePool', { name, ...inCluster })];
}
/** A pool further down may be called like the root pool; GET /api/vcenter/cluster/{cluster} tells the root pool for sure. */
async function resource_pool_rootPoolOf(lookup, cluster) {
    try {
        return [{ id: await lookup.rootPool(cluster), name: ROOT_POOL }];
    }
    catch (error) {
        if ((0,transport_error/* isNotFound */.c4)(error)) {
            return [];
        }
        throw error;
    }
}
function idIn(reference) {
    return reference?.kind === 'id' ? reference.id : undefined;
}

;// CONCATENATED MODULE: ./build/vcenter/inventory/source-devices.js




/**
 * Turns the labels of the source's disks into disk ids: GET /api/vcenter/vm/{vm}, only where there is a label. A disk that
 * is named twice, by id and by label, is found out here; vCenter refuses one that stands in both lists.
 *
 * @throws ResolveError, VcenterError
 */
async function resolveDisks(lookup, references) {
    const { disksToRemove, disksToUpdate, inputNames } = references;
    const disksNamed = [
        ...disksToRemove.map((disk) => ({ input: inputNames.disksToRemove, disk })),
        ...disksToUpdate.map(({ disk }) => ({ input: inputNames.disksToUpdate, disk })),
    ];
    const disks = disksNamed.some(({ disk }) => disk.kind === 'label')
        ? (await devicesOf(lookup, references)).disks
        : [];
    const problems = [];
    const treatment = new Map();
    const ids = disksNamed.map(({ input, disk }) => {
        const id = disk.kind === 'id' ? disk.id : findDevice(disks, disk)?.id;
        if (id === undefined) {
            problems.push(unknownDevice({ input, type: 'VirtualDisk', device: disk, devices: disks }));
            return '';
        }
        const before = treatment.get(id);
        treatment.set(id, input);
        if (before !== undefined && (input === inputNames.disksToUpdate || before !== input)) {
            const name = disks.find((each) => each.id === id)?.name ?? id;
            problems.push(namedTwice({ input, type: 'VirtualDisk', device: disk, found: { id, name }, before }));
        }
        return id;
    });
    if (problems.length > 0) {
        throw new ResolveError(problems);
    }
    return {
        toRemove: [...new Set(ids.slice(0, disksToRemove.length))],
        toUpdate: ids.slice(disksToRemove.length),
    };
}
/**
 * The source's disks and network adapters: GET /api/vcenter/vm/{vm}.
 *
 * @throws ResolveError where the source is not there, without a problem where its name is reported by itself; VcenterError
 */
async function devicesOf(lookup, { source, sourceId }) {
    const vm = await sourceId.catch((error) => {
        // The source's name is reported by itself; what its devices are cannot be said without it.
        throw error instanceof ResolveError ? new ResolveError([]) : error;
    });
    try {
        return await lookup.devices(vm);
    }
    catch (error) {
        if (!(0,transport_error/* isNotFound */.c4)(error)) {
            throw error;
        }
        throw new ResolveError([
            {
                input: 'source',
                type: 'VirtualMachine',
                asked: asTyped(source),
                reason: 'none',
                candidates: [],
                near: [],
                available: [],
                hint: 'No VM and no template of this id is there, or the account may not see it.',
            },
        ]);
    }
}
function findDevice(devices, device) {
    return devices.find(({ id, name }) => (device.kind === 'id' ? id === device.id : name === device.label));
}
/** The problem of a device that the source does not have. */
function unknownDevice({ input, type, device, devices, }) {
    const asked = asWritten(device);
    const near = nearest(asked, devices);
    return {
        input,
        type,
        asked,
        reason: 'none',
        scope: 'the source',
        candidates: [],
        near: [],
        available: [...near, ...devices.filter((each) => !near.includes(each))],
        ...(devices.length === 0 ? { hint: 'It has none at all.' } : {}),
    };
}
/** The problem of a device that `before`, an input, names as well. */
function namedTwice({ input, type, device, found, before, }) {
    return {
        input,
        type,
        asked: asWritten(device),
        reason: 'device-twice',
        candidates: [found],
        near: [],
        available: [],
        hint: `It stands in '${before}' already; name each ${type === 'VirtualDisk' ? 'disk' : 'adapter'} once.`,
    };
}
function asWritten(device) {
    return device.kind === 'id' ? device.id : device.label;
}

;// CONCATENATED MODULE: ./build/vcenter/inventory/source-networks.js





/**
 * Turns adapters and networks into ids: GET /api/vcenter/vm/{vm} for the source's adapters, GET /api/vcenter/network for all
 * names at once and for all ids at once, since only that list tells a network's type. A path costs steps of its own.
 *
 * @throws ResolveError with every adapter and network at fault; VcenterError
 */
async function resolveNetworks(lookup, references) {
    const { networks, input } = references;
    if (networks.length === 0) {
        return [];
    }
    const { nics } = await devicesOf(lookup, references);
    const unknownNic = (device) => unknownDevice({ input, type: 'VirtualEthernetCard', device, devices: nics });
    const problems = [];
    const wanted = [];
    for (const update of networks) {
        const reading = readUpdate(update, { nics, isOnly: networks.length === 1 });
        if (reading === undefined) {
            problems.push(unknownNic(adapterOf(update)));
            continue;
        }
        const { nic: found } = reading;
        if (wanted.some(({ nic }) => nic === found)) {
            const device = adapterOf(update);
            problems.push(namedTwice({ input, type: 'VirtualEthernetCard', device, found, before: input }));
        }
        wanted.push(reading);
    }
    const found = await Promise.all(wanted.map(({ reference }) => problemsOr(findNetwork(lookup, references, { reference, wanted }))));
    const resolved = wanted.flatMap(({ nic, unreadAs }, index) => {
        const network = found[index];
        if (network instanceof ResolveError) {
            problems.push(...network.problems, ...(unreadAs === undefined ? [] : [unknownNic(unreadAs)]));
            return [];
        }
        return network === undefined ? [] : [{ nic, network, type: network.type ?? '' }];
    });
    if (problems.length > 0) {
        throw new ResolveError(problems);
    }
    return resolved;
}
/** A single one without an adapter is for the first, that of the lowest id. */
function readUpdate({ pair, whole }, { nics, isOnly }) {
    const nic = pair === undefined ? undefined : findDevice(nics, pair.adapter);
    if (pair !== undefined && nic !== undefined) {
        return { nic, reference: pair.network };
    }
    const [first] = nics.toSorted((one, other) => Number(one.id) - Number(other.id));
    if (whole === undefined || first === undefined || !isOnly) {
        return undefined;
    }
    return { nic: first, reference: whole, ...(pair === undefined ? {} : { unreadAs: pair.adapter }) };
}
function adapterOf({ pair, whole }) {
    return pair?.adapter ?? { kind: 'label', label: whole === undefined ? '' : asTyped(whole) };
}
async function findNetwork(lookup, { input, datacenter }, { reference, wanted }) {
    const named = { input, type: 'Network', reference };
    const all = wanted.map((each) => each.reference);
    if (reference.kind === 'name') {
        const { name } = reference;
        const id = await datacenter;
        const filter = id === undefined ? {} : { datacenters: [id] };
        const names = all.flatMap((each) => (each.kind === 'name' ? [each.name] : []));
        const rows = await lookup.list('Network', { name: names, ...filter });
        const fitting = rows.filter((row) => (0,escaped_name/* escapeName */.L$)(row.name) === (0,escaped_name/* escapeName */.L$)(name));
        return exactlyOne(lookup, { named, type: 'Network', name, filter }, fitting);
    }
    const ids = reference.kind === 'id'
        ? all.flatMap((each) => (each.kind === 'id' ? [each.id] : []))
        : [await walkPath(lookup, { ...named, reference }, datacenter)];
    const rows = await lookup.list('Network', { networks: ids });
    const id = reference.kind === 'id' ? reference.id : ids[0];
    const fitting = rows.filter((row) => row.id === id);
    return exactlyOne(lookup, { named, type: 'Network', name: id ?? '', filter: {} }, fitting);
}
async function problemsOr(result) {
    try {
        return await result;
    }
    catch (error) {
        if (error instanceof ResolveError) {
            return error;
        }
        throw error;
    }
}

;// CONCATENATED MODULE: ./build/vcenter/inventory/tags.js




/** As many are listed where none is similar. */
const tags_MOST_SHOWN = 8;
/**
 * Turns tags into ids, and checks that a VM can have them: GET /api/cis/tagging/tag/{tag_id} and category/{category_id}; for
 * names all categories and the tags of those that are named, since the API looks up none by name.
 *
 * @throws ResolveError with every tag at fault; VcenterError
 */
async function resolveTags(lookup, { tags, input }) {
    const found = await Promise.all(tags.map(async (reference) => {
        const result = reference.kind === 'id' ? await byId(lookup, reference) : await byName(lookup, reference);
        return { asked: tags_asTyped(reference), ...result };
    }));
    const problems = [
        ...found.flatMap(({ asked, problem, category }) => {
            const isForVms = category?.isForVms ?? true;
            const unfit = isForVms ? problem : { reason: 'not-for-vms', scope: tags_scopeOf(category) };
            return unfit === undefined ? [] : [{ ...newProblem(input), asked, ...unfit }];
        }),
        ...doubled(found).map((each) => ({ ...newProblem(input), ...each })),
    ];
    if (problems.length > 0) {
        throw new ResolveError(problems);
    }
    return [
        ...new Map(found.flatMap(({ tag }) => (tag === undefined ? [] : [[tag.id, tag]]))).values(),
    ];
}
function newProblem(input) {
    return { input, type: 'Tag', candidates: [], near: [], available: [] };
}
function tags_asTyped(reference) {
    return reference.kind === 'id' ? reference.id : `${reference.category}/${reference.tag}`;
}
function tags_scopeOf(category) {
    return `category '${category?.name ?? ''}'`;
}
async function byId(lookup, { id }) {
    const tag = await readIfThere(lookup, {
        operation: 'GET /api/cis/tagging/tag/{tag_id}',
        path: { tag_id: id },
    });
    if (tag === undefined) {
        return { problem: { reason: 'none' } };
    }
    const category = await readCategory(lookup, (0,json/* textOf */.b6)(tag['category_id']) ?? '');
    return {
        tag: { id, name: (0,json/* textOf */.b6)(tag['name']) ?? id },
        ...(category === undefined ? {} : { category }),
    };
}
async function byName(lookup, { category: name, tag: tagName }) {
    const ids = textsOf(await lookup.read({ operation: 'GET /api/cis/tagging/category' }));
    const categories = (await Promise.all(ids.map((id) => readCategory(lookup, id)))).filter((each) => each !== undefined);
    const named = categories.filter((each) => each.name === name);
    const [category] = named;
    if (category === undefined) {
        return { problem: { reason: 'none', type: 'Category', asked: name, ...suggestions(name, categories) } };
    }
    const tags = (await Promise.all(named.map((each) => tagsOf(lookup, each)))).flat();
    const fitting = tags.filter((each) => each.tag.name === tagName);
    const [only] = fitting;
    if (only === undefined) {
        const all = tags.map(({ tag }) => tag);
        return {
            problem: { reason: 'none', asked: tagName, scope: tags_scopeOf(category), ...suggestions(tagName, all) },
        };
    }
    return fitting.length === 1
        ? only
        : {
            problem: { reason: 'several', candidates: fitting.map(({ tag }) => tag), hint: 'Give its URN here.' },
        };
}
async function tagsOf(lookup, category) {
    const operation = 'POST /api/cis/tagging/tag?action=list-tags-for-category';
    const ids = textsOf(await lookup.read({ operation, body: { category_id: category.id } }));
    const tags = await Promise.all(ids.map((id) => readIfThere(lookup, { operation: 'GET /api/cis/tagging/tag/{tag_id}', path: { tag_id: id } })));
    return ids.map((id, index) => ({ tag: { id, name: (0,json/* textOf */.b6)(tags[index]?.['name']) ?? '' }, category }));
}
async function readCategory(lookup, id) {
    const operation = 'GET /api/cis/tagging/category/{category_id}';
    const category = await readIfThere(lookup, { operation, path: { category_id: id } });
    if (category === undefined) {
        return undefined;
    }
    const types = textsOf(category['associable_types']);
    return {
        id,
        name: (0,json/* textOf */.b6)(category['name']) ?? '',
        isMultiple: category['cardinality'] !== 'SINGLE',
        isForVms: types.length === 0 || types.some((type) => type.endsWith('VirtualMachine')),
    };
}
/** What was listed a moment ago may be deleted now; what the account may not see is as good as not there. */
async function readIfThere(lookup, request) {
    try {
        const body = await lookup.read(request);
        return (0,json/* isRecord */.u4)(body) ? body : undefined;
    }
    catch (error) {
        if ((0,transport_error/* isNotFound */.c4)(error) || (0,transport_error/* isRefusal */.vu)(error, 'UNAUTHORIZED')) {
            return undefined;
        }
        throw error;
    }
}
/** Two different tags of a category that takes one. */
function doubled(found) {
    const single = new Map();
    for (const { tag, category } of found) {
        if (tag !== undefined && category?.isMultiple === false) {
            const { tags } = single.get(category.id) ?? { tags: new Map() };
            single.set(category.id, { category, tags: tags.set(tag.id, tag) });
        }
    }
    return [...single.values()]
        .filter(({ tags }) => tags.size > 1)
        .map(({ category, tags }) => ({
        reason: 'one-per-category',
        asked: category.name,
        scope: tags_scopeOf(category),
        candidates: [...tags.values()],
    }));
}
function suggestions(asked, objects) {
    const near = nearest(asked, objects);
    return { near, available: near.length === 0 && objects.length <= tags_MOST_SHOWN ? objects : [] };
}
function textsOf(value) {
    return Array.isArray(value) ? value.filter((each) => typeof each === 'string') : [];
}

;// CONCATENATED MODULE: ./build/vcenter/inventory/placement.js









/**
 * Turns the names in a clone's inputs into ids, side by side, with the lists of the inventory: GET /api/vcenter/vm, folder,
 * resource-pool, cluster, host, datastore, network, datacenter, and those of GET /api/cis/tagging. An id costs no request and is
 * not checked, but for networks and tags. A datacenter's name, a path and a device's label cost steps of their own.
 *
 * @throws ResolveError with every name that is at fault; VcenterError; the signal's reason.
 */
function resolvePlacement(session, references, limits) {
    return withInventoryLookup(session, limits, async (lookup) => {
        const datacenter = findDatacenter(lookup, references.datacenter);
        const scope = asScope(datacenter);
        const find = (input, type, reference) => findObject(lookup, { input, type, reference }, scope);
        const findIfGiven = async (input, type, reference) => reference === undefined ? undefined : find(input, type, reference);
        const { inputNames } = references;
        const source = find('source', 'VirtualMachine', references.source);
        const cluster = findIfGiven('cluster', 'ClusterComputeResource', references.cluster);
        const host = findIfGiven('host', 'HostSystem', references.host);
        const resourcePool = references.resourcePool?.kind === 'name'
            ? findResourcePool(lookup, {
                input: inputNames.resourcePool,
                reference: references.resourcePool,
                datacenter: scope,
                cluster: { reference: references.cluster, id: cluster },
                host: { reference: references.host, id: host },
            })
            : findIfGiven(inputNames.resourcePool, 'ResourcePool', references.resourcePool);
        const found = await allOrProblems([
            datacenter,
            source,
            findIfGiven('folder', 'Folder', references.folder),
            resourcePool,
            cluster,
            host,
            findIfGiven('datastore', 'Datastore', references.datastore),
            resolveDisks(lookup, { ...references, sourceId: source }),
            allOrProblems(references.disksToUpdate.map(({ datastore }) => find(inputNames.disksToUpdate, 'Datastore', datastore))),
            resolveNetworks(lookup, { ...references, input: 'networks', sourceId: source, datacenter: scope }),
            resolveTags(lookup, { ...references, input: 'tags' }),
        ]);
        const [datacenterId, sourceId, folder, pool, clusterId, hostId, datastore, ...devices] = found;
        const [disks, diskDatastores, networks, tags] = devices;
        return {
            source: sourceId,
            isTemplate: lookup.isTemplate(sourceId),
            ...(datacenterId === undefined ? {} : { datacenter: datacenterId }),
            ...(folder === undefined ? {} : { folder }),
            ...(pool === undefined ? {} : { resourcePool: pool }),
            ...(clusterId === undefined ? {} : { cluster: clusterId }),
            ...(hostId === undefined ? {} : { host: hostId }),
            ...(datastore === undefined ? {} : { datastore }),
            disksToRemove: disks.toRemove,
            disksToUpdate: diskDatastores.map((datastore, index) => ({
                disk: disks.toUpdate[index] ?? '',
                datastore,
            })),
            networks,
            tags,
        };
    });
}
/**
 * The same for a datacenter and a VM folder alone: GET /api/vcenter/datacenter and folder.
 *
 * @throws ResolveError with every name that is at fault; VcenterError; the signal's reason.
 */
function resolveLocation(session, references, limits) {
    return withInventoryLookup(session, limits, async (lookup) => {
        const { folder: reference } = references;
        const datacenter = findDatacenter(lookup, references.datacenter);
        const [datacenterId, folder] = await allOrProblems([
            datacenter,
            reference === undefined
                ? undefined
                : findObject(lookup, { input: 'folder', type: 'Folder', reference }, asScope(datacenter)),
        ]);
        return {
            ...(datacenterId === undefined ? {} : { datacenter: datacenterId }),
            ...(folder === undefined ? {} : { folder }),
        };
    });
}
/** The id of a datacenter, by its id, name or path. @throws ResolveError, VcenterError */
async function findDatacenter(lookup, reference) {
    if (reference === undefined || reference.kind === 'id') {
        return reference?.id;
    }
    const [path, absolute] = reference.kind === 'name' ? [[reference.name], false] : [reference.segments, reference.absolute];
    const query = datacenterQuery({ input: 'datacenter', type: 'Datacenter', reference }, path);
    return (await exactlyOne(lookup, query, await findDatacenters(lookup, { path, absolute }))).id;
}
/** The id of an object, by its id (which is not checked), name or path. @throws ResolveError, VcenterError */
async function findObject(lookup, { input, type, reference }, scope) {
    switch (reference.kind) {
        case 'id':
            return reference.id;
        case 'path':
            return walkPath(lookup, { input, type, reference }, scope);
        case 'name': {
            const datacenter = await scope;
            const filter = {
                ...(type === 'Folder' ? { type: 'VIRTUAL_MACHINE' } : {}),
                ...(datacenter === undefined ? {} : { datacenters: [datacenter] }),
            };
            const { name } = reference;
            const named = { input, type, reference };
            const listed = await lookup.list(type, { name, ...filter });
            const found = await orTemplates(lookup, {
                type: named.type,
                found: listed,
                place: { name, datacenter },
            });
            return (await exactlyOne(lookup, { named, type, name, filter }, found)).id;
        }
    }
}
/** With a datacenter that cannot be resolved the other names are still looked for, to report those that are nowhere. */
function asScope(datacenter) {
    const scope = datacenter.catch((error) => {
        if (error instanceof ResolveError) {
            return undefined;
        }
        throw error;
    });
    scope.catch(() => undefined); // where all else is an id nobody waits for it, and its failure is the datacenter's own
    return scope;
}
/** Waits for all results and throws one ResolveError with the problems of all of them; any other error at once. */
async function allOrProblems(results) {
    const problems = (await Promise.all(results.map(problemsOf))).flat();
    if (problems.length > 0) {
        throw new ResolveError(withoutConsequences(problems));
    }
    return Promise.all(results);
}
async function problemsOf(result) {
    try {
        await result;
        return [];
    }
    catch (error) {
        if (error instanceof ResolveError) {
            return error.problems;
        }
        throw error;
    }
}
/** Each problem once. Where the datacenter is at fault, a name that is not clear may be clear in the right one. */
function withoutConsequences(problems) {
    const isDatacenterBad = problems.some(({ input }) => input === 'datacenter');
    const own = problems.filter(({ input, reason }) => !isDatacenterBad || input === 'datacenter' || reason === 'none');
    return [...new Map(own.map((problem) => [describeResolveProblem(problem), problem])).values()];
}

;// CONCATENATED MODULE: ./build/vcenter/inventory/vm-folders.js





/**
 * Turns VM folders into ids, each once, and sees that none is a datacenter's own: GET /api/vcenter/folder and datacenter, and GET
 * /api/vcenter/datacenter/{datacenter} of each datacenter. A folder that is given by its id is looked up as well.
 *
 * @throws ResolveError with every folder that is at fault; VcenterError; the signal's reason.
 */
function resolveVmFolders(session, { folders, datacenter: reference }, limits) {
    return withInventoryLookup(session, limits, async (lookup) => {
        const datacenter = findDatacenter(lookup, reference);
        const scope = asScope(datacenter);
        const found = allOrProblems(folders.map((folder) => findObject(lookup, { input: 'folder', type: 'Folder', reference: folder }, scope)));
        const [roots, listed, [, ids]] = await Promise.all([
            findRoots(lookup),
            listById(lookup, folders),
            allOrProblems([datacenter, found]),
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
            throw new ResolveError(problems);
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
        asked: asTyped(folder),
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

;// CONCATENATED MODULE: ./build/time/side-by-side.js
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
    await sideBySide({
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
/** The `state` of a pull request, `open` or `closed`; undefined where there is none, or where it is not that of this number. */
function readPullRequestState(body, number) {
    return (0,json/* isRecord */.u4)(body) && body['number'] === number ? (0,json/* textOf */.b6)(body['state']) : undefined;
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
function tellDecisions(pass, { repository, isDryRun }, report) {
    const name = `${repository.owner}/${repository.repo}`;
    const counted = countedOf(pass);
    for (const { candidate, decision } of counted) {
        if (decision.decision === 'delete') {
            report.info(`${isDryRun ? 'Would delete' : 'Delete'} ${(0,delete_vm/* describeVm */.r)(candidate.vm)}: ${decision.reason}.`);
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
            text: `VMs that were to be deleted and are left: ${untouched}. 'limit' is ${limit}; the next pass goes on with them.`,
        });
    }
    if (deleted > 0) {
        report.notice({
            title: 'Leftovers deleted',
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
            await survey({ entries: pass.entries, inquiry: first, rules, pullRequest, signal }).finally(() => tellDecisions(pass, { repository, isDryRun: inputs.dryRun }, report));
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

// EXTERNAL MODULE: ./build/actions/recovery/journal.js
var recovery_journal = __webpack_require__(8817);
;// CONCATENATED MODULE: ./build/vcenter/task.js
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

;// CONCATENATED MODULE: ./build/actions/recovery/ownership.js



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
    if ((0,escaped_name/* escapeName */.L$)(vm.name) !== (0,escaped_name/* escapeName */.L$)(plan.name)) {
        return { owner: 'another', reason: `it is called '${vm.name}', not '${plan.name}'` };
    }
    if (plan.isNameGenerated || isRecorded) {
        return OURS;
    }
    if (isNameTaken(ownTask?.failure)) {
        return { owner: 'another', reason: 'this clone was refused because the name was taken' };
    }
    if (ownTask !== undefined && vmsNamedBy(ownTask).some((id) => (0,text_reference/* bareId */.yW)(id) === (0,text_reference/* bareId */.yW)(vm.vm))) {
        return OURS;
    }
    if (ownTask?.status === 'SUCCEEDED' && isOnlyNew) {
        return OURS;
    }
    return {
        owner: 'unknown',
        reason: isCancelled(ownTask?.failure)
            ? 'a cancelled clone takes its copy away'
            : `others may use the name '${plan.name}', too, and nothing proves that this run made it`,
    };
}
function isSource(plan, vm) {
    return (0,text_reference/* bareId */.yW)(vm) === (0,text_reference/* bareId */.yW)(plan.source);
}

// EXTERNAL MODULE: ./build/vcenter/clone-method.js
var clone_method = __webpack_require__(6263);
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
        if (hasEnded(task)) {
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

// EXTERNAL MODULE: ./build/vcenter/vi-json/config-spec.js
var config_spec = __webpack_require__(551);
;// CONCATENATED MODULE: ./build/actions/recovery/mark.js


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
        const written = await (0,config_spec/* readGuestinfo */.Jl)(session, vm.vm, { ...limits, retryTimeout: 0 });
        return written?.mark === plan.mark;
    }
    catch (error) {
        if (error instanceof transport_error/* VcenterError */.Cn) {
            return false;
        }
        throw error;
    }
}

;// CONCATENATED MODULE: ./build/actions/recovery/vms-of-name.js


/**
 * The VMs of the planned name, in the planned folder, that may have come of the clone: neither the source nor one that had
 * the name before the request. Whose they are is another question.
 *
 * @throws VcenterError; the signal's reason.
 */
async function listNewVmsOfName(session, plan, limits) {
    const found = await (0,vcenter_vm/* findVmsByName */.g6)(session, plan, limits);
    return found.filter(({ vm }) => !isSource(plan, vm) && !plan.vmsBefore.includes(vm));
}

;// CONCATENATED MODULE: ./build/actions/recovery/lost-clone.js







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
            listNewVmsOfName(session, plan, limits),
            kind.listClones(session, plan.source, limits),
        ]);
        const active = tasks?.filter((task) => !hasEnded(task)) ?? [];
        const [vm] = vms;
        if (vm !== undefined) {
            const isMarked = !plan.isNameGenerated && (await bearsMark(session, { plan, vm }, limits));
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
        const isCertain = tasks !== undefined && now - sentAt >= ACCEPTANCE_WINDOW && now - candidateSeenAt >= LISTING_LAG;
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
    const task = active.find(({ targetVm }) => targetVm !== undefined && (0,text_reference/* bareId */.yW)(targetVm) === (0,text_reference/* bareId */.yW)(vm.vm));
    return { outcome: 'vm', vm, task: task?.id };
}
/** Tells the clones of others: by their target, where that is a VM of another name. Users and times are written in too many ways. */
function createOthersFilter({ session, plan, limits, }) {
    const others = new Set();
    return async ({ targetVm }) => {
        if (targetVm === undefined || isSource(plan, targetVm)) {
            return false;
        }
        if (!others.has(targetVm)) {
            const vm = await (0,vcenter_vm/* findVm */.FJ)(session, targetVm, { ...limits, retryTimeout: 0 }).catch(ignoreVcenter(limits));
            if (vm === undefined || (0,escaped_name/* escapeName */.L$)(vm.name) === (0,escaped_name/* escapeName */.L$)(plan.name)) {
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

;// CONCATENATED MODULE: ./build/actions/recovery/task.js



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
        if (!(error instanceof transport_error/* VcenterError */.Cn) || (0,transport_error/* isLoginRefused */.mZ)(error)) {
            throw error;
        }
        // That it has ended meanwhile is told when its end is known.
        if (!(0,transport_error/* isRefusal */.vu)(error, 'NOT_ALLOWED_IN_CURRENT_STATE')) {
            report.info(`The clone cannot be cancelled; waiting for its end. vCenter: ${error.messages.join(' ')}`);
        }
    }
}
/** Polls a task to its end. Where polls fail for good, the list of tasks may still tell how far it is. */
async function pollOrList(options, { kind, id, source }) {
    const { session, clock, report, signal } = options;
    const tasks = kindOf(options, kind);
    try {
        return await pollTask({ ...options, tasks, task: id, retryTimeout: POLL_RETRY });
    }
    catch (error) {
        if (!(error instanceof transport_error/* VcenterError */.Cn) || (0,transport_error/* isLoginRefused */.mZ)(error)) {
            throw error;
        }
        report.info(`The task cannot be polled. vCenter: ${error.messages.join(' ')}`);
    }
    for (;;) {
        const limits = { signal, retryTimeout: Number.POSITIVE_INFINITY };
        const clones = await tasks.listClones(session, source, limits);
        const listed = clones?.find((task) => task.id === id);
        if (listed === undefined || hasEnded(listed)) {
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

;// CONCATENATED MODULE: ./build/actions/recovery/abort.js











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
    const tasks = kindOf(options, kind);
    const lost = await findLostClone({
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
                await requestCancel(options, { kind, id: lost.task });
                await pollTask({ ...options, tasks, task: lost.task });
            }
            return deleteOwned(options, { plan, vm: lost.vm });
    }
}
async function abortTask(options, { plan, task }) {
    if (options.endedTask !== undefined) {
        return cleanUpAfterTask(options, { plan, task: options.endedTask });
    }
    await requestCancel(options, task);
    return cleanUpAfterTask(options, {
        plan,
        task: await pollOrList(options, { ...task, source: plan.source }),
    });
}
/** Deletes what has come of a task that has ended, or whose record vCenter has dropped. */
async function cleanUpAfterTask(options, { plan, task }) {
    const { session, clock, signal } = options;
    const { failure } = task ?? {};
    const isFree = !plan.isNameGenerated;
    if (isNameTaken(failure) && isFree) {
        return nothingLeft(`The name '${plan.name}' was taken, so no VM was made; nothing is left.`);
    }
    const named = task === undefined ? [] : vmsNamedBy(task).map(text_reference/* bareId */.yW).filter(isCandidateOf(plan));
    const startedAt = clock.now();
    const window = lagAfter(task, { isFree, isNamed: named.length > 0 });
    for (;;) {
        const namedVm = await findNamed(options, { plan, task, ids: named });
        if (namedVm !== undefined) {
            return deleteOwned(options, { plan, vm: namedVm });
        }
        const vms = await listNewVmsOfName(session, plan, untilEnd(options));
        const checked = vms.map((vm) => ({
            vm,
            ownership: checkOwnership({ plan, vm, ownTask: task, isOnlyNew: vms.length === 1 }),
        }));
        for (const { vm, ownership } of checked) {
            const isMarked = ownership.owner === 'unknown' && (await bearsMark(session, { plan, vm }, untilEnd(options)));
            if (ownership.owner === 'this run' || isMarked) {
                return deleteOwned(options, { plan, vm });
            }
        }
        // Nothing ends an unknown outcome but the VM itself: a copy may show only when it is complete.
        const isTakenAway = isCancelled(failure) && checked.length === 0;
        const isOver = task !== undefined && (isTakenAway || clock.now() - startedAt >= window);
        const doubts = checked.flatMap(({ vm, ownership }) => ownership.owner === 'unknown' ? [`${(0,delete_vm/* describeVm */.r)(vm)}: ${ownership.reason}`] : []);
        if (doubts.length > 0 && (isOver || !isCancelled(failure))) {
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
    if (isCancelled(task?.failure)) {
        return REMOVAL_LAG;
    }
    // A VM that nothing but a free name would show is left anyway.
    return task?.status === 'SUCCEEDED' || isNamed || !isFree ? LISTING_LAG : 0;
}
function endWithoutVm(plan, { id, status, failure }) {
    if (status === 'SUCCEEDED') {
        return leftBehind(`The clone of '${plan.name}' has succeeded (task ${id}), but vCenter lists no VM of it: it may be left.`);
    }
    return nothingLeft(isCancelled(failure)
        ? `The clone of '${plan.name}' was cancelled; nothing is left.`
        : `The clone of '${plan.name}' has failed and left no VM.`);
}
function isCandidateOf(plan) {
    return (vm) => !isSource(plan, vm) && !plan.vmsBefore.includes(vm);
}
/** The VM that the task names, where it is this run's; the list of VMs is not needed for that. */
async function findNamed(options, { plan, task, ids, }) {
    const limits = { ...untilEnd(options), retryTimeout: DESCRIBE_RETRY };
    for (const id of ids) {
        const vm = await (0,vcenter_vm/* findVm */.FJ)(options.session, id, limits).catch((error) => {
            if (error instanceof transport_error/* VcenterError */.Cn && !(0,transport_error/* isLoginRefused */.mZ)(error)) {
                return undefined;
            }
            throw error;
        });
        if (vm !== undefined &&
            checkOwnership({ plan, vm, ownTask: task, isOnlyNew: false }).owner === 'this run') {
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
        vm = await (0,vcenter_vm/* findVm */.FJ)(options.session, id, limits);
    }
    catch (error) {
        if (!(error instanceof transport_error/* VcenterError */.Cn) || (0,transport_error/* isLoginRefused */.mZ)(error)) {
            throw error;
        }
        const words = error.messages.join(' ');
        return leftBehind(`${(0,delete_vm/* describeVm */.r)({ vm: id, name: plan.name })} is not deleted: its name cannot be read. ${words}`);
    }
    if (vm === undefined) {
        return nothingLeft(`${(0,delete_vm/* describeVm */.r)({ vm: id, name: plan.name })} is gone already; nothing is left.`);
    }
    const ownership = checkOwnership({ plan, vm, ownTask: undefined, isOnlyNew: false, isRecorded: true });
    return ownership.owner === 'this run'
        ? deleteOwned(options, { plan, vm })
        : leftBehind(`${(0,delete_vm/* describeVm */.r)(vm)} is not deleted: ${ownership.reason}.`);
}
async function deleteOwned(options, { plan, vm }) {
    const { session, journal, clock, report } = options;
    if (journal.state.phase !== 'returned') {
        journal.tryEnter({ phase: 'created', plan, vm: vm.vm });
    }
    try {
        await (0,delete_vm/* powerOffAndDelete */.L)({ session, vm, clock, report, limits: untilEnd(options) });
        return { deleted: vm, leftover: undefined, outcome: `${(0,delete_vm/* describeVm */.r)(vm)} is deleted; nothing is left.` };
    }
    catch (error) {
        if (error instanceof transport_error/* VcenterError */.Cn && !(0,transport_error/* isTransient */.dg)(error) && !(0,transport_error/* isLoginRefused */.mZ)(error)) {
            return leftBehind(`${(0,delete_vm/* describeVm */.r)(vm)} could not be deleted: ${error.messages.join(' ')}`);
        }
        throw error;
    }
}
/** A clean-up is worth every retry until the time is over; what is busy now is free in a minute. */
function untilEnd({ signal }) {
    return { signal, retryTimeout: Number.POSITIVE_INFINITY };
}

// EXTERNAL MODULE: ./build/actions/advice.js
var actions_advice = __webpack_require__(9166);
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
async function clean_up_cleanUp({ runtime, session, report, signal }, { journal, cause }) {
    const { clock, random } = runtime;
    const { state } = journal;
    try {
        if (cause instanceof deadline/* Interrupted */.j$ || signal.aborted) {
            if (state.phase === 'started') {
                await (0,deadline/* withDeadline */.NE)({ clock, what: 'the cancel', limit: HURRIED_CANCEL }, (shortly) => requestCancel({ session, report, taskKinds: clone_method/* TASK_KINDS */.Eb, signal: shortly }, state.task));
            }
            return { leftToPost: true, error: undefined };
        }
        const limit = state.phase === 'requested' ? SEARCH : CLEANUP;
        const endedTask = cause instanceof TaskFailed ? cause.task : undefined;
        const result = await (0,deadline/* withDeadline */.NE)({ clock, what: 'cleaning up', limit, signal }, (deadline) => abortClone({
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
    return ((0,transport_error/* isRefusal */.vu)(cause, 'ALREADY_EXISTS') || (cause instanceof TaskFailed && isNameTaken(cause.task.failure)));
}
/** Whether a name that is taken is that of a VM, which `if-exists` could reuse or replace; undefined where nobody can tell. */
async function isNameVisible({ session, signal }, { plan, cause }) {
    if (!isNameTakenBy(cause) || plan.folder === undefined || signal.aborted) {
        return undefined;
    }
    return (0,vcenter_vm/* findVmsByName */.g6)(session, plan, { signal, retryTimeout: 0 }).then((vms) => vms.length > 0, () => undefined);
}

// EXTERNAL MODULE: ./build/text/sanitize.js
var sanitize = __webpack_require__(9211);
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

// EXTERNAL MODULE: ./build/vcenter/vi-json/tasks.js
var tasks = __webpack_require__(5607);
;// CONCATENATED MODULE: ./build/actions/clone/reconfigure.js





/** The task that was to change the VM has failed, or vCenter does not know how it ended. */
class ReconfigurationFailed extends Error {
    name = 'ReconfigurationFailed';
    failure;
    constructor({ task, failure }) {
        const type = failure?.fault?.name ?? failure?.errorType;
        super(failure === undefined
            ? `How the task ${task} ended is not known: vCenter has forgotten it.`
            : `Reconfiguring it failed (task ${task}). vCenter: ${failure.messages.join(' ')}${type === undefined ? '' : ` [${type}]`}`);
        this.failure = failure;
    }
}
/** How long the start of the task, and each poll of it, is retried, in milliseconds. */
const reconfigure_RETRY_TIMEOUT = 60_000;
/** How long all of it may take, in milliseconds: it takes some seconds, behind other tasks of the VM's host some more. */
const reconfigure_LONGEST = 300_000;
/**
 * Sets notes and guestinfo of a VM: VirtualMachine.ReconfigVM_Task, polled to its end. Setting them twice does no harm, so a
 * request whose response was lost is sent again.
 *
 * @throws ReconfigurationFailed; DeadlineExceeded; VcenterError; the signal's reason.
 */
async function reconfigureVm({ runtime, session, report, signal }, { vm, notes, guestinfo, }) {
    const { clock, random } = runtime;
    const settings = {
        ...(notes === undefined ? {} : { notes }),
        ...(guestinfo === undefined ? {} : { guestinfo }),
    };
    const inputs = Object.keys(settings).map((input) => `'${input}'`);
    const what = `The task that sets ${inputs.join(' and ')} of ${(0,delete_vm/* describeVm */.r)(vm)}`;
    await (0,deadline/* withDeadline */.NE)({ clock, what, limit: reconfigure_LONGEST, signal }, async (deadline) => {
        const limits = { signal: deadline, retryTimeout: reconfigure_RETRY_TIMEOUT };
        const id = await (0,config_spec/* reconfigure */.eS)(session, { vm: vm.vm, ...settings }, limits);
        const task = await pollTask({ session, tasks: tasks/* vimTasks */.d, task: id, clock, random, report, ...limits });
        if (task?.status !== 'SUCCEEDED') {
            throw new ReconfigurationFailed({ task: id, failure: task?.failure });
        }
    });
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
    const isCustomization = operation.endsWith('/guest/customization');
    if (isCustomization && ((0,transport_error/* isUnknownUrl */.UO)(error) || (0,transport_error/* isRefusal */.vu)(error, 'UNEXPECTED_INPUT'))) {
        return "'user-data' and 'meta-data' need vCenter 7.0 Update 3 or later.";
    }
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
    if (isCustomization) {
        return (0,described_error/* joinLines */.c)((0,actions_advice/* adviceFor */.cp)(error), actions_advice/* TOOLS_UNKNOWN */.hu);
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
        list.push({ input: 'cpu-count', what: count === 1 ? '1 CPU' : `${count} CPUs`, apply });
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
        const apply = () => reconfigureVm(run, { vm: { vm, name }, notes, guestinfo });
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

;// CONCATENATED MODULE: ./build/actions/clone/replace.js



/** How long vCenter may list a VM that it has deleted, and take its name for taken, in milliseconds. */
const NAME_LAG = 30_000;
const replace_POLL = 1_000;
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
            await clock.sleep(replace_POLL, deadline);
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
        report.info(`The response to the clone request is lost. Looking for the clone; that none was started is certain only after ${(0,duration/* formatDuration */.a)(ACCEPTANCE_WINDOW)}. ${error.messages.join(' ')}`);
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
        return await findLostClone({
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
    return reference.kind === 'id' ? {} : { asked: asTyped(reference) };
}
function givenId(reference) {
    return reference.kind === 'id' ? reference.id : undefined;
}
/** For the log: `'ci/base/ubuntu-24.04' (vm-42)`, or the id alone where that is what the user wrote. */
function objectText({ id, asked }) {
    return asked === undefined ? id : `'${asked}' (${id})`;
}

;// CONCATENATED MODULE: ./build/actions/clone/wait.js







/** Milliseconds for which the list of VMs is retried before the VM itself is asked. */
const wait_DESCRIBE_RETRY = 20_000;
/** Milliseconds for which a list of tasks that cannot be had is retried, where nothing else tells when the copy is complete. */
const LIST_RETRY = 30_000;
const wait_POLL = 1_000;
const wait_LONG_POLL = 3_000;
/**
 * Waits until the clone has ended. The polls go on until the signal ends them, whatever comes between: what vCenter does for
 * us does not stop because nobody can see it for a while.
 *
 * @throws TaskFailed; UnknownOutcome where the task is forgotten and no VM shows how it ended; VcenterError; the signal's
 * reason.
 */
async function waitForClone(options, started) {
    if (started.task !== undefined) {
        const task = await pollTask({ ...options, task: started.task });
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
    const named = task === undefined ? [] : vmsNamedBy(task).map(text_reference/* bareId */.yW);
    const ids = named.filter((id) => !isSource(plan, id) && !plan.vmsBefore.includes(id));
    const startedAt = clock.now();
    for (;;) {
        for (const id of ids) {
            const found = await (0,vcenter_vm/* findVm */.FJ)(session, id, { ...limitsOf(options), retryTimeout: wait_DESCRIBE_RETRY });
            if (found !== undefined && isOwned({ plan, vm: found, task, isOnlyNew: false })) {
                return found;
            }
        }
        const vms = await listNewVmsOfName(session, plan, limitsOf(options));
        const [only, ...more] = vms;
        if (only !== undefined && more.length === 0 && isOwned({ plan, vm: only, task, isOnlyNew: true })) {
            return only;
        }
        if (more.length > 0) {
            const ids = vms.map((each) => each.vm).join(', ');
            throw new UnknownOutcome(`several VMs are called '${plan.name}': ${ids}`);
        }
        if (clock.now() - startedAt >= LISTING_LAG) {
            throw new UnknownOutcome(`vCenter says that it has succeeded, but lists no VM of it called '${plan.name}'`);
        }
        await clock.sleep(wait_POLL, options.signal);
    }
}
function isOwned({ plan, vm, task, isOnlyNew, }) {
    return checkOwnership({ plan, vm, ownTask: task, isOnlyNew }).owner === 'this run';
}
/** vCenter has forgotten the task: the VM shows by its name, perhaps only when the copy is complete. */
async function findForgotten(options) {
    const { session, plan, clock, signal } = options;
    for (;;) {
        const vms = await listNewVmsOfName(session, plan, limitsOf(options));
        for (const vm of vms) {
            const ownership = checkOwnership({ plan, vm, ownTask: undefined, isOnlyNew: vms.length === 1 });
            if (ownership.owner === 'this run') {
                return vm;
            }
            throw new UnknownOutcome(`'${vm.name}' (${vm.vm}) is there, but ${ownership.reason}`);
        }
        await clock.sleep(wait_LONG_POLL, signal);
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
            if (now !== undefined && !tasks.some((task) => !hasEnded(task) && mayMake(task, { plan, vm }))) {
                return now;
            }
        }
        else if (!powerOn && (isTaskForgotten || clock.now() - toldAt >= LIST_RETRY)) {
            throw new UnknownOutcome(`'${vm.name}' (${vm.vm}) is there, but vCenter does not tell whether the copy is complete`);
        }
        await clock.sleep(wait_LONG_POLL, signal);
        now = await (0,vcenter_vm/* findVm */.FJ)(session, vm.vm, limitsOf(options));
    }
}
function mayMake({ targetVm }, { plan, vm }) {
    return targetVm === undefined || isSource(plan, targetVm) || (0,text_reference/* bareId */.yW)(targetVm) === (0,text_reference/* bareId */.yW)(vm.vm);
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
            progress.operation = request.operation;
            if (started.kind === 'task') {
                progress.task = started.task;
                journal.enter({ phase: 'started', plan, task: { kind: request.tasks.kind, id: started.task } });
                (0,github_outputs/* setOutputs */.n0)(core, { 'task-id': started.task });
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
    (0,github_outputs/* setOutputs */.n0)(core, { 'vm-id': vm.vm, created: 'true' });
    return { vm, prepared: final };
}
/** At `timeout` the clone may just have ended: a VM that is complete is not thrown away. */
async function askOnceMore({ runtime, session, signal }, { tasks, task, cause, }) {
    if (!(cause instanceof deadline/* DeadlineExceeded */.m4) || task === undefined) {
        throw cause;
    }
    const last = await (0,deadline/* withDeadline */.NE)({ clock: runtime.clock, what: 'the last poll', limit: LAST_POLL, signal }, (deadline) => tasks.get(session, task, { signal: deadline, retryTimeout: LAST_POLL })).catch(() => undefined);
    signal.throwIfAborted();
    if (last === undefined || !hasEnded(last)) {
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

;// CONCATENATED MODULE: ./build/actions/clone/clone-request.js
function toRequest({ method, spec, ...facts }) {
    return {
        ...facts,
        operation: method.operation,
        tasks: method.tasks,
        start: (session, limits) => method.start(session, spec, limits),
        describe: () => method.describe(spec),
    };
}

;// CONCATENATED MODULE: ./build/vcenter/inventory/existence.js






/** The lists of the API that can be asked for ids (or, for specifications, names), with the name of their filter. */
const existence_LISTS = {
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
    const { key, filter } = existence_LISTS[type];
    const rows = await listRows(session, type, { [filter]: ids }, limits);
    const present = new Set(rows.map((row) => (0,text_reference/* bareId */.yW)((0,json/* textOf */.b6)(row[key]) ?? '')));
    return ids.filter((id) => !present.has((0,text_reference/* bareId */.yW)(id)));
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
        const owned = await sideBySide({
            signal: limits.signal,
            start: (signal) => candidates.map(({ id: cluster }) => isPoolOfCluster(session, { resourcePool, cluster }, { ...limits, signal })),
        });
        return candidates.find((_, index) => owned[index]);
    }
    catch (error) {
        if (error instanceof transport_error/* VcenterError */.Cn) {
            return 'unknown';
        }
        throw error;
    }
}
/** Whether a resource pool lies in a cluster. One request. @throws VcenterError */
async function isPoolOfCluster(session, { resourcePool, cluster }, limits) {
    const filter = { resource_pools: [resourcePool], clusters: [cluster] };
    return (await listRows(session, 'ResourcePool', filter, limits)).length === 1;
}
async function listRows(session, type, query, limits) {
    const { operation } = existence_LISTS[type];
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
    const { session, inputs, spec, isSourceRead = false, forTemplate, limits } = options;
    const { cluster, resource_pool: resourcePool } = spec.placement ?? {};
    const checks = [
        { input: 'source', type: 'VirtualMachine', ids: isSourceRead ? [] : givenIds(inputs.source) },
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
    const [withoutDrs, disks, ...missing] = await sideBySide({
        signal: limits.signal,
        start: (signal) => [
            needsDrs(options)
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
                if (type === 'VirtualMachine' && absent.length > 0) {
                    const problem = await templateProblem(forTemplate({ ...limits, signal }));
                    if (problem !== 'no template') {
                        return problem;
                    }
                }
                return absent.map((id) => problemText({ input, type, id }));
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
/** What keeps a template from being cloned, where that is what the source is. */
async function templateProblem(found) {
    try {
        return (await found) === undefined ? 'no template' : [];
    }
    catch (error) {
        if (error instanceof ValidationError) {
            return [error.text];
        }
        throw error;
    }
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
    const devices = await withInventoryLookup(session, { ...limits, signal }, (lookup) => lookup.devices(spec.source)).catch((error) => {
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
/** An instant clone runs on the host of its source. */
function needsDrs({ inputs, spec }) {
    return spec.placement?.host === undefined && inputs.cloneType !== 'instant';
}
function describeValidation({ inputs, spec, settings, isDrsKnown, }) {
    const { folder, cluster, resource_pool: pool } = spec.placement ?? {};
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
    const usesDrs = needsDrs({ inputs, spec }) && (cluster !== undefined || pool !== undefined);
    return {
        checked: [
            'the login',
            ...new Set(named.map((input) => `'${input}'`)),
            ...(inputs.cloneType === 'linked' ? ['the snapshot'] : []),
            ...(inputs.cloneType === 'instant' ? ['whether the source runs'] : []),
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
;// CONCATENATED MODULE: ./build/vcenter/vi-json/pool.js



const COMPUTE = ['ComputeResource', 'ClusterComputeResource'];
/**
 * The root resource pool of a cluster, or of the cluster or standalone host that a host is: what the clone of a template, which
 * is in no pool, must name. One request; undefined where vCenter does not tell one, or the owner is not there.
 *
 * @throws VcenterError
 */
async function findRootPool(session, owner, limits) {
    const objects = 'cluster' in owner
        ? (0,properties/* these */.QT)({ type: 'ClusterComputeResource', id: owner.cluster })
        : (0,properties/* reachedFrom */.Tj)({ type: 'HostSystem', id: owner.host }, 'parent');
    const paths = COMPUTE.map((type) => ({ type, paths: ['resourcePool'] }));
    const [found] = await (0,properties/* retrieveProperties */._c)(session, { paths, objects }, limits).catch((error) => {
        if ((0,transport_error/* isNotFound */.c4)(error)) {
            return [];
        }
        throw error;
    });
    return (0,data/* readReference */.Wf)(found?.values.get('resourcePool'))?.id;
}

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
    const source = await readSourceVm(session, { id: (0,text_reference/* bareId */.yW)(placement.source), withDevices }, limits);
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
        const sourceAddresses = await addressesOf(options, source);
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
    const disksToUpdate = placement.disksToUpdate.map(({ disk, datastore: target }) => {
        const key = diskKey(disk);
        if (key === undefined) {
            throw new ValidationError(`disks-to-update: the source has no disk '${disk}': a disk's id is a number.`);
        }
        return { key, datastore: target };
    });
    const spec = { ...common, ...(disksToUpdate.length === 0 ? {} : { disksToUpdate }) };
    const how = source.isTemplate === true ? 'full, from a template' : 'full';
    return {
        folder,
        sourceAddresses: [],
        request: toRequest({ method: clone/* viFullClone */.wG, spec, powersOn: false, how }),
    };
}
/** All addresses that the source's guest reports, where an address of the clone is waited for; undefined: it stands still. */
async function addressesOf({ session, inputs, limits }, { id, name, isFrozen }) {
    if (!inputs.waitForIp && inputs.waitForPort.length === 0) {
        return [];
    }
    const interfaces = await listGuestInterfaces(session, id, limits);
    if (interfaces === 'tools-not-running' && isFrozen) {
        return undefined;
    }
    if (interfaces === 'tools-not-running') {
        throw new ValidationError(`source: VMware Tools do not run in '${name}' (${id}), so it cannot be told which addresses are the clone's and which its own: try again when they run.`);
    }
    const listed = interfaces.flatMap(({ addresses }) => addresses);
    return listed.flatMap(({ address }) => (0,network/* parseAddress */.or)(address)?.text ?? []);
}
/** Leaves out what is not set. */
function optional(fields) {
    return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
function checkSource({ id, name, isTemplate, powerState, missing }, cloneType) {
    const source = `'${name}' (${id})`;
    if (isTemplate === undefined && missing.size === 0) {
        throw new ValidationError(`source: vCenter cannot read the configuration of ${source}: it is inaccessible. Its events in vCenter say why.`);
    }
    if (cloneType === 'instant' && isTemplate === true) {
        throw new ValidationError("source: an instant clone needs a VM that runs, and this is a template: leave 'clone-type' out.");
    }
    if (cloneType === 'instant' && powerState !== undefined && powerState !== 'poweredOn') {
        throw new ValidationError(`source: an instant clone needs a VM that runs, and ${source} is ${powerState === 'suspended' ? 'suspended' : 'powered off'}: power it on.`);
    }
}
/** A template is in no pool, so one has to be named; a VM hands its own on. */
async function poolOf({ session, placement, limits }, { isTemplate }) {
    const { resourcePool, cluster, host } = placement;
    if (resourcePool !== undefined) {
        // The request names the pool alone, so vCenter would not see that they disagree.
        if (cluster !== undefined && !(await isPoolOfCluster(session, { resourcePool, cluster }, limits))) {
            throw new ValidationError(`resource-pool: vCenter lists no ResourcePool '${resourcePool}' in ${cluster}, which 'cluster' names.`);
        }
        return resourcePool;
    }
    if (cluster === undefined && host === undefined) {
        if (isTemplate === true) {
            throw new ValidationError("source: it is a template, which is in no resource pool: set 'resource-pool', 'cluster' or 'host'.");
        }
        return undefined;
    }
    const owner = cluster === undefined ? { host: host ?? '' } : { cluster };
    const pool = await findRootPool(session, owner, limits);
    if (pool === undefined) {
        const input = cluster === undefined ? 'host' : 'cluster';
        throw new ValidationError(`${input}: vCenter shows no resource pool of ${cluster ?? host}: it is not there, or the account may not see it. 'resource-pool' can be given instead.`);
    }
    return pool;
}
function snapshotOf(source, name) {
    const choice = chooseSnapshot(source, name);
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
        const disk = disks.find(({ key }) => key === diskKey(id));
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
    const [placement, vmsBefore] = await sideBySide({
        signal: limits.signal,
        start: (signal) => [
            resolvePlacement(session, { ...inputs, inputNames: github_inputs/* placementInputs */.xC }, { ...limits, signal }),
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
    const viRequest = needsViJson ? await viaViJson(limits) : undefined;
    if (viRequest === undefined && (guestinfo !== undefined || inputs.notes !== undefined)) {
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
            const source = await readSourceVm(session, { id: (0,text_reference/* bareId */.yW)(placement.source) }, within);
            return source?.isTemplate === true ? prepared(await viaViJson(within)) : undefined;
        };
        const sourceAddresses = vi === undefined ? [] : vi.sourceAddresses;
        const isSourceRead = vi !== undefined;
        return { plan: plan(vi), request, isSourceRead, forTemplate, spec, settings, sourceAddresses, existing };
    };
    return prepared(viRequest);
}
const MARK_LENGTH = 16;
function drawMark(random) {
    const draw = () => Math.floor(random() * 36).toString(36);
    return Array.from({ length: MARK_LENGTH }, draw).join('');
}
/** @throws ValidationError for what a server without VI/JSON cannot set. */
async function expectViJson({ session, inputs, limits, }) {
    if ((await session.viJson(limits)) === undefined) {
        const { notes, guestinfo } = inputs;
        const given = [
            ...(notes === undefined ? [] : ['notes']),
            ...(Object.keys(guestinfo).length === 0 ? [] : ['guestinfo']),
        ];
        const lines = given.map((input) => `${input}: needs vCenter 8.0 U1 or later; this server has no VI/JSON.`);
        throw new ValidationError(lines.join('\n'));
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
/**
 * An instant clone of a frozen source of which vCenter tells no address: it has the source's until its guest takes another,
 * and VMware Tools report that up to 30 s later.
 */
const MAY_BE_OF_SOURCE = { hold: 60_000, holdAfterRestart: 60_000, mayBeOfSource: true };
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
/** When an address counts that was seen, and why not at once, as a clause. */
function whenItCounts(rule, history) {
    const hold = (0,duration/* formatDuration */.a)(holdTime(rule, history));
    if (rule.mayBeOfSource) {
        return `it may be the source's, and counts only once it has held for ${hold}`;
    }
    const counts = 'with a customization it counts only';
    if (rule.customizedAt !== undefined) {
        return `${counts} after the restart that ends the customization, or ${hold} after its end without one`;
    }
    return rule.hold === rule.holdAfterRestart || history.tools === 'are back'
        ? `${counts} once it has held for ${hold}`
        : `${counts} after the restart of the customization, or once it has held for ${hold}`;
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
        ? `To examine such a VM, ${waitForLess}, with 'teardown: never': then the step succeeds, and the VM stays until it is torn down.`
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





const watch_vm_FIRST_PAUSE = 1_000;
const watch_vm_LONGEST_PAUSE = 5_000;
const GROWTH = 1.5;
const watch_vm_JITTER = 0.1;
/** Power is polled with the first and with each so many-th poll, and with all while the VM is off. */
const POWER_EVERY = 5;
/** vCenter powers a clone on in a task of its own, behind DRS or a queue. */
const LONGEST_OFF = 30_000;
const watch_vm_REPORT_EVERY = 30_000;
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
    let pause = watch_vm_FIRST_PAUSE / GROWTH;
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
            if (line !== reported.line || now - reported.at >= watch_vm_REPORT_EVERY) {
                reported = { line, at: now };
                const elapsed = now - startedAt;
                report(elapsed < watch_vm_FIRST_PAUSE ? line : `${line} (${(0,duration/* formatDuration */.a)(elapsed)})`);
            }
            const isChangeNear = poll.kind === 'off' || step.isChangeNear === true;
            pause = isChangeNear ? watch_vm_FIRST_PAUSE : Math.min(watch_vm_LONGEST_PAUSE, pause * GROWTH);
            await clock.sleep(pause * (1 + (2 * random() - 1) * watch_vm_JITTER), signal);
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

;// CONCATENATED MODULE: ./build/actions/clone/no-open-port.js




/** On no address of the guest did all ports accept a connection in the time given. */
class NoOpenPortError extends described_error/* DescribedError */.C {
    name = 'NoOpenPortError';
    title = 'No open port';
    text;
    constructor({ vm, ports, probed, polls, cause, ...advice }) {
        super(`no open port of ${vm} within ${cause.limit} ms`, { cause });
        const limit = `${(0,duration/* formatDuration */.a)(cause.limit)} ('port-timeout')`;
        this.text = (0,described_error/* joinLines */.c)(`No address of ${vm} accepts connections on ${ports.length === 1 ? '' : 'all of the '}${namePorts(ports)} after ${limit}.`, ...whatToDo(probed), describeLastError(polls, cause), howToKeep(advice));
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
    const byState = [...Map.groupBy(inOrder, ([, state]) => state)].map(([state, pairs]) => `${state}: ${listPorts(pairs.map(([port]) => port)).join(', ')}`);
    return `${address} (${byState.length === 0 ? 'not tried' : byState.join('; ')})`;
}
/** `port 22`, `ports 22, 80 and 8080` */
function namePorts(ports) {
    const listed = listPorts(ports);
    const last = listed.slice(-1);
    const before = listed.slice(0, -1).join(', ');
    return before === '' ? `port ${last}` : `ports ${before} and ${last}`;
}
/** Ports as a list of a bearable length. */
function listPorts(ports) {
    const more = ports.length - MOST_PORTS;
    return [...ports.slice(0, MOST_PORTS).map(String), ...(more > 0 ? [`${more} more`] : [])];
}
function whatToDo(probed) {
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

/** Why an address is refused that another filter would not refuse. */
const BY_FILTER = [
    'not on a NIC of the VM',
    'not IPv4',
    'not IPv6',
    'outside the given networks',
];
const OF_SOURCE = "the source's";
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
        return OF_SOURCE;
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
        this.text = (0,described_error/* joinLines */.c)(`${vm} has reported no usable address within ${(0,duration/* formatDuration */.a)(cause.limit)} ('ip-timeout').`, ...no_address_whatToDo(seen, rule), ...hints, describeLastError(seen, cause), howToKeep(advice));
    }
}
function no_address_whatToDo(seen, rule) {
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
                : `${best.address} was seen, but ${whenItCounts(rule, seen)}: give it more time with 'ip-timeout'.`,
        ];
    }
    if (tools === 'are away') {
        return [
            'VMware Tools ran, but did not come back after a restart of the guest: does it boot in this time?',
        ];
    }
    if (refused.length === 0) {
        return [`VMware Tools run, but the guest has no address: ${NO_DHCP}`];
    }
    const isAny = (reasons) => refused.some(({ why }) => reasons.includes(why));
    return [
        `What it reported is not usable: ${describeRefused(refused)}.`,
        ...(isAny(BY_FILTER)
            ? ["If one of them is the right one, let it in with 'ip-family' or 'ip-cidr'."]
            : []),
        ...(isAny([OF_SOURCE])
            ? ["An instant clone begins with its source's addresses: something in its guest has to give it others."]
            : []),
        ...(isAny([...BY_FILTER, OF_SOURCE]) ? [] : [`The guest has no other address: ${NO_DHCP}`]),
    ];
}
const NO_DHCP = 'is its NIC connected, to the right network, and does DHCP respond there?';
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
            : `The guest reports ${usable[0]}; ${whenItCounts(rule, history)}.`;
    }
    return refused.length === 0
        ? 'The guest reports no address yet.'
        : `The guest reports no usable address yet, only ${describeRefused(refused)}.`;
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
                report(`${address} accepts connections on ${namePorts(ports)}, after ${took}.`);
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
    const what = ports.length === 1 ? `Port ${ports[0]} accepts no connection` : 'Not all ports accept connections';
    return `${what} yet: ${describeProbed(probed)}.`;
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
    const work = sideBySide({
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
    const { vm, created, sourceAddresses } = options;
    const { core } = runtime;
    (0,github_outputs/* setOutputs */.n0)(core, { 'vm-id': vm.vm, created: String(created), 'power-state': vm.powerState });
    const customization = created && inputs.powerOn ? customizationOf(inputs) : undefined;
    const uncustomized = sourceAddresses === undefined ? MAY_BE_OF_SOURCE : TWO_POLLS;
    const rule = customization === undefined ? uncustomized : await waitForRule(run, { ...options, customization });
    if (!needsAddress(inputs)) {
        return [];
    }
    const { address, addresses } = await waitForAddress(run, { ...options, rule });
    (0,github_outputs/* setOutputs */.n0)(core, { 'ip-address': address, 'ip-addresses': JSON.stringify(addresses) });
    return addresses;
}
/** How the inputs have the guest customized; undefined where they do not. */
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
    const { sourceAddresses: excluded = [] } = options;
    const common = { ...waitOptions(run, options), family, networks, excluded };
    const vm = (0,delete_vm/* describeVm */.r)(options.vm);
    stopwatch.begin('ip');
    report.info(`Waiting up to ${(0,duration/* formatDuration */.a)(ipTimeout)} for an address of ${vm}.`);
    const found = await (0,deadline/* withDeadline */.NE)({ clock, what: 'The wait for an address', limit: ipTimeout, signal }, (deadline) => waitForIp({ ...common, signal: deadline, rule, hints: () => addressHints(run, options) }));
    if (ports.length === 0) {
        return found;
    }
    stopwatch.begin('port');
    report.info(`Waiting up to ${(0,duration/* formatDuration */.a)(portTimeout)} for ${namePorts(ports)} of ${vm}.`);
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

;// CONCATENATED MODULE: ./build/github/clone-summary.js



/** The phases of a clone run in their order, and their titles. */
const PHASES = [
    { phase: 'connect', title: 'Log in' },
    { phase: 'resolve', title: 'Look up and check' },
    { phase: 'replace', title: 'Replace' },
    { phase: 'request', title: 'Request the clone' },
    { phase: 'clone', title: 'Clone' },
    { phase: 'configure', title: 'Configure' },
    { phase: 'power', title: 'Power on' },
    { phase: 'customization', title: 'Customize the guest' },
    { phase: 'ip', title: 'Wait for the address' },
    { phase: 'port', title: 'Wait for the ports' },
];
/** The fields of a ClonePlacementSpec, and their titles. */
const PLACEMENT = [
    { field: 'folder', title: 'folder' },
    { field: 'resource_pool', title: 'resource pool' },
    { field: 'cluster', title: 'cluster' },
    { field: 'host', title: 'host' },
    { field: 'datastore', title: 'datastore' },
];
/** The VM, and what becomes of it. */
function cloneSummary(clone) {
    return (0,summary/* document */.Al)(`### ${clone.created ? 'Cloned' : 'Reused'} ${(0,markdown/* code */.aY)(clone.name)}`, (0,markdown/* table */.tp)({
        head: ['VM', `${(0,markdown/* code */.aY)(clone.name)}, ${(0,markdown/* code */.aY)(clone.id)}`],
        rows: [
            ...(clone.created
                ? [
                    ['Source', clone_summary_objectText(clone.source)],
                    ['Clone', (0,markdown/* prose */.CS)(clone.how)],
                    ['Placement', placementText(clone.placement)],
                    ...hardwareRows(clone.hardware),
                    ...guestRows(clone.guest),
                ]
                : []),
            ...(clone.replaced === undefined
                ? []
                : [['Replaced', `${(0,markdown/* code */.aY)(clone.replaced.name)}, ${(0,markdown/* code */.aY)(clone.replaced.id)}, which is deleted`]]),
            ['Power', (0,markdown/* code */.aY)(clone.powerState)],
            ...(clone.addresses.length === 0 ? [] : [['Address', addressText(clone.addresses)]]),
            ['What becomes of it', fate(clone)],
        ],
    }), timeTable(clone.timings));
}
function hardwareRows({ cpuCount, memory, networks, tags }) {
    return [
        ...(cpuCount === undefined ? [] : [['CPUs', String(cpuCount)]]),
        ...(memory === undefined ? [] : [['Memory', `${memory} MiB`]]),
        ...networks.map(({ adapter, network }) => [
            'Network',
            `${(0,markdown/* code */.aY)(adapter)}: ${(0,markdown/* code */.aY)(network.name)} (${(0,markdown/* code */.aY)(network.id)})`,
        ]),
        ...(tags.length === 0 ? [] : [['Tags', tags.map(markdown/* code */.aY).join(', ')]]),
    ];
}
function guestRows({ customization, guestinfo }) {
    return [
        ...(customization === undefined ? [] : [['Customization', (0,markdown/* code */.aY)(customization)]]),
        ...(guestinfo.length === 0 ? [] : [['guestinfo', guestinfo.map(markdown/* code */.aY).join(', ')]]),
    ];
}
function placementText(placement) {
    const parts = PLACEMENT.flatMap(({ field, title }) => {
        const object = placement[field];
        return object === undefined ? [] : [`${title} ${clone_summary_objectText(object)}`];
    });
    return parts.length === 0 ? "the source's" : `${parts.join(', ')}; otherwise the source's`;
}
function clone_summary_objectText({ id, asked }) {
    return asked === undefined ? (0,markdown/* code */.aY)(id) : `${(0,markdown/* code */.aY)(asked)} (${(0,markdown/* code */.aY)(id)})`;
}
const clone_summary_MOST_ADDRESSES = 8;
function addressText(addresses) {
    const shown = addresses.slice(0, clone_summary_MOST_ADDRESSES).map(markdown/* code */.aY);
    const more = addresses.length - shown.length;
    return [...shown, ...(more > 0 ? [`${more} more`] : [])].join(', ');
}
function fate({ created, teardown }) {
    if (!created) {
        return 'It was there before this run, which does not delete it.';
    }
    switch (teardown) {
        case 'never':
            return 'It stays until it is deleted (`teardown: never`); the teardown action does that with the output `vm-id`.';
        case 'on-failure':
            return 'It is deleted at the end of the job unless the job succeeds (`teardown: on-failure`).';
        case 'always':
            return 'It is deleted at the end of the job (`teardown: always`).';
    }
}
const BAR = 20;
function timeTable(timings) {
    const phases = PHASES.flatMap(({ phase, title }) => {
        const ms = timings[phase];
        return ms === undefined ? [] : [{ title, ms }];
    });
    if (phases.length === 0) {
        return '';
    }
    const bars = barLengths(phases.map(({ ms }) => ms));
    const total = timings.total ?? phases.reduce((before, { ms }) => before + ms, 0);
    return (0,markdown/* table */.tp)({
        head: ['Phase', 'Time', 'Share'],
        rows: [
            ...phases.map(({ title, ms }, index) => [title, (0,duration/* formatDuration */.a)(ms), bar(bars[index] ?? 0)]),
            ['**Total**', `**${(0,duration/* formatDuration */.a)(total)}**`, ''],
        ],
    });
}
/** Blocks for each time, {@link BAR} in all: what rounding down leaves over goes to the largest remainders. */
function barLengths(times) {
    const sum = times.reduce((before, time) => before + time, 0);
    const exact = times.map((time) => (sum === 0 ? 0 : (time / sum) * BAR));
    const lengths = exact.map(Math.floor);
    const left = sum === 0 ? 0 : BAR - lengths.reduce((before, length) => before + length, 0);
    const remainders = exact
        .map((length, index) => ({ index, remainder: length - Math.floor(length) }))
        .sort((one, other) => other.remainder - one.remainder);
    for (const { index } of remainders.slice(0, left)) {
        lengths[index] = (lengths[index] ?? 0) + 1;
    }
    return lengths;
}
function bar(length) {
    return `\`${'█'.repeat(length)}${'░'.repeat(BAR - length)}\``;
}
/** What would have been cloned. */
function validationSummary(validation) {
    const { name, cloneSpec, checked, unchecked, existing } = validation;
    return (0,summary/* document */.Al)(`### Checked ${(0,markdown/* code */.aY)(name)}, cloned nothing`, 'This is what would be sent without `validate-only: true`:', (0,markdown/* codeBlock */.DV)(cloneSpec, 'json'), existing === undefined ? '' : existingText(existing), `Checked: ${checked.map(markdown/* prose */.CS).join(', ')}.`, `Not checked: ${unchecked.map(markdown/* prose */.CS).join(', ')}.`);
}
function existingText({ id, ifExists }) {
    return ifExists === 'reuse'
        ? `A VM of that name exists: ${(0,markdown/* code */.aY)(id)} would be reused as it is (\`if-exists: reuse\`), and nothing be sent.`
        : `A VM of that name exists: ${(0,markdown/* code */.aY)(id)} would be deleted first (\`if-exists: replace\`).`;
}

;// CONCATENATED MODULE: ./build/actions/clone/report.js





/** Tells, in the log, which VM the steps that follow get. */
function announceClone({ report, vm, addresses, timings, }) {
    const [address] = addresses;
    const at = address === undefined ? '' : ` at ${address}`;
    const took = (0,duration/* formatDuration */.a)(timings.total ?? 0);
    report.info(`Ready: ${(0,delete_vm/* describeVm */.r)(vm)}${at}, ${vm.powerState}, after ${took}.`);
}
/** Tells, in the summary, which VM the steps that follow get, and what will become of it. */
async function summarizeClone(options) {
    const { report, inputs, spec, how, settings, vm, created, replaced, addresses, timings } = options;
    const kind = customizationOf(inputs);
    await report.summary(cloneSummary({
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
        guest: {
            customization: kind === 'stored' ? inputs.guestCustomizationSpec : kind,
            guestinfo: Object.keys(inputs.guestinfo),
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
async function reportValidation({ report, inputs, name, request, existing, validation, }) {
    const { ifExists } = inputs;
    const cloneSpec = JSON.stringify(request.describe(), undefined, 2);
    const { checked, unchecked } = validation;
    report.info("'validate-only' is on: what could be checked is in order, and nothing is cloned.");
    report.info(`Checked: ${checked.join(', ')}.`);
    report.info(`Not checked: ${unchecked.join(', ')}.`);
    await report.summary(validationSummary({
        name,
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
    const isTheSource = existing !== undefined && isSource(plan, existing.vm);
    if (existing !== undefined && (inputs.ifExists === 'fail' || isTheSource)) {
        throw new NameTaken({ vmName: name, vm: existing.vm, isSource: isTheSource });
    }
    // With 'if-exists: reuse' it was not known before whether there is a VM, which may be on.
    const powerProblems = existing === undefined ? (0,github_inputs/* checkPower */.Gu)({ ...inputs, ifExists: 'fail' }) : [];
    if (powerProblems.length > 0) {
        throw new github_inputs/* InputsError */.aV(powerProblems);
    }
    if (inputs.validateOnly) {
        const validation = await validateClone({ ...prepared, session, inputs, limits });
        (0,github_outputs/* setOutputs */.n0)(core, { timings: JSON.stringify(stopwatch.read()) });
        await reportValidation({ ...prepared, report, inputs, name, validation });
        return;
    }
    // Not before it is known that the name is not another's: a teardown may go by it.
    (0,github_outputs/* setOutputs */.n0)(core, { 'vm-name': name });
    if (existing !== undefined && inputs.ifExists === 'reuse') {
        report.info(`'${name}' (${existing.vm}) exists and is reused as it is.`);
        warnOfSettings(run, existing);
        const addresses = await waitUntilReady(run, {
            vm: existing,
            settings,
            sourceAddresses: [],
            created: false,
        });
        await in_session_publish(run, { spec, how: '', settings, vm: existing, created: false, addresses });
        return;
    }
    if (existing !== undefined) {
        await replace(run, { existing, folder: plan.folder });
    }
    const journal = (0,recovery_journal/* createJournal */.s9)(core, { phase: 'planned', plan });
    const progress = { operation: undefined, task: undefined, last: undefined };
    try {
        journal.enter({ phase: 'planned', plan });
        const made = await makeVm(run, { prepared, journal, progress });
        const { vm } = made;
        const { request, settings, sourceAddresses } = made.prepared;
        if (request !== prepared.request) {
            showRequest(run, made.prepared);
        }
        await configure(run, { vm, settings });
        const on = inputs.powerOn ? await powerOn(run, { vm, isRequested: request.powersOn }) : vm;
        const addresses = await waitUntilReady(run, { vm: on, settings, sourceAddresses, created: true });
        const replaced = existing && { id: existing.vm, name: existing.name };
        const { how } = request;
        await in_session_publish(run, { spec, how, settings, vm: on, created: true, replaced, addresses }, () => {
            journal.enter({ phase: 'returned', plan: made.prepared.plan, vm: vm.vm });
        });
    }
    catch (cause) {
        if (!plan.isNameGenerated && isNameTakenBy(cause)) {
            (0,github_outputs/* tryOutput */.tZ)(core, 'vm-name', '');
        }
        const { state } = journal;
        const isVisible = await isNameVisible(run, { plan, cause });
        const cleanup = await clean_up_cleanUp(run, { journal, cause });
        const { operation, task, last } = progress;
        throw new CloneFailed({
            vmName: plan.name,
            state,
            taskId: task,
            progress: last,
            cleanup,
            facts: { operation, objects: requestedObjects({ inputs, spec }), ifExists: inputs.ifExists, isVisible },
            cause,
        });
    }
}
function showRequest({ runtime, report }, { plan, request }) {
    const shown = request.describe();
    (0,github_outputs/* setOutputs */.n0)(runtime.core, { 'clone-spec': JSON.stringify(shown) });
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
async function in_session_publish({ runtime, inputs, report, stopwatch, signal }, result, onReturned = () => undefined) {
    const { core, clock } = runtime;
    const timings = stopwatch.read();
    (0,github_outputs/* setOutputs */.n0)(core, { timings: JSON.stringify(timings) });
    announceClone({ ...result, report, timings });
    // A log that nobody reads any more shows only now: nobody would use the VM.
    await clock.sleep(0);
    signal.throwIfAborted();
    onReturned();
    await summarizeClone({ ...result, report, inputs, timings });
}

// EXTERNAL MODULE: ./build/vcenter/cis-tasks.js
var cis_tasks = __webpack_require__(8922);
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
const find_vm_DESCRIBE_RETRY = 20_000;
const find_vm_POLL = 1_000;
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
    const made = task?.status === 'SUCCEEDED' && task.resultVm !== undefined ? (0,text_reference/* bareId */.yW)(task.resultVm) : undefined;
    if (made !== undefined && vmId !== undefined && made !== (0,text_reference/* bareId */.yW)(vmId)) {
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
        vm = await (0,vcenter_vm/* findVm */.FJ)(session, id, { ...limits, retryTimeout: find_vm_DESCRIBE_RETRY });
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
    if (isNameTaken(task?.failure) && !isOwnName) {
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
        : isCancelled(task.failure)
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
        if (vm !== undefined || clock.now() - startedAt >= LISTING_LAG) {
            return vm;
        }
        await clock.sleep(find_vm_POLL, options.limits.signal);
    }
}
async function findByName({ session, inputs, limits }) {
    const { vmName: name } = inputs;
    // Without a name the list would be of every VM that there is.
    if (name === undefined) {
        return undefined;
    }
    const { folder, datacenter } = await resolveLocation(session, {
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
    if (first === undefined || hasEnded(first)) {
        return first;
    }
    await requestCancel({ session, taskKinds: clone_method/* TASK_KINDS */.Eb, report, signal }, { kind: tasks.kind, id: task });
    return pollTask({ session, tasks, task, clock, random, report, signal });
}

;// CONCATENATED MODULE: ./build/after-login.js
// What steps do once they have logged in. It is loaded then, as one: the start does not pay for it, and dist/ holds nothing twice.






/***/ })

};
