import { ok } from '../operation.ts';
import { data } from './data.ts';
import { ViFault } from './fault.ts';
import type { ViDefinition } from './operation.ts';

/** CustomizationSpecManager.GetCustomizationSpec: a stored specification as a clone request takes it, for one adapter. */
export const getCustomizationSpec: ViDefinition = {
  parameters: { name: '*string' },
  handle: (world, { body }) => {
    const stored = world.inventory.customizationSpecs.get(String(body['name']));
    if (!stored) throw new ViFault({ name: 'NotFound', text: 'There is no such specification.' });
    world.permissions.demand('VirtualMachine.Provisioning.ReadCustSpecs', world.inventory.rootFolder);
    const isWindows = stored.osType === 'WINDOWS';
    const ip = data('CustomizationDhcpIpGenerator');
    return ok(
      data('CustomizationSpecItem', {
        info: data('CustomizationSpecInfo', {
          name: stored.name,
          description: stored.description,
          type: isWindows ? 'Windows' : 'Linux',
        }),
        spec: data('CustomizationSpec', {
          options: isWindows
            ? data('CustomizationWinOptions', { changeSID: true, deleteAccounts: false, reboot: 'reboot' })
            : data('CustomizationLinuxOptions'),
          identity: isWindows
            ? data('CustomizationSysprepText', { value: '<unattend/>' })
            : data('CustomizationLinuxPrep', {
                hostName: data('CustomizationVirtualMachineName'),
                domain: 'example.test',
              }),
          globalIPSettings: data('CustomizationGlobalIPSettings'),
          nicSettingMap: [
            data('CustomizationAdapterMapping', { adapter: data('CustomizationIPSettings', { ip }) }),
          ],
        }),
      }),
    );
  },
};
