import { createRequire } from 'node:module';
import { dirname, extname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { FkGuardError } from '../errors';
import { importTypeScript } from './load-typescript';
import { messageOf } from './message-of';
import { packageType } from './package-type';

type Namespace = Readonly<Record<string, unknown>>;

/** Loads a JavaScript or TypeScript file, with the modules of `--require` before it. Throws `CONFIG`. */
export async function loadModule(path: string, hooks: readonly string[], cwd: string): Promise<unknown> {
  const require = createRequire(join(cwd, 'fk-guard.js'));
  const before = handlerOf(require, extname(path));
  for (const hook of hooks) requireHook(require, hook);
  // A hook that brought its own handler for this extension (ts-node, @swc-node) is what the user wants.
  const hooked = handlerOf(require, extname(path)) !== before;
  try {
    return unwrap(await load(path, hooked));
  } catch (error) {
    throw failed(path, error);
  }
}

const handlerOf = (require: NodeJS.Require, extension: string): unknown =>
  Reflect.get(require.extensions, extension);

function requireHook(require: NodeJS.Require, hook: string): void {
  try {
    require(hook);
  } catch (error) {
    const message = `Cannot load --require ${hook}: ${firstLine(error)}`;
    throw new FkGuardError('CONFIG', message, 'Install the module, or correct its name or path.', error);
  }
}

async function load(path: string, hooked: boolean): Promise<unknown> {
  if (/\.[mc]?ts$/.test(path) && !hooked) return importTypeScript(path);
  if (!hooked && isEcmaScriptModule(path)) return import(pathToFileURL(path).href);
  return createRequire(path)(path);
}

function isEcmaScriptModule(path: string): boolean {
  return path.endsWith('.mjs') || (path.endsWith('.js') && packageType(dirname(path)) === 'module');
}

/** The default export when there is one, also behind the second `default` of a compiled module. */
function unwrap(loaded: unknown): unknown {
  const module = loaded as Namespace | null;
  if (typeof module !== 'object' || module === null) return loaded;
  if (Object.hasOwn(module, 'sequelize') || Object.hasOwn(module, 'url')) return module;
  const inner = module['default'];
  if (inner === undefined) return module;
  const compiled = typeof inner === 'object' && inner !== null && Reflect.get(inner, '__esModule') === true;
  return compiled ? unwrap(inner) : inner;
}

function failed(path: string, error: unknown): FkGuardError {
  if (error instanceof FkGuardError) return error;
  return new FkGuardError('CONFIG', `Cannot load ${path}: ${firstLine(error)}`, advice(path, error), error);
}

const firstLine = (error: unknown): string => (messageOf(error).split('\n')[0] ?? '').trim();

function advice(path: string, error: unknown): string {
  if (!/\.[mc]?ts$/.test(path) && !/cannot be automatically resolved/.test(String(error)))
    return 'Correct the file, or a module that it loads.';
  return 'Correct the file, or load it your own way: -r ts-node/register, -r @swc-node/register, or --config with the compiled JavaScript.';
}
