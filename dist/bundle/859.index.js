export const id = 859;
export const ids = [859];
export const modules = {

/***/ 9034:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   BK: () => (/* binding */ exactlyOne),
/* harmony export */   Yw: () => (/* binding */ datacenterLabel),
/* harmony export */   cs: () => (/* binding */ notAPath),
/* harmony export */   j4: () => (/* binding */ asTyped),
/* harmony export */   mX: () => (/* binding */ notFound),
/* harmony export */   o3: () => (/* binding */ unknownDatacenter)
/* harmony export */ });
/* harmony import */ var _text_reference_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(3383);
/* harmony import */ var _escaped_name_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(8000);
/* harmony import */ var _near_match_js__WEBPACK_IMPORTED_MODULE_4__ = __webpack_require__(5033);
/* harmony import */ var _resolve_error_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(2448);
/* harmony import */ var _templates_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(5426);





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
            return (0,_escaped_name_js__WEBPACK_IMPORTED_MODULE_1__/* .unescapeName */ .E6)(reference.name);
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
        return new _resolve_error_js__WEBPACK_IMPORTED_MODULE_2__/* .ResolveError */ .JT([unknownDatacenter(datacenter, datacenters)]);
    }
    const objects = lists.flatMap((list) => list ?? []).map(_resolve_error_js__WEBPACK_IMPORTED_MODULE_2__/* .toCandidate */ .bl);
    const meant = named.reference.kind === 'name' ? objects.filter(({ id }) => id === (0,_text_reference_js__WEBPACK_IMPORTED_MODULE_0__/* .bareId */ .yW)(name)) : [];
    const near = meant.length > 0 ? meant : (0,_near_match_js__WEBPACK_IMPORTED_MODULE_4__/* .nearest */ .p)((0,_escaped_name_js__WEBPACK_IMPORTED_MODULE_1__/* .unescapeName */ .E6)(name), objects);
    const hints = meant.length > 0
        ? [`To give an id of this form, write 'id:${name}'.`]
        : [
            PERMISSIONS,
            named.type === 'VirtualMachine' ? await (0,_templates_js__WEBPACK_IMPORTED_MODULE_3__/* .templateHint */ .s6)(lookup, placeOf(query)) : undefined,
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
    return new _resolve_error_js__WEBPACK_IMPORTED_MODULE_2__/* .ResolveError */ .JT([problem]);
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
    return new _resolve_error_js__WEBPACK_IMPORTED_MODULE_2__/* .ResolveError */ .JT([
        {
            ...subjectOf(query),
            reason: 'several',
            ...scope,
            candidates: found.map((object) => {
                const where = places.filter(({ objects }) => objects.has(object.id)).map(placeText);
                return { ...(0,_resolve_error_js__WEBPACK_IMPORTED_MODULE_2__/* .toCandidate */ .bl)(object), ...(where.length === 0 ? {} : { where: where.join(', ') }) };
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
    const element = (0,_escaped_name_js__WEBPACK_IMPORTED_MODULE_1__/* .unescapeName */ .E6)(name);
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
    return `datacenter ${name === undefined ? datacenter : `'${(0,_escaped_name_js__WEBPACK_IMPORTED_MODULE_1__/* .unescapeName */ .E6)(name)}'`}`;
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
        available: all.length <= MOST_AVAILABLE ? all.map(_resolve_error_js__WEBPACK_IMPORTED_MODULE_2__/* .toCandidate */ .bl) : [],
        hint: PERMISSIONS,
    };
}
function placeText({ kind, name }) {
    return `${kind} '${(0,_escaped_name_js__WEBPACK_IMPORTED_MODULE_1__/* .unescapeName */ .E6)(name)}'`;
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
    return new _resolve_error_js__WEBPACK_IMPORTED_MODULE_2__/* .ResolveError */ .JT([
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


/***/ }),

/***/ 7641:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   h: () => (/* binding */ withInventoryLookup)
/* harmony export */ });
/* harmony import */ var _text_json_js__WEBPACK_IMPORTED_MODULE_4__ = __webpack_require__(5666);
/* harmony import */ var _transport_error_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(3668);
/* harmony import */ var _transport_unreadable_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(2739);
/* harmony import */ var _escaped_name_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(8000);
/* harmony import */ var _templates_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(5426);





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
        const query = { ...(names === undefined ? {} : { names: names.flatMap(_escaped_name_js__WEBPACK_IMPORTED_MODULE_2__/* .filterSpellings */ .mx) }), ...filter };
        const body = await ask({ operation, query }, retryTimeout);
        const rows = Array.isArray(body) ? body.map((row) => readRow(row, idField)) : [undefined];
        const objects = rows.filter((row) => row !== undefined);
        if (objects.length < rows.length) {
            throw (0,_transport_unreadable_js__WEBPACK_IMPORTED_MODULE_1__/* .unreadable */ .O)(session, operation, 'a list of inventory objects');
        }
        // A server that ignores a filter must not be able to pass for something else.
        const stored = names?.map(_escaped_name_js__WEBPACK_IMPORTED_MODULE_2__/* .escapeName */ .L$);
        return stored === undefined
            ? objects
            : objects.filter((object) => stored.includes((0,_escaped_name_js__WEBPACK_IMPORTED_MODULE_2__/* .escapeName */ .L$)(object.name)));
    };
    const templates = (0,_templates_js__WEBPACK_IMPORTED_MODULE_3__/* .createTemplateLookup */ .hO)(session, limits);
    const restDevices = async (vm) => {
        const operation = 'GET /api/vcenter/vm/{vm}';
        const body = await ask({ operation, path: { vm } });
        const [disks, nics] = (0,_text_json_js__WEBPACK_IMPORTED_MODULE_4__/* .isRecord */ .u4)(body) ? [body['disks'], body['nics']].map(readDevices) : [];
        if (disks === undefined || nics === undefined) {
            throw (0,_transport_unreadable_js__WEBPACK_IMPORTED_MODULE_1__/* .unreadable */ .O)(session, operation, 'a VM with its disks and network adapters');
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
                if (error instanceof _transport_error_js__WEBPACK_IMPORTED_MODULE_0__/* .VcenterError */ .Cn) {
                    return undefined;
                }
                throw error;
            }
        },
        async datacenterFolders(datacenter) {
            const operation = 'GET /api/vcenter/datacenter/{datacenter}';
            const body = await ask({ operation, path: { datacenter } });
            const [vm, host, datastore, network] = (0,_text_json_js__WEBPACK_IMPORTED_MODULE_4__/* .isRecord */ .u4)(body)
                ? ['vm_folder', 'host_folder', 'datastore_folder', 'network_folder'].map((key) => (0,_text_json_js__WEBPACK_IMPORTED_MODULE_4__/* .textOf */ .b6)(body[key]))
                : [];
            if (vm === undefined || host === undefined || datastore === undefined || network === undefined) {
                throw (0,_transport_unreadable_js__WEBPACK_IMPORTED_MODULE_1__/* .unreadable */ .O)(session, operation, 'a datacenter');
            }
            return { vm, host, datastore, network };
        },
        async rootPool(cluster) {
            const operation = 'GET /api/vcenter/cluster/{cluster}';
            const body = await ask({ operation, path: { cluster } });
            const pool = (0,_text_json_js__WEBPACK_IMPORTED_MODULE_4__/* .isRecord */ .u4)(body) ? (0,_text_json_js__WEBPACK_IMPORTED_MODULE_4__/* .textOf */ .b6)(body['resource_pool']) : undefined;
            if (pool === undefined) {
                throw (0,_transport_unreadable_js__WEBPACK_IMPORTED_MODULE_1__/* .unreadable */ .O)(session, operation, 'a cluster');
            }
            return pool;
        },
        async devices(vm) {
            if (templates.isFound(vm)) {
                return templates.devices(vm);
            }
            return restDevices(vm).catch(async (error) => {
                if ((0,_transport_error_js__WEBPACK_IMPORTED_MODULE_0__/* .isNotFound */ .c4)(error) && (await templates.findById(vm))) {
                    return templates.devices(vm);
                }
                throw error;
            });
        },
    };
}
function readRow(row, idField) {
    if (!(0,_text_json_js__WEBPACK_IMPORTED_MODULE_4__/* .isRecord */ .u4)(row)) {
        return undefined;
    }
    const id = (0,_text_json_js__WEBPACK_IMPORTED_MODULE_4__/* .textOf */ .b6)(row[idField]);
    const name = (0,_text_json_js__WEBPACK_IMPORTED_MODULE_4__/* .textOf */ .b6)(row['name']);
    const type = (0,_text_json_js__WEBPACK_IMPORTED_MODULE_4__/* .textOf */ .b6)(row['type']);
    return id === undefined || name === undefined
        ? undefined
        : { id, name, ...(type === undefined ? {} : { type }) };
}
function readDevices(devices) {
    return (0,_text_json_js__WEBPACK_IMPORTED_MODULE_4__/* .isRecord */ .u4)(devices)
        ? Object.entries(devices).map(([id, info]) => ({
            id,
            name: ((0,_text_json_js__WEBPACK_IMPORTED_MODULE_4__/* .isRecord */ .u4)(info) ? (0,_text_json_js__WEBPACK_IMPORTED_MODULE_4__/* .textOf */ .b6)(info['label']) : undefined) ?? id,
        }))
        : undefined;
}


