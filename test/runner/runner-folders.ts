import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { eventPayload, type RunnerContext } from './context.ts';

const commandFiles = [
  'GITHUB_ENV',
  'GITHUB_OUTPUT',
  'GITHUB_PATH',
  'GITHUB_STATE',
  'GITHUB_STEP_SUMMARY',
] as const;

/** The files through which a step talks to the runner, by the variable that names them. */
export type CommandFile = (typeof commandFiles)[number];

export type CommandFileTexts = Readonly<Partial<Record<CommandFile, string>>>;

/** The same, and the file that says what made the workflow run. */
export type RunnerFile = CommandFile | 'GITHUB_EVENT_PATH';

/** The runner's folders and files for one stage of a step. */
export interface RunnerFolders {
  readonly variables: Readonly<Record<string, string>>;
  readonly workspace: string;
  /** What the step wrote to the files. */
  readCommandFiles(): CommandFileTexts;
  /** What the step left behind in the folders: `RUNNER_TEMP/x.pem`. */
  leftFiles(): readonly string[];
  /** Takes the command files away while the step runs. */
  removeCommandFiles(): void;
  remove(): void;
}

/** Each stage gets fresh folders, so that nothing but the state connects main and post. */
export function createRunnerFolders(options: {
  readonly context: RunnerContext;
  readonly omitFiles: readonly RunnerFile[];
  /** Paths in place of the runner's own files. */
  readonly replaceFiles: Readonly<Partial<Record<RunnerFile, string>>>;
}): RunnerFolders {
  const { context, omitFiles, replaceFiles } = options;
  const root = mkdtempSync(join(tmpdir(), 'runner-'));
  removeWithThisProcess(root);
  const workspace = join(root, 'work', context.repository.split('/')[1] ?? 'repository');
  const folders = {
    HOME: join(root, 'home'),
    RUNNER_TEMP: join(root, 'temp'),
    RUNNER_TOOL_CACHE: join(root, 'tool-cache'),
    GITHUB_WORKSPACE: workspace,
  };
  const commands = join(root, 'commands');
  for (const folder of [...Object.values(folders), commands]) {
    mkdirSync(folder, { recursive: true });
  }
  const files = commandFiles
    .filter((name) => !omitFiles.includes(name))
    .map((name) => [name, join(commands, name.toLowerCase())] as const);
  for (const [, path] of files) {
    writeFileSync(path, '');
  }
  const eventPath = join(root, 'event.json');
  writeFileSync(eventPath, JSON.stringify(eventPayload(context), null, 2));
  return {
    workspace,
    variables: {
      ...folders,
      TMPDIR: folders.RUNNER_TEMP,
      RUNNER_WORKSPACE: dirname(workspace),
      ...(!omitFiles.includes('GITHUB_EVENT_PATH') && { GITHUB_EVENT_PATH: eventPath }),
      ...Object.fromEntries(files),
      ...replaceFiles,
    },
    readCommandFiles: () =>
      Object.fromEntries(
        files
          .filter(([, path]) => existsSync(path))
          .map(([name, path]) => [name, readFileSync(path, 'utf8')]),
      ),
    leftFiles: () =>
      Object.entries(folders).flatMap(([name, folder]) =>
        readdirSync(folder, { recursive: true, withFileTypes: true })
          .filter((file) => file.isFile())
          .map((file) => `${name}/${relative(folder, join(file.parentPath, file.name))}`),
      ),
    removeCommandFiles: () => rmSync(commands, removal),
    remove: () => {
      rmSync(root, removal);
      roots.delete(root);
    },
  };
}

const removal = { recursive: true, force: true, maxRetries: 3 };

const roots = new Set<string>();

/** A test that does not wait for its step leaves nothing behind either. */
function removeWithThisProcess(root: string): void {
  if (!process.listeners('exit').includes(removeRoots)) {
    process.on('exit', removeRoots);
  }
  roots.add(root);
}

function removeRoots(): void {
  for (const root of roots) rmSync(root, removal);
}
