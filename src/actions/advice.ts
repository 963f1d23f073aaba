import { CertificateError, CertificateMismatch } from '../https/certificate-error.ts';
import { ConnectError } from '../https/connect-error.ts';
import { CLONE } from '../vcenter/clone-method.ts';
import {
  isLoginRefused,
  isSessionLimit,
  isUnknownUrl,
  type VcenterError,
} from '../vcenter/transport/error.ts';
import { CLONE_VM, INSTANT_CLONE } from '../vcenter/vi-json/clone.ts';
import { RECONFIGURE } from '../vcenter/vi-json/config-spec.ts';

const LIST_VMS = 'GET /api/vcenter/vm';

/** What notes and guestinfo need. */
export const RECONFIGURE_PRIVILEGES =
  'VirtualMachine.Config.Annotation for notes, and VirtualMachine.Config.AdvancedConfig for guestinfo, on the VM';

/** The privileges that an operation needs, and the objects that they sit on (vSphere Automation API, 7.0.3). */
const PRIVILEGES: Readonly<Record<string, string>> = {
  [CLONE]:
    'VirtualMachine.Provisioning.Clone on the source, VirtualMachine.Inventory.CreateFromExisting on the folder, ' +
    'Resource.AssignVMToPool on the resource pool, Datastore.AllocateSpace on each datastore; with a customization ' +
    'specification also VirtualMachine.Provisioning.Customize on the source and VirtualMachine.Provisioning.ReadCustSpecs ' +
    'on the vCenter; to power on VirtualMachine.Interact.PowerOn',
  [CLONE_VM]:
    'VirtualMachine.Provisioning.DeployTemplate on a template, or VirtualMachine.Provisioning.Clone on a VM, ' +
    'VirtualMachine.Inventory.CreateFromExisting on the folder, Resource.AssignVMToPool on the resource pool, ' +
    'Datastore.AllocateSpace on each datastore; for notes VirtualMachine.Config.Annotation, for guestinfo ' +
    'VirtualMachine.Config.AdvancedConfig, for disks-to-remove VirtualMachine.Config.RemoveDisk, on the folder',
  [INSTANT_CLONE]:
    'VirtualMachine.Provisioning.Clone and VirtualMachine.Inventory.CreateFromExisting on the source, ' +
    'VirtualMachine.Interact.PowerOn on the folder, Resource.AssignVMToPool on the resource pool, ' +
    'Datastore.AllocateSpace on the datastore; for guestinfo VirtualMachine.Config.AdvancedConfig on the folder',
  [RECONFIGURE]: RECONFIGURE_PRIVILEGES,
  'DELETE /api/vcenter/vm/{vm}': 'VirtualMachine.Inventory.Delete on the VM',
  'POST /api/vcenter/vm/{vm}/power?action=stop': 'VirtualMachine.Interact.PowerOff on the VM',
  'POST /api/vcenter/vm/{vm}/power?action=start': 'VirtualMachine.Interact.PowerOn on the VM',
  'PATCH /api/vcenter/vm/{vm}/hardware/cpu': 'VirtualMachine.Config.CPUCount on the VM',
  'PATCH /api/vcenter/vm/{vm}/hardware/memory': 'VirtualMachine.Config.Memory on the VM',
  'PATCH /api/vcenter/vm/{vm}/hardware/ethernet/{nic}':
    'VirtualMachine.Config.EditDevice on the VM and Network.Assign on the network',
  'PUT /api/vcenter/vm/{vm}/guest/customization': 'VirtualMachine.Provisioning.Customize on the VM',
  'POST /api/cis/tagging/tag-association?action=attach-multiple-tags-to-object':
    'InventoryService.Tagging.AttachTag on each tag and InventoryService.Tagging.ObjectAttachable on the VM or its folder',
  'POST /api/vcenter/vm/{vm}/guest/power?action=shutdown': 'VirtualMachine.Interact.PowerOff on the VM',
};

/** An object that a clone request names. */
export interface RequestedObject {
  /** The input that it comes from, in GitHub's spelling: `resource-pool`. */
  readonly input: string;
  /** Its id; a customization specification has only a name. */
  readonly id: string;
  /** What the user wrote, where that was not the id: it has been looked up a moment before, so it is there. */
  readonly asked?: string;
}

/** What is known of a clone that failed, besides the type of its error. */
export interface CloneFacts {
  /** The operation that asked for the clone; the REST API's where it is not known. */
  readonly operation?: string | undefined;
  /** vCenter's own words. */
  readonly messages?: readonly string[];
  readonly objects?: readonly RequestedObject[];
  readonly ifExists?: 'fail' | 'reuse' | 'replace';
  /** Whether the list of VMs shows one of that name in the folder; undefined where nobody has asked. */
  readonly isVisible?: boolean | undefined;
}