/***/ }),

/***/ 5033:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   p: () => (/* binding */ nearest)
/* harmony export */ });
/* unused harmony export editDistance */
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


/***/ }),

/***/ 4859:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  Xd: () => (/* binding */ allOrProblems),
  XS: () => (/* binding */ asScope),
  NX: () => (/* binding */ findDatacenter),
  Z: () => (/* binding */ findObject),
  KC: () => (/* binding */ resolveLocation),
  ep: () => (/* binding */ resolvePlacement)
});

// EXTERNAL MODULE: ./build/vcenter/inventory/exactly-one.js
var exactly_one = __webpack_require__(9034);
// EXTERNAL MODULE: ./build/vcenter/inventory/lookup.js
var lookup = __webpack_require__(7641);
// EXTERNAL MODULE: ./build/vcenter/transport/error.js
var transport_error = __webpack_require__(3668);
// EXTERNAL MODULE: ./build/vcenter/inventory/escaped-name.js
var escaped_name = __webpack_require__(8000);
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
            const cluster = await (0,exactly_one/* exactlyOne */.BK)(lookup, { ...query, type: 'ClusterComputeResource', filter: inFolder }, clusters);
            return { ...forward(here, cluster.id), kind: 'cluster' };
        }
        if (hosts.length > 0) {
            const host = await (0,exactly_one/* exactlyOne */.BK)(lookup, { ...query, type: 'HostSystem', filter: standalone }, hosts);
            return { ...forward(here, host.id), kind: 'host' };
        }
        if (folders.length === 0) {
            throw await (0,exactly_one/* notFound */.mX)(lookup, [
                { ...query, type: 'ClusterComputeResource', filter: inFolder },
                { ...query, type: 'HostSystem', filter: standalone },
                { ...query, type: 'Folder', filter: below },
            ]);
        }
        here = forward(here, (await (0,exactly_one/* exactlyOne */.BK)(lookup, { ...query, type: 'Folder', filter: below }, folders)).id);
    }
    throw (0,exactly_one/* notAPath */.cs)(named, `From the root it is ${EXAMPLES[named.type]}.`);
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
        throw (0,exactly_one/* notAPath */.cs)(named, `From the root it is ${EXAMPLES.HostSystem}.`);
    }
    const filter = { clusters: [owner.id] };
    const found = await lookup.list('HostSystem', { name, ...filter });
    return (await (0,exactly_one/* exactlyOne */.BK)(lookup, { named, type: 'HostSystem', name, filter, ...scopeAt(owner) }, found)).id;
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
        const pool = await (0,exactly_one/* exactlyOne */.BK)(lookup, { named, type: 'ResourcePool', name, filter, ...scopeAt(here) }, found);
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
    return (await (0,exactly_one/* exactlyOne */.BK)(lookup, { named, type: 'ResourcePool', name: ROOT_POOL, filter, ...scopeAt(owner) }, found)).id;
}

