import type { Behaviour } from './behaviour.ts';
import type { Inventory } from './inventory.ts';
import { message, type VapiError, vapiError } from './vapi-error.ts';

export interface Permissions {
  readonly allows: (privilege: string, object: string) => boolean;
  /** Throws UNAUTHORIZED, with a message that names the privilege and the object. */
  readonly demand: (privilege: string, object: string) => void;
}

export function createPermissions(options: {
  readonly behaviour: Behaviour;
  readonly inventory: Inventory;
}): Permissions {
  const { behaviour, inventory } = options;
  const allows = (privilege: string, object: string) =>
    !behaviour.deny.some(
      (denial) =>
        denial.privilege === privilege &&
        (denial.object === undefined || inventory.lineage(object).includes(denial.object)),
    );
  return {
    allows,
    demand: (privilege, object) => {
      if (allows(privilege, object)) return;
      throw unauthorized(privilege, object);
    },
  };
}

export function unauthorized(privilege: string, object: string): VapiError {
  return vapiError(
    'UNAUTHORIZED',
    message('com.vmware.vapi.std.errors.unauthorized', 'Unable to authorize user.'),
    message(
      'vmsg.NoPermission.summary',
      "Permission to perform this operation was denied. You do not hold privilege '{0}' on '{1}'.",
      [privilege, object],
    ),
  );
}
