/** Another tool that clones VMs, and what one clone costs it. */
export interface Peer {
  readonly name: string;
  /** Calls of one clone, one after the other. */
  readonly requests: number;
  readonly source: string;
}

/**
 * The counts come from outside of this bench, which does not run these tools. The named file is where the requests are made.
 */
export const PEERS: readonly Peer[] = [
  { name: 'govc vm.clone', requests: 37, source: 'vmware/govmomi, govc/vm/clone.go' },
  { name: 'govc vm.clone, at the least', requests: 22, source: 'vmware/govmomi, govc/vm/clone.go' },
  {
    name: 'packer, until power-on',
    requests: 32,
    source: 'vmware/packer-plugin-vsphere, builder/vsphere/clone/step_clone.go',
  },
  {
    name: 'Terraform, about',
    requests: 65,
    source:
      'vmware/terraform-provider-vsphere, vsphere/internal/vmworkflow/virtual_machine_clone_subresource.go',
  },
];

/** How another tool waits for a task: the pauses between its polls, in milliseconds. */
export interface PeerWait {
  readonly name: string;
  readonly source: string;
  readonly pause: (poll: number, random: () => number) => number;
}

export const PEER_WAITS: readonly PeerWait[] = [
  {
    name: "govmomi's REST helper",
    source: 'vmware/govmomi, vapi/cis/tasks/tasks.go at 1fc92499: a poll every 10 s',
    pause: () => 10_000,
  },
  {
    name: 'Ansible vmware.vmware',
    source:
      'ansible-collections/vmware.vmware, plugins/module_utils/_vsphere_tasks.py at 522c374b: pauses of 1, 2, 4 ... 64 s, and up to 1 s more',
    pause: (poll, random) => Math.min(2 ** poll * 1_000 + random() * 1_000, 64_000),
  },
];

/** Milliseconds from the end of a task of this length to the poll that sees it. The first poll comes at once. */
export function peerNotice(
  { pause }: PeerWait,
  { duration, random }: { readonly duration: number; readonly random: () => number },
): number {
  let now = 0;
  for (let poll = 0; now < duration; poll += 1) {
    now += pause(poll, random);
  }
  return now - duration;
}