// EXTERNAL MODULE: ./build/vcenter/inventory/resolve-error.js
var resolve_error = __webpack_require__(2448);
// EXTERNAL MODULE: ./build/vcenter/inventory/templates.js + 1 modules
var templates = __webpack_require__(5426);
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
        throw (0,exactly_one/* notAPath */.cs)(named, `From the root it is ${EXAMPLES[named.type]}.`);
    }
    for (const split of splits) {
        const path = segments.slice(0, split);
        const found = await findDatacenters(lookup, { path, absolute: true });
        if (found.length > 0) {
            const { id } = await (0,exactly_one/* exactlyOne */.BK)(lookup, datacenterQuery(named, path), found);
            await expectInside(lookup, named, id, await given);
            const folders = await foldersOf(lookup, id);
            return {
                id: folders[branch],
                ahead: segments.slice(split + 1),
                walked: `/${segments.slice(0, split + 1).join('/')}`,
            };
        }
    }
    throw await (0,exactly_one/* notFound */.mX)(lookup, [datacenterQuery(named, segments.slice(0, first))]);
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
        throw new resolve_error/* ResolveError */.JT([
            {
                input: named.input,
                type: named.type,
                asked: (0,exactly_one/* asTyped */.j4)(named.reference),
                reason: 'outside-datacenter',
                scope: await (0,exactly_one/* datacenterLabel */.Yw)(lookup, given),
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
    throw new resolve_error/* ResolveError */.JT([
        {
            input: named.input,
            type: named.type,
            asked: (0,exactly_one/* asTyped */.j4)(named.reference),
            reason: 'datacenter-needed',
            candidates: all.map(resolve_error/* toCandidate */.bl),
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
        throw new resolve_error/* ResolveError */.JT([(0,exactly_one/* unknownDatacenter */.o3)(datacenter, (await lookup.tryList('Datacenter', {})) ?? [])]);
    }
}
/** Walks folders to the end of the path. */
async function walkFolders(lookup, named, start, type) {
    let here = start;
    for (let [name] = here.ahead; name !== undefined; [name] = here.ahead) {
        const filter = { type, parent_folders: [here.id] };
        const found = await lookup.list('Folder', { name, ...filter });
        const folder = await (0,exactly_one/* exactlyOne */.BK)(lookup, { named, type: 'Folder', name, filter, ...scopeAt(here) }, found);
        here = forward(here, folder.id);
    }
    return here;
}
/** An object that stands in a folder: all but the last element of the path are folders. */
async function lastInFolder(lookup, named, start, folderType) {
    const name = start.ahead.at(-1);
    if (name === undefined) {
        throw (0,exactly_one/* notAPath */.cs)(named, `From the root it is ${EXAMPLES[named.type]}.`);
    }
    const folder = await walkFolders(lookup, named, { ...start, ahead: start.ahead.slice(0, -1) }, folderType);
    const filter = { folders: [folder.id] };
    const listed = await lookup.list(named.type, { name, ...filter });
    const found = await (0,templates/* orTemplates */.Nf)(lookup, {
        type: named.type,
        found: listed,
        place: { name, folder: folder.id },
    });
    return (await (0,exactly_one/* exactlyOne */.BK)(lookup, { named, type: named.type, name, filter, ...scopeAt(folder) }, found)).id;
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
        return (await (0,exactly_one/* exactlyOne */.BK)(lookup, query, found)).id;
    }
    const owners = await Promise.all([cluster.id, host.id]).catch((error) => {
        // The name at fault is the owner's, and is reported as such; which pool was meant cannot be said without it.
        throw error instanceof resolve_error/* ResolveError */.JT ? new resolve_error/* ResolveError */.JT([]) : error;
    });
    const [narrowerQuery, fewer] = await poolsOf(lookup, request, { cluster: owners[0], host: owners[1] });
    return (await (0,exactly_one/* exactlyOne */.BK)(lookup, narrowerQuery, fewer)).id;
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

// EXTERNAL MODULE: ./build/vcenter/inventory/near-match.js
var near_match = __webpack_require__(5033);
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
        throw new resolve_error/* ResolveError */.JT(problems);
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
        throw error instanceof resolve_error/* ResolveError */.JT ? new resolve_error/* ResolveError */.JT([]) : error;
    });
    try {
        return await lookup.devices(vm);
    }
    catch (error) {
        if (!(0,transport_error/* isNotFound */.c4)(error)) {
            throw error;
        }
        throw new resolve_error/* ResolveError */.JT([
            {
                input: 'source',
                type: 'VirtualMachine',
                asked: (0,exactly_one/* asTyped */.j4)(source),
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
    const near = (0,near_match/* nearest */.p)(asked, devices);
    return {
        input,
        type,
        asked,
        reason: 'none',
        scope: 'the source',
        candidates: [],
        near: [],
        available: [...near, ...devices.filter((each) => !near.includes(each))],
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
        if (network instanceof resolve_error/* ResolveError */.JT) {
            problems.push(...network.problems, ...(unreadAs === undefined ? [] : [unknownNic(unreadAs)]));
            return [];
        }
        return network === undefined ? [] : [{ nic, network, type: network.type ?? '' }];
    });
    if (problems.length > 0) {
        throw new resolve_error/* ResolveError */.JT(problems);
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
    return pair?.adapter ?? { kind: 'label', label: whole === undefined ? '' : (0,exactly_one/* asTyped */.j4)(whole) };
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
        return (0,exactly_one/* exactlyOne */.BK)(lookup, { named, type: 'Network', name, filter }, fitting);
    }
    const ids = reference.kind === 'id'
        ? all.flatMap((each) => (each.kind === 'id' ? [each.id] : []))
        : [await walkPath(lookup, { ...named, reference }, datacenter)];
    const rows = await lookup.list('Network', { networks: ids });
    const id = reference.kind === 'id' ? reference.id : ids[0];
    const fitting = rows.filter((row) => row.id === id);
    return (0,exactly_one/* exactlyOne */.BK)(lookup, { named, type: 'Network', name: id ?? '', filter: {} }, fitting);
}
async function problemsOr(result) {
    try {
        return await result;
    }
    catch (error) {
        if (error instanceof resolve_error/* ResolveError */.JT) {
            return error;
        }
        throw error;
    }
}

// EXTERNAL MODULE: ./build/text/json.js
var json = __webpack_require__(5666);
;// CONCATENATED MODULE: ./build/vcenter/inventory/tags.js




/** As many are listed where none is similar. */
const MOST_SHOWN = 8;
/**
 * Turns tags into ids, and checks that a VM can have them: GET /api/cis/tagging/tag/{tag_id} and category/{category_id}; for
 * names all categories and the tags of those that are named, since the API looks up none by name.
 *
 * @throws ResolveError with every tag at fault; VcenterError
 */
async function resolveTags(lookup, { tags, input }) {
    const found = await Promise.all(tags.map(async (reference) => {
        const result = reference.kind === 'id' ? await byId(lookup, reference) : await byName(lookup, reference);
        return { asked: asTyped(reference), ...result };
    }));
    const problems = [
        ...found.flatMap(({ asked, problem, category }) => {
            const isForVms = category?.isForVms ?? true;
            const unfit = isForVms ? problem : { reason: 'not-for-vms', scope: scopeOf(category) };
            return unfit === undefined ? [] : [{ ...newProblem(input), asked, ...unfit }];
        }),
        ...doubled(found).map((each) => ({ ...newProblem(input), ...each })),
    ];
    if (problems.length > 0) {
        throw new resolve_error/* ResolveError */.JT(problems);
    }
    return [
        ...new Map(found.flatMap(({ tag }) => (tag === undefined ? [] : [[tag.id, tag]]))).values(),
    ];
}
function newProblem(input) {
    return { input, type: 'Tag', candidates: [], near: [], available: [] };
}
function asTyped(reference) {
    return reference.kind === 'id' ? reference.id : `${reference.category}/${reference.tag}`;
}
function scopeOf(category) {
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
            problem: { reason: 'none', asked: tagName, scope: scopeOf(category), ...suggestions(tagName, all) },
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
        scope: scopeOf(category),
        candidates: [...tags.values()],
    }));
}
function suggestions(asked, objects) {
    const near = (0,near_match/* nearest */.p)(asked, objects);
    return { near, available: near.length === 0 && objects.length <= MOST_SHOWN ? objects : [] };
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
    return (0,lookup/* withInventoryLookup */.h)(session, limits, async (lookup) => {
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
    return (0,lookup/* withInventoryLookup */.h)(session, limits, async (lookup) => {
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
    return (await (0,exactly_one/* exactlyOne */.BK)(lookup, query, await findDatacenters(lookup, { path, absolute }))).id;
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
            const found = await (0,templates/* orTemplates */.Nf)(lookup, {
                type: named.type,
                found: listed,
                place: { name, datacenter },
            });
            return (await (0,exactly_one/* exactlyOne */.BK)(lookup, { named, type, name, filter }, found)).id;
        }
    }
}
/** With a datacenter that cannot be resolved the other names are still looked for, to report those that are nowhere. */
function asScope(datacenter) {
    const scope = datacenter.catch((error) => {
        if (error instanceof resolve_error/* ResolveError */.JT) {
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
        throw new resolve_error/* ResolveError */.JT(withoutConsequences(problems));
    }
    return Promise.all(results);
}
async function problemsOf(result) {
    try {
        await result;
        return [];
    }
    catch (error) {
        if (error instanceof resolve_error/* ResolveError */.JT) {
            return error.problems;
        }
        throw error;
    }
}
/** Each problem once. Where the datacenter is at fault, a name that is not clear may be clear in the right one. */
function withoutConsequences(problems) {
    const isDatacenterBad = problems.some(({ input }) => input === 'datacenter');
    const own = problems.filter(({ input, reason }) => !isDatacenterBad || input === 'datacenter' || reason === 'none');
    return [...new Map(own.map((problem) => [(0,resolve_error/* describeResolveProblem */.Nt)(problem), problem])).values()];
}


/***/ }),

/***/ 2448:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   JT: () => (/* binding */ ResolveError),
/* harmony export */   Nt: () => (/* binding */ describeResolveProblem),
/* harmony export */   bl: () => (/* binding */ toCandidate)
/* harmony export */ });
/* harmony import */ var _text_described_error_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(6662);
/* harmony import */ var _escaped_name_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(8000);


/** Names in the inputs that do not lead to exactly one object each: all that a run has, at once, one a line of the message. */
class ResolveError extends _text_described_error_js__WEBPACK_IMPORTED_MODULE_1__/* .DescribedError */ .C {
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
const MOST_SHOWN = 10;
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
    const shown = candidates.slice(0, MOST_SHOWN).map(show);
    if (candidates.length > MOST_SHOWN) {
        return `${shown.join(', ')} and ${candidates.length - MOST_SHOWN} more`;
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
    return { id, name: (0,_escaped_name_js__WEBPACK_IMPORTED_MODULE_0__/* .unescapeName */ .E6)(name), ...(path === undefined ? {} : { where: path }) };
}


/***/ }),

