import { dirname, extname, join } from 'node:path';
import ts from 'typescript';
import { inLanguage, placeOf, ROOT, type Block } from './markdown';

/** Where the blocks would stand if they were files: beside nothing that they could import by accident. */
const FOLDER = join(ROOT, 'test/docs/blocks');
/** What `./models` and other files of a reader's project are. */
const PROJECT = join(ROOT, 'test/docs/reader/project.ts');
const NAMES = join(ROOT, 'test/docs/reader/names.d.ts');

interface Source {
  readonly block: Block;
  readonly path: string;
  readonly text: string;
}

/** One program of every block, and what the compiler says about each; `[file:line, message]`. */
export function complaints(more: readonly Block[] = []): readonly (readonly [string, string])[] {
  const sources = [...inLanguage('ts', 'js'), ...more].map(sourceOf);
  const byPath = new Map(sources.map((source) => [source.path, source]));
  const options = optionsOf();
  const program = ts.createProgram({
    rootNames: [NAMES, ...byPath.keys()],
    options,
    host: hostOf(byPath, options),
  });
  return sources.flatMap((source) => {
    const file = program.getSourceFile(source.path);
    return [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)].map(
      (diagnostic) =>
        [placeIn(source, diagnostic), ts.flattenDiagnosticMessageText(diagnostic.messageText, ' ')] as const,
    );
  });
}

function sourceOf(block: Block): Source {
  const bare = block.file.replaceAll(/\W/g, '-');
  const extension = block.language === 'ts' ? 'mts' : /\brequire\(/.test(block.text) ? 'cjs' : 'mjs';
  const path = join(FOLDER, `${bare}-${block.line}.${extension}`);
  // A block without an import is a module all the same: its names are its own.
  return { block, path, text: extension === 'cjs' ? block.text : `${block.text}\nexport {};\n` };
}

function placeIn({ block }: Source, { file, start = 0 }: ts.Diagnostic): string {
  const line = file?.getLineAndCharacterOfPosition(start).line ?? 0;
  return placeOf({ ...block, line: block.line + line });
}

function optionsOf(): ts.CompilerOptions {
  const path = join(ROOT, 'test/tsconfig.json');
  const { config } = ts.readConfigFile(path, (name) => ts.sys.readFile(name)) as { config: unknown };
  return {
    ...ts.parseJsonConfigFileContent(config, { ...ts.sys, readDirectory: () => [] }, dirname(path)).options,
    types: ['node'],
    allowJs: true,
    checkJs: true,
    experimentalDecorators: true,
    isolatedModules: false,
    noUnusedLocals: false,
    noUnusedParameters: false,
    // As strict as a reader's own project may be, but for what only this repository asks of itself.
    noUncheckedIndexedAccess: false,
    exactOptionalPropertyTypes: false,
  };
}

function hostOf(sources: ReadonlyMap<string, Source>, options: ts.CompilerOptions): ts.CompilerHost {
  const host = ts.createCompilerHost(options);
  const cache = ts.createModuleResolutionCache(ROOT, (name) => name, options);
  return {
    ...host,
    jsDocParsingMode: ts.JSDocParsingMode.ParseNone,
    fileExists: (path) => sources.has(path) || host.fileExists(path),
    readFile: (path) => sources.get(path)?.text ?? host.readFile(path),
    getSourceFile(path, version) {
      const source = sources.get(path);
      if (!source) return host.getSourceFile(path, version);
      const given = typeof version === 'object' ? version : { languageVersion: version };
      const impliedNodeFormat = path.endsWith('.cjs') ? ts.ModuleKind.CommonJS : ts.ModuleKind.ESNext;
      return ts.createSourceFile(path, source.text, { ...given, impliedNodeFormat }, true);
    },
    resolveModuleNameLiterals: (literals, from, redirected, all, file) =>
      literals.map((literal) => {
        const block = sources.get(from)?.block;
        if (block && literal.text.startsWith('.')) return besides(block, literal.text, sources);
        const mode = ts.getModeForUsageLocation(file, literal, all);
        return ts.resolveModuleName(literal.text, from, all, host, cache, redirected, mode);
      }),
  };
}

/** A file that a block imports: the last one of its document that has this name, or else the reader's own. */
function besides(
  { file }: Block,
  specifier: string,
  sources: ReadonlyMap<string, Source>,
): ts.ResolvedModuleWithFailedLookupLocations {
  const name = specifier.replace('./', '');
  const found = [...sources.values()].findLast(
    ({ block }) => block.file === file && [name, `${name}.js`, `${name}.ts`].includes(block.name),
  );
  const resolvedFileName = found?.path ?? PROJECT;
  return { resolvedModule: { resolvedFileName, extension: extname(resolvedFileName) } };
}
