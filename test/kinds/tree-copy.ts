import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../..');

/**
 * A copy of this source tree, to which something made up is added. Paths are relative to its root.
 */
export type TreeCopy = {
  folder: string;
  /** Files that were written or edited, each once. */
  touched(): string[];
  write(path: string, text: string): void;
  /** Replaces the first occurrence of `from`. Throws where there is none. */
  edit(path: string, from: string, to: string): void;
  /** Types of the whole tree, by its tsconfig.json. `output` names file, line and error. */
  typecheck(): { ok: boolean; output: string };
  /**
   * Runs a script, written as an ES module into the copy's root. Returns what it printed; throws
   * with its errors when it fails.
   */
  run(script: string): string;
  remove(): void;
};

/** Copies what git knows or would add, with the same installed packages. */
export function copyOfTree(): TreeCopy {
  const folder = mkdtempSync(join(tmpdir(), 'tocsin-tree-'));
  const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  for (const path of listed.split('\0')) {
    // A file that was deleted is still listed until that is committed.
    if (path !== '' && existsSync(join(root, path))) cpSync(join(root, path), join(folder, path));
  }
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  const touched = new Set<string>();
  const write = (path: string, text: string): void => {
    touched.add(path);
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  return {
    folder,
    touched: () => [...touched].sort(),
    write,
    edit(path, from, to) {
      const text = readFileSync(join(folder, path), 'utf8');
      if (!text.includes(from)) throw new Error(`${path} has no ${JSON.stringify(from)}`);
      write(
        path,
        text.replace(from, () => to),
      );
    },
    typecheck() {
      const tsc = join(root, 'node_modules/typescript/bin/tsc');
      const { status, stdout, stderr } = spawnSync(process.execPath, [tsc, '--noEmit', '--pretty', 'false', '-p', '.'], {
        cwd: folder,
        encoding: 'utf8',
      });
      return { ok: status === 0, output: stdout + stderr };
    },
    run(script) {
      const path = join(folder, 'run-in-copy.ts');
      writeFileSync(path, script);
      return execFileSync(process.execPath, [path], { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