/***/ 5426:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  hO: () => (/* binding */ createTemplateLookup),
  Nf: () => (/* binding */ orTemplates),
  s6: () => (/* binding */ templateHint)
});

// EXTERNAL MODULE: ./build/vcenter/transport/error.js
var transport_error = __webpack_require__(3668);
// EXTERNAL MODULE: ./build/vcenter/transport/unreadable.js
var unreadable = __webpack_require__(2739);
// EXTERNAL MODULE: ./build/text/json.js
var json = __webpack_require__(5666);
// EXTERNAL MODULE: ./build/vcenter/inventory/escaped-name.js
var escaped_name = __webpack_require__(8000);
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

// EXTERNAL MODULE: ./build/vcenter/vi-json/vm.js
var vm = __webpack_require__(2260);
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
        const source = sources.get(id) ?? (0,vm/* readSourceVm */.j)(session, { id, withDevices: true }, limits);
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


/***/ }),

/***/ 5856:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   I: () => (/* binding */ chooseSnapshot),
/* harmony export */   y: () => (/* binding */ readSnapshots)
/* harmony export */ });
/* harmony import */ var _text_json_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(5666);
/* harmony import */ var _inventory_escaped_name_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(8000);
/* harmony import */ var _data_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(673);



/** Reads VirtualMachine.snapshot, which is not set where there is none. */
function readSnapshots(value) {
    const info = (0,_text_json_js__WEBPACK_IMPORTED_MODULE_2__/* .isRecord */ .u4)(value) ? value : {};
    const all = readTrees(info['rootSnapshotList']);
    const current = (0,_data_js__WEBPACK_IMPORTED_MODULE_1__/* .readReference */ .Wf)(info['currentSnapshot'])?.id;
    return { all, current: all.find(({ id }) => id === current) };
}
function readTrees(trees) {
    const found = [];
    // A chain may have hundreds: no recursion.
    const ahead = Array.isArray(trees) ? [...trees] : [];
    while (ahead.length > 0) {
        const tree = ahead.shift();
        if (!(0,_text_json_js__WEBPACK_IMPORTED_MODULE_2__/* .isRecord */ .u4)(tree)) {
            continue;
        }
        const id = (0,_data_js__WEBPACK_IMPORTED_MODULE_1__/* .readReference */ .Wf)(tree['snapshot'])?.id;
        if (id !== undefined) {
            const name = (0,_inventory_escaped_name_js__WEBPACK_IMPORTED_MODULE_0__/* .unescapeName */ .E6)((0,_text_json_js__WEBPACK_IMPORTED_MODULE_2__/* .textOf */ .b6)(tree['name']) ?? '');
            found.push({ id, name, createTime: (0,_text_json_js__WEBPACK_IMPORTED_MODULE_2__/* .textOf */ .b6)(tree['createTime']) });
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
        : all.filter((each) => (0,_inventory_escaped_name_js__WEBPACK_IMPORTED_MODULE_0__/* .escapeName */ .L$)(each.name) === (0,_inventory_escaped_name_js__WEBPACK_IMPORTED_MODULE_0__/* .escapeName */ .L$)(name));
    const [snapshot] = matches;
    if (snapshot === undefined) {
        return { outcome: 'none', candidates: all };
    }
    return matches.length > 1 ? { outcome: 'several', candidates: matches } : { outcome: 'found', snapshot };
}


/***/ }),

