import type { createJiti as CreateJiti } from 'jiti';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import type * as Compiler from 'typescript';

type JitiOptions = NonNullable<Parameters<typeof CreateJiti>[1]>;
type SourceFile = Parameters<NonNullable<JitiOptions['transform']>>[0];

/**
 * Loads a TypeScript file with all that it imports. The project's own TypeScript compiles it when there is one, because
 * Babel (jiti's default) can neither read `@Column name!:` nor emit decorator metadata; TypeScript 7 has no such API.
 */
export async function importTypeScript(path: string): Promise<unknown> {
  // Only here: nobody else needs jiti.
  const { createJiti } = createRequire(__filename)('jiti') as typeof import('jiti');
  const compiler = projectCompiler(path);
  const babel = createJiti(path, BASE);
  const options: JitiOptions = compiler
    ? { ...BASE, transform: (file) => ({ code: compile(file, compiler, babel.transform) }) }
    : BASE;
  return createJiti(path, options).import(path);
}

// jiti's cache does not know which transform wrote an entry, and it may lie in a directory that all users share.
// Its own interopDefault would remember what a module had not exported yet, and models name each other in circles;
// compiled code has its own.
const BASE: JitiOptions = { tsconfigPaths: true, fsCache: false, interopDefault: false };

interface ProjectCompiler {
  readonly typescript: typeof Compiler;
  readonly options: Compiler.CompilerOptions;
}

function projectCompiler(path: string): ProjectCompiler | undefined {
  try {
    const typescript = createRequire(path)('typescript') as typeof Compiler;
    if (typeof typescript.transpileModule !== 'function') return undefined;
    return { typescript, options: compilerOptions(typescript, dirname(path)) };
  } catch {
    return undefined;
  }
}

// Without a tsconfig.json: what decorators need, and no class fields that would hide Sequelize's attributes.
const UNCONFIGURED = {
  experimentalDecorators: true,
  emitDecoratorMetadata: true,
  useDefineForClassFields: false,
};

function compilerOptions(typescript: typeof Compiler, directory: string): Compiler.CompilerOptions {
  const file = typescript.findConfigFile(directory, (name) => typescript.sys.fileExists(name));
  const fixed = {
    module: typescript.ModuleKind.CommonJS,
    target: typescript.ScriptTarget.ES2022,
    esModuleInterop: true,
    inlineSourceMap: false,
    sourceMap: false,
    verbatimModuleSyntax: false,
  };
  if (file === undefined) return { ...UNCONFIGURED, ...fixed };
  const { config } = typescript.readConfigFile(file, (name) => typescript.sys.readFile(name)) as {
    config?: unknown;
  };
  // No files are listed: only the options of tsconfig.json and of those that it extends are wanted.
  const host = { ...typescript.sys, readDirectory: () => [] };
  const { options } = typescript.parseJsonConfigFileContent(config ?? {}, host, dirname(file));
  return { ...options, ...fixed, target: options.target ?? fixed.target };
}

function compile(file: SourceFile, compiler: ProjectCompiler, babel: (file: SourceFile) => string): string {
  // CommonJS output has no `import.meta`; Babel replaces it.
  if (!/\.[mc]?tsx?$/.test(file.filename ?? '') || file.source.includes('import.meta')) return babel(file);
  // An .mts file would be written as an ES module whatever the options say.
  const fileName = (file.filename ?? '').replace(/\.[mc]ts$/, '.ts');
  const { outputText, diagnostics = [] } = compiler.typescript.transpileModule(file.source, {
    fileName,
    compilerOptions: compiler.options,
    reportDiagnostics: true,
  });
  const mistake = diagnostics.find((diagnostic) => diagnostic.file !== undefined);
  if (mistake) throw new SyntaxError(describe(mistake, file.filename ?? '', compiler.typescript));
  return outputText;
}

function describe(mistake: Compiler.Diagnostic, path: string, typescript: typeof Compiler): string {
  const line = (mistake.file?.getLineAndCharacterOfPosition(mistake.start ?? 0).line ?? 0) + 1;
  return `${path}:${line}: ${typescript.flattenDiagnosticMessageText(mistake.messageText, ' ')}`;
}
