import { done, ok } from '../operation.ts';
import type { World } from '../world.ts';
import { type DataObject, data, referenceTo } from './data.ts';
import { ViFault } from './fault.ts';
import { managers } from './objects.ts';
import { optional, type ViCall, type ViDefinition } from './operation.ts';

/** ServiceInstance.content: what every client may read without a session. */
export function serviceContent({ behaviour, inventory }: World): DataObject {
  const version = behaviour.viJson === 'unified' ? '8.0.3' : '8.0.1';
  const manager = (type: keyof typeof managers) => referenceTo(type, managers[type]);
  return data('ServiceContent', {
    rootFolder: referenceTo('Folder', inventory.rootFolder),
    propertyCollector: manager('PropertyCollector'),
    viewManager: manager('ViewManager'),
    about: data('AboutInfo', {
      name: 'VMware vCenter Server',
      fullName: `VMware vCenter Server ${version} build-24022515`,
      vendor: 'VMware, Inc.',
      version,
      build: '24022515',
      osType: 'linux-x64',
      productLineId: 'vpx',
      apiType: 'VirtualCenter',
      apiVersion: `${version}.0`,
      instanceUuid: 'b3abe66d-5a2c-4d7e-9f10-6c1d4f0e8a77',
    }),
    sessionManager: manager('SessionManager'),
    customizationSpecManager: manager('CustomizationSpecManager'),
    searchIndex: manager('SearchIndex'),
  });
}

export const logIn: ViDefinition = {
  withoutSession: true,
  parameters: { userName: '*string', password: '*string', locale: 'string' },
  handle: (world, { body }) => {
    const { userName, password } = body as { readonly userName: string; readonly password: string };
    const opened = world.sessions.logIn({ userName, password, now: world.clock.now() });
    if (!opened) {
      throw new ViFault({
        name: 'InvalidLogin',
        text: 'Cannot complete login due to an incorrect user name or password.',
      });
    }
    const headers = { 'vmware-api-session-id': opened.token };
    return { ...ok(userSession(world, opened)), headers, opened };
  },
};

export const logOut: ViDefinition = {
  handle: (_world, { session }) => {
    if (session) session.ended = 'closed';
    return done;
  },
};

/** Not set for whoever is not logged in, which is no refusal. */
export const currentSession: ViDefinition = {
  withoutSession: true,
  handle: (world, { token }: ViCall) => {
    try {
      const session = world.sessions.use({ token, now: world.clock.now(), api: 'vi-json' });
      return optional(world, userSession(world, session));
    } catch {
      return optional(world, undefined);
    }
  },
};

function userSession(world: World, session: NonNullable<ViCall['session']>): DataObject {
  const user = world.username.replace(/@.*/, (domain) => domain.toUpperCase());
  return data('UserSession', {
    key: `52d1e8b4-0000-4000-8000-${String(session.number).padStart(12, '0')}`,
    userName: user,
    fullName: user,
    loginTime: world.serverTime(session.createdAt),
    lastActiveTime: world.serverTime(session.lastAccessedAt),
    locale: 'en',
    messageLocale: 'en',
    extensionSession: false,
    ipAddress: '127.0.0.1',
    userAgent: '',
    callCount: 0,
  });
}
