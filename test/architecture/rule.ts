import type { SourceFile, SourceText } from './source-file';

/** One line of the table "Who may do what", and a file that breaks it. */
export interface Rule {
  readonly title: string;
  /** Deliberately wrong: a rule that does not report it guards nothing. */
  readonly broken: SourceText;
  /** What is wrong with a file, if anything. */
  check(file: SourceFile, tree: readonly SourceFile[]): readonly string[];
}

/** Every violation of every rule, as `path: what is wrong`. */
export function violations(rules: readonly Rule[], tree: readonly SourceFile[]): string[] {
  return tree.flatMap((file) =>
    rules.flatMap((rule) => rule.check(file, tree).map((wrong) => `${file.path}: ${wrong}`)),
  );
}

/** A rule about imports: in these files, none of those targets (at run time only, unless types count as well). */
export function imports(
  title: string,
  where: (module: string) => boolean,
  banned: (target: string, from: string) => boolean,
  broken: SourceText,
  types: 'types count' | 'types are free' = 'types are free',
): Rule {
  const check = (file: SourceFile): string[] =>
    file.imports
      .filter(
        ({ target, typeOnly }) =>
          (types === 'types count' || !typeOnly) && where(moduleOf(file)) && banned(target, moduleOf(file)),
      )
      .map(({ target }) => `imports ${target} (${title})`);
  return { title, broken, check };
}

/** A file's path without extension, as imports name it. */
export const moduleOf = (file: SourceFile): string => file.path.replace(/\.[cm]?ts$/, '');

/** True for paths in one of the folders, and for the paths themselves. */
export const within =
  (...folders: readonly string[]) =>
  (path: string): boolean =>
    folders.some((folder) => path === folder || path.startsWith(`${folder}/`));
