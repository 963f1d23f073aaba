import { type Behaviour, defaultBehaviour } from './behaviour.ts';
import type { SimulatorClock } from './clock.ts';
import { CloneTasks } from './clone-tasks.ts';
import type { Inventory } from './inventory.ts';
import { createPermissions, type Permissions } from './permissions.ts';
import { type Seed, seedInventory } from './seed.ts';
import { Sessions } from './sessions.ts';
import { createViState, type ViState } from './vi-json/state.ts';

/** The whole state of a simulated vCenter. */
export interface World {
  readonly username: string;
  readonly behaviour: Behaviour;
  readonly inventory: Inventory;
  readonly permissions: Permissions;
  readonly sessions: Sessions;
  readonly tasks: CloneTasks;
  readonly viJson: ViState;
  readonly clock: SimulatorClock;
  /** What the server's clock showed at a moment of {@link clock}, as ISO-8601 text. */
  readonly serverTime: (at: number) => string;
  /** Brings everything that happens by itself to the present; returns the present. */
  readonly settle: () => number;
}

export function createWorld(options: {
  readonly username: string;
  readonly password: string;
  readonly seed: Seed;
  readonly behaviour: Partial<Behaviour>;
  readonly clock: SimulatorClock;
}): World {
  const { clock } = options;
  const behaviour = { ...defaultBehaviour(), ...options.behaviour };
  const inventory = seedInventory({ seed: options.seed, now: clock.now });
  const permissions = createPermissions({ behaviour, inventory });
  const sessions = new Sessions({ behaviour, username: options.username, password: options.password });
  const tasks = new CloneTasks({ behaviour, inventory, permissions });
  return {
    username: options.username,
    behaviour,
    inventory,
    permissions,
    sessions,
    tasks,
    viJson: createViState(),
    clock,
    serverTime: (at) => new Date(clock.wallClock(at) + behaviour.serverClockOffset).toISOString(),
    settle: () => {
      const now = clock.now();
      tasks.settle(now);
      for (const vm of inventory.vms.values()) {
        if (vm.guestDownAt === undefined || vm.guestDownAt > now) continue;
        vm.guestDownAt = undefined;
        if (vm.powerState !== 'POWERED_ON') continue;
        vm.powerState = 'POWERED_OFF';
        vm.cleanPowerOff = true;
      }
      return now;
    },
  };
}