/***/ 2260:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   j: () => (/* binding */ readSourceVm),
/* harmony export */   n: () => (/* binding */ diskKey)
/* harmony export */ });
/* harmony import */ var _text_json_js__WEBPACK_IMPORTED_MODULE_5__ = __webpack_require__(5666);
/* harmony import */ var _inventory_escaped_name_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(8000);
/* harmony import */ var _transport_error_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(3668);
/* harmony import */ var _data_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(673);
/* harmony import */ var _properties_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(7256);
/* harmony import */ var _snapshots_js__WEBPACK_IMPORTED_MODULE_4__ = __webpack_require__(5856);






const PATHS = ['name', 'parent', 'resourcePool', 'config.template', 'runtime.powerState', 'snapshot'];
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
    const query = { paths: [{ type: vm.type, paths }], objects: (0,_properties_js__WEBPACK_IMPORTED_MODULE_3__/* .these */ .QT)(vm) };
    const found = await (0,_properties_js__WEBPACK_IMPORTED_MODULE_3__/* .retrieveProperties */ ._c)(session, query, limits).catch((error) => {
        if ((0,_transport_error_js__WEBPACK_IMPORTED_MODULE_1__/* .isNotFound */ .c4)(error)) {
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
        name: (0,_inventory_escaped_name_js__WEBPACK_IMPORTED_MODULE_0__/* .unescapeName */ .E6)((0,_text_json_js__WEBPACK_IMPORTED_MODULE_5__/* .textOf */ .b6)(values.get('name')) ?? id),
        isTemplate: typeof isTemplate === 'boolean' ? isTemplate : undefined,
        powerState: (0,_text_json_js__WEBPACK_IMPORTED_MODULE_5__/* .textOf */ .b6)(values.get('runtime.powerState')),
        folder: idOfType(values.get('parent'), 'Folder'),
        resourcePool: (0,_data_js__WEBPACK_IMPORTED_MODULE_2__/* .readReference */ .Wf)(values.get('resourcePool'))?.id,
        snapshots: (0,_snapshots_js__WEBPACK_IMPORTED_MODULE_4__/* .readSnapshots */ .y)(values.get('snapshot')),
        ...readDevices(values.get(DEVICES)),
        missing,
    };
}
function idOfType(value, type) {
    const object = (0,_data_js__WEBPACK_IMPORTED_MODULE_2__/* .readReference */ .Wf)(value);
    return object?.type === type ? object.id : undefined;
}
/** Of all devices only disks have a capacity, and only network adapters an address of their own. */
function readDevices(devices) {
    const disks = [];
    const nics = [];
    for (const device of (Array.isArray(devices) ? devices : []).filter(_text_json_js__WEBPACK_IMPORTED_MODULE_5__/* .isRecord */ .u4)) {
        const { key, capacityInKB, macAddress, deviceInfo } = device;
        if (typeof key === 'number') {
            const label = ((0,_text_json_js__WEBPACK_IMPORTED_MODULE_5__/* .isRecord */ .u4)(deviceInfo) ? (0,_text_json_js__WEBPACK_IMPORTED_MODULE_5__/* .textOf */ .b6)(deviceInfo['label']) : undefined) ?? String(key);
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


/***/ })

};