/** What the person who reads the error can do about it; undefined where vCenter's own words say it all. */
export function adviceFor(error: VcenterError, facts: CloneFacts = {}): string | undefined {
  if (error.cause instanceof CertificateError) {
    return certificateAdvice(error.cause);
  }
  if (isSessionLimit(error)) {
    return 'This user has too many sessions at vCenter. Sessions that nobody closed end by themselves after 30 to 120 minutes; use an account of its own for CI, and look for programs that do not log out.';
  }
  if (isLoginRefused(error)) {
    return "vCenter does not accept 'username' with 'password'. More tries could lock the account. The user name usually needs its domain: name@vsphere.local.";
  }
  if (error.status === 401) {
    return 'vCenter refused a session that it had opened a moment before; the account may have been disabled.';
  }
  if (isTooOld(error)) {
    return 'The server does not know this operation: the action needs vCenter 7.0 Update 2 or later.';
  }
  if (error.status === 403 || error.errorType === 'UNAUTHORIZED') {
    const privileges = PRIVILEGES[error.operation];
    return privileges === undefined
      ? 'The account lacks a privilege for this; the message tells which one, and on which object.'
      : `The account needs ${privileges}.`;
  }
  if (error.operation === LIST_VMS && error.errorType === 'UNABLE_TO_ALLOCATE_RESOURCE') {
    return 'vCenter lists at most 4,000 VMs of a folder: move some to another one.';
  }
  if (CLONES.includes(error.operation)) {
    return cloneAdvice(error.errorType, { messages: error.messages, ...facts }) ?? connectionAdvice(error);
  }
  return connectionAdvice(error);
}

/** Every request for a clone. */
const CLONES: readonly string[] = [CLONE, CLONE_VM, INSTANT_CLONE];

/** 7.0 U2 brought /api, and `vmw-task` with it (vmware.vmware_rest #148 shows the refusal of an older server). */
function isTooOld(error: VcenterError): boolean {
  return (
    isUnknownUrl(error) ||
    error.errorType === 'OPERATION_NOT_FOUND' ||
    (error.errorType === 'UNEXPECTED_INPUT' && error.messages.some((message) => message.includes('vmw-task')))
  );
}

/** vCenter cannot customize a guest whose Tools it has never seen. */
export const TOOLS_UNKNOWN =
  'If VMware Tools are not known to be in the VM: start the source once with VMware Tools (open-vm-tools) in it, and shut it down; vCenter learns of them only then.';

/** What lies behind a refused clone request, or a failed clone task, of this `error_type`. */
export function cloneAdvice(errorType: string | undefined, facts: CloneFacts = {}): string | undefined {
  switch (errorType) {
    case 'NOT_FOUND':
      return notFoundAdvice(facts);
    case 'ALREADY_EXISTS':
      return nameTakenAdvice(facts);
    case 'UNAUTHORIZED':
      return `The account needs ${PRIVILEGES[facts.operation ?? CLONE]}.`;
  }
  // Refused with the clone, and not by a type of its own: "Customization of the guest operating system ... is not supported".
  const { messages = [], objects = [] } = facts;
  const specification = objects.find(({ input }) => input === 'guest-customization-spec');
  if (specification !== undefined && messages.some((message) => /customiz/i.test(message))) {
    return `'guest-customization-spec' (${specification.id}) cannot be applied to this source. ${TOOLS_UNKNOWN}`;
  }
  switch (errorType) {
    case 'INVALID_ARGUMENT':
      return "Check that 'folder', 'resource-pool', 'cluster', 'host' and 'datastore' lie in one datacenter and belong together, that a cluster without DRS gets a 'host', and that no disk stands in both 'disks-to-remove' and 'disks-to-update'.";
    case 'UNABLE_TO_ALLOCATE_RESOURCE':
      return "The datastore or the resource pool has no room left: choose another 'datastore' or 'resource-pool'.";
    case 'RESOURCE_INACCESSIBLE':
      return "vCenter cannot reach a host or a datastore that the clone needs: its message or the task in vCenter says which. Choose another 'datastore' or 'host', or another source.";
    default:
      return undefined;
  }
}

const UNSEEN = 'Objects that the account may not see count as not found, too.';

