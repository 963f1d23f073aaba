/** What was asked for and what was found are not the same VM, or it is not one VM: nothing is deleted. */
export class AmbiguousVm extends Error {
  override readonly name = 'AmbiguousVm';
}
