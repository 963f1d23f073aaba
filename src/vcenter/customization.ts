import type { Limits, Session } from './session.ts';
import { changeVm } from './vm.ts';

export async function putCloudInit(
  session: Session,
  data: {
    readonly vm: string;
    readonly metadata: string;
    readonly userdata?: string | undefined;
    readonly adapters: number;
  },
  limits: Limits,
): Promise<void> {
  const { vm, metadata, userdata, adapters } = data;
  const cloudinit = { metadata, ...(userdata === undefined ? {} : { userdata }) };
  const spec = {
    configuration_spec: { cloud_config: { type: 'CLOUDINIT', cloudinit } },
    global_DNS_settings: {},
    interfaces: Array.from({ length: adapters }, () => ({ adapter: {} })),
  };
  const operation = 'PUT /api/vcenter/vm/{vm}/guest/customization';
  await changeVm(session, { operation, path: { vm }, body: { spec } }, limits);
}