function notFoundAdvice({ messages = [], objects = [] }: CloneFacts): string {
  const unknown = objects.filter(({ asked }) => asked === undefined);
  const named = objects.filter(({ id }) => messages.some((message) => isNamedIn(message, id)));
  const missing = named.length === 0 && unknown.length === 1 ? unknown : named;
  if (missing.length > 0) {
    return [...missing.map(missingText), UNSEEN].join(' ');
  }
  const candidates = (unknown.length === 0 ? objects : unknown).map(({ input, id }) => `'${input}' (${id})`);
  return candidates.length === 0
    ? `One of the objects that the request names is not there. ${UNSEEN}`
    : `One of the objects that the request names is not there: ${candidates.join(', ')}. ${UNSEEN}`;
}

function missingText({ input, id }: RequestedObject): string {
  switch (input) {
    case 'source':
      return `'source' (${id}) is not found. A template as source needs vCenter 8.0 U1 or later; on an older one, convert it to a VM, or clone it to one.`;
    case 'guest-customization-spec':
      return `vCenter has no customization specification '${id}': 'guest-customization-spec' takes its exact name.`;
    default:
      return `'${input}' (${id}) is not found.`;
  }
}

/** Whether a text names an id, and not a longer one that begins or ends like it. */
function isNamedIn(text: string, id: string): boolean {
  for (let at = text.indexOf(id); at >= 0; at = text.indexOf(id, at + id.length)) {
    const [before, after] = [text.charAt(at - 1), text.charAt(at + id.length)];
    if (![before, after].some((character) => /[\p{L}\p{N}_-]/u.test(character))) {
      return true;
    }
  }
  return false;
}

/** Advises `if-exists` only where it helps: it looks for a VM, which the name need not be that of. */
function nameTakenAdvice({ ifExists, isVisible }: CloneFacts): string {
  const other = "Choose another 'name', or leave it out: a generated one is never shared.";
  if (isVisible === false) {
    return `No VM that this API shows has the name in that folder: a template has it, or a clone that still runs. ${other}`;
  }
  if (ifExists === 'reuse' || ifExists === 'replace') {
    return `The name was taken while this step ran, by another clone or by what this API does not show, such as a template. ${other}`;
  }
  return isVisible
    ? `A VM in that folder bears the name. ${other} Or set 'if-exists' to 'reuse' or 'replace', together with 'folder'.`
    : `A VM, a template or a running clone in that folder bears the name. ${other} If it is a VM, 'if-exists' can be 'reuse' or 'replace', together with 'folder'.`;
}

const HOW_TO_TRUST =
  "Give the certificate of its CA in 'ca-certificate', or, once you have compared it with the server's own, this fingerprint in 'certificate-fingerprint'.";

function certificateAdvice(error: CertificateError): string {
  if (error instanceof CertificateMismatch) {
    return "Nothing was sent to it. If vCenter has a new certificate, compare the fingerprint with the server's own and correct 'certificate-fingerprint', or use 'ca-certificate', which outlives a renewal.";
  }
  switch (error.code) {
    case 'CERT_HAS_EXPIRED':
      return "Renew it. Until then 'certificate-fingerprint' accepts it as it is; if only the CA's has expired, give the new one in 'ca-certificate'.";
    case 'CERT_NOT_YET_VALID':
      return "Check the clocks. 'certificate-fingerprint' accepts it as it is; if only the CA's is not valid, give another one in 'ca-certificate'.";
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return "Use one of these names in 'vcenter-server', or pin this very certificate with 'certificate-fingerprint'; 'ca-certificate' alone does not help here.";
    default:
      return HOW_TO_TRUST;
  }
}

function connectionAdvice({ failure, code, server, cause }: VcenterError): string | undefined {
  if (cause instanceof ConnectError && cause.isProxy) {
    return "Check HTTPS_PROXY of the runner's environment; a proxy that asks for an account takes http://USER:PASSWORD@HOST:PORT there. Servers that NO_PROXY names are reached without it.";
  }
  if (failure === 'timeout') {
    return `${server} did not respond in time: is it overloaded, or does a firewall between the runner and vCenter drop packets?`;
  }
  switch (code) {
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return "The runner cannot resolve the name. Check 'vcenter-server'; GitHub's own runners do not see private networks, so a private vCenter needs a self-hosted runner.";
    case 'ERR_SSL_WRONG_VERSION_NUMBER':
    case 'ERR_SSL_PACKET_LENGTH_TOO_LONG':
    case 'ERR_SSL_HTTP_REQUEST':
      return "Check the port in 'vcenter-server'.";
    case 'ECONNREFUSED':
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
    case 'ETIMEDOUT':
      return "The runner cannot reach the server. Check 'vcenter-server' and its port; GitHub's own runners do not see private networks, so a private vCenter needs a self-hosted runner, or a proxy in HTTPS_PROXY.";
    default:
      return undefined;
  }
}
