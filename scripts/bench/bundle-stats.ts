/** What ncc says about a bundle (`--stats-out`, webpack's statistics), as far as sizes need it. */
export interface BundleStats {
  readonly assets: readonly { readonly name: string; readonly chunks: readonly (number | string)[] }[];
  readonly modules: readonly BundledModule[];
}

export interface BundledModule {
  /** `./node_modules/undici/lib/api/index.js`; `... + 3 modules` where several were put together. */
  readonly name: string;
  readonly size: number;
  /** Empty where nothing of it is in the bundle. */
  readonly chunks?: readonly (number | string)[];
  /** The modules that were put together. */
  readonly modules?: readonly BundledModule[];
}

/** Bytes by package in one file of the bundle, the biggest first. The action's own code is called `src`. */
export function packageSizes(
  { assets, modules }: BundleStats,
  file: string,
): readonly { readonly name: string; readonly size: number }[] {
  const inFile = new Set(assets.filter(({ name }) => name === file).flatMap(({ chunks }) => chunks));
  const sizes = new Map<string, number>();
  const present = modules.filter(({ chunks = [] }) => chunks.some((chunk) => inFile.has(chunk)));
  for (const { name, size } of present.flatMap((module) => module.modules ?? [module])) {
    const owner = packageOf(name);
    if (owner !== undefined) {
      sizes.set(owner, (sizes.get(owner) ?? 0) + size);
    }
  }
  return [...sizes].map(([name, size]) => ({ name, size })).sort((one, other) => other.size - one.size);
}

/** The package of a module's path; undefined for what webpack adds and for modules of Node. */
export function packageOf(module: string): string | undefined {
  const [, path] = /^(?:.*[/\\])?node_modules[/\\](?!\.)(.*)$/.exec(module) ?? [];
  if (path === undefined) {
    return module.startsWith('./') ? 'src' : undefined;
  }
  const [scope = '', name = ''] = path.split(/[/\\]/);
  return scope.startsWith('@') ? `${scope}/${name}` : scope;
}
