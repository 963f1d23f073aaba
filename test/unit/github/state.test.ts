import { describe, expect, it } from 'vitest';
import type { Core } from '../../../src/github/core.ts';
import {
  type ClonePlan,
  type CloneState,
  loadCloneState,
  StateError,
  saveCloneState,
} from '../../../src/github/state.ts';

const plan: ClonePlan = {
  server: 'vcenter.example:8443',
  name: 'grün "12"',
  nameIsOwn: true,
  source: 'vm-42',
  folder: 'group-v23',
  caCertificate: '-----BEGIN CERTIFICATE-----\nMII\n-----END CERTIFICATE-----\n',
  vmsBefore: ['vm-7'],
};

/** Keeps the state as the runner does: by name, as text. */
function createStateStore(initial: Readonly<Record<string, string>> = {}) {
  const store = new Map(Object.entries(initial));
  const core: Pick<Core, 'saveState' | 'getState'> = {
    saveState: (name, value) => {
      store.set(name, String(value));
    },
    getState: (name) => store.get(name) ?? '',
  };
  // The two functions are all that the state touches.
  return { core: core as Core, store };
}

const sentAt = '2025-05-04T10:11:12.345Z';

describe('clone state', () => {
  it.each<CloneState>([
    { phase: 'planned', plan },
    { phase: 'requested', plan, sentAt },
    { phase: 'started', plan, sentAt, task: 'uuid:com.vmware.vcenter.VM' },
    { phase: 'created', plan, vm: 'vm-1001' },
    { phase: 'finished', plan, vm: 'vm-1001' },
    { phase: 'settled' },
  ])('comes back as it was written: $phase', (state) => {
    const { core } = createStateStore();
    saveCloneState(core, state);
    expect(loadCloneState(core)).toMatchObject(state);
  });

  it('may do without a folder and a CA', () => {
    const { core } = createStateStore();
    const { folder: _, caCertificate: __, ...rest } = plan;
    saveCloneState(core, { phase: 'planned', plan: rest });
    expect(loadCloneState(core)).toMatchObject({ phase: 'planned', plan: rest });
  });

  it('replaces what was written before', () => {
    const { core, store } = createStateStore();
    saveCloneState(core, { phase: 'planned', plan });
    saveCloneState(core, { phase: 'settled' });
    expect(loadCloneState(core)?.phase).toBe('settled');
    expect(store.size).toBe(1);
  });

  it('is nothing where nothing was written', () => {
    expect(loadCloneState(createStateStore().core)).toBeUndefined();
  });

  describe('that this action does not write is refused:', () => {
    const load = (text: string) => {
      const { core, store } = createStateStore();
      saveCloneState(core, { phase: 'settled' });
      const [name = ''] = store.keys();
      return () => loadCloneState(createStateStore({ [name]: text }).core);
    };
    const written = (fields: object) => JSON.stringify({ version: 1, phase: 'planned', plan, ...fields });

    it('the counter-check', () => {
      expect(load(written({}))()?.phase).toBe('planned');
    });

    it.each([
      ['no JSON', '{"version":1,', /cannot be read/],
      ['a bare value', '"settled"', /not of this version/],
      ['a list', '[]', /not of this version/],
      ['null', 'null', /not of this version/],
      ['another version', JSON.stringify({ version: 2, phase: 'settled' }), /not of this version/],
      ['no version', JSON.stringify({ phase: 'settled' }), /not of this version/],
      ['an unknown phase', written({ phase: 'done' }), /not of this version/],
      ['no plan', written({ plan: undefined }), /not of this version/],
      ['a plan that is none', written({ plan: 'vm' }), /not of this version/],
      ['a plan without a server', written({ plan: { ...plan, server: '' } }), /not of this version/],
      ['a plan without a name', written({ plan: { ...plan, name: undefined } }), /not of this version/],
      ['a plan without a source', written({ plan: { ...plan, source: 5 } }), /not of this version/],
      [
        'a plan of nobody knows whose name',
        written({ plan: { ...plan, nameIsOwn: 'true' } }),
        /not of this version/,
      ],
      ['an empty folder', written({ plan: { ...plan, folder: '' } }), /not of this version/],
      ['a CA that is no text', written({ plan: { ...plan, caCertificate: {} } }), /not of this version/],
      [
        'a plan that does not know what was there before',
        written({ plan: { ...plan, vmsBefore: undefined } }),
        /not of/,
      ],
      ['ids that are none', written({ plan: { ...plan, vmsBefore: [7] } }), /not of this version/],
      ['a request without its time', written({ phase: 'requested' }), /not of this version/],
      ['a request of no time', written({ phase: 'requested', sentAt: 'now' }), /not of this version/],
      ['a start without its task', written({ phase: 'started', sentAt }), /not of this version/],
      ['a start without its time', written({ phase: 'started', task: 't' }), /not of this version/],
      ['a creation without its VM', written({ phase: 'created' }), /not of this version/],
      ['an end without its VM', written({ phase: 'finished', vm: '' }), /not of this version/],
    ])('%s', (_, text, message) => {
      expect(load(text)).toThrow(StateError);
      expect(load(text)).toThrow(message);
    });
  });
});
