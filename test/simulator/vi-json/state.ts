import type { DataObject, ManagedObject } from './data.ts';
import type { VmTask } from './vm-tasks.ts';

/** What VI/JSON has besides the inventory and its clones. */
export interface ViState {
  /** Views die with their session. By id. */
  readonly views: Map<string, ContainerView>;
  /** What is left of results that came in parts, by token. */
  readonly pages: Map<string, { readonly session: number; readonly objects: readonly DataObject[] }>;
  /** Reconfigurations, changes of power, deletions; clones are in `World.tasks`. */
  readonly vmTasks: VmTask[];
}

export interface ContainerView {
  readonly session: number;
  readonly container: ManagedObject;
  readonly types: readonly string[];
  readonly recursive: boolean;
}

export function createViState(): ViState {
  return { views: new Map(), pages: new Map(), vmTasks: [] };
}
