import type { PortState } from './behaviour.ts';
import { interfacesOf, toolsRunning } from './guest.ts';
import type { World } from './world.ts';

/**
 * What a client meets that opens a TCP connection to an address of a guest. An address that no running guest has is silent;
 * of several guests that claim one, the one that was switched on last answers.
 */
export function probePort(
  world: World,
  options: { readonly address: string; readonly port: number },
): PortState {
  const { address, port } = options;
  const now = world.settle();
  const { behaviour, inventory } = world;
  const owners = [...inventory.vms.values()]
    .filter((vm) => vm.powerState === 'POWERED_ON' && vm.poweredOnAt !== undefined)
    .map((vm) => ({ vm, behaviour, now }))
    .filter((view) =>
      interfacesOf(view).some(({ ip }) => ip?.ip_addresses.some(({ ip_address }) => ip_address === address)),
    )
    .sort((a, b) => (a.vm.poweredOnAt ?? 0) - (b.vm.poweredOnAt ?? 0));
  const owner = owners.at(-1);
  if (!owner) return 'silent';
  return behaviour.ports({
    vm: owner.vm,
    address,
    port,
    uptime: now - (owner.vm.poweredOnAt ?? now),
    toolsRunning: toolsRunning(owner),
  });
}
