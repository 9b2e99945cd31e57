import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix, relative, sep } from 'node:path';
import * as ts from 'typescript';

/** A file by its path from the project's root, with forward slashes. */
export interface SourceText {
  readonly path: string;
  readonly text: string;
}

/** One import, re-export, `import()` or `require()`. */
export interface Import {
  /** A path from the project's root without extension for a relative import, else the package's name as written. */
  readonly target: string;
  readonly typeOnly: boolean;
}

/** What the rules want to know about a file. */
export interface SourceFile extends SourceText {
  readonly imports: readonly Import[];
  /** Names that stand alone or begin a chain (`process` of `process.env`), keywords `async` and `await` included. */
  readonly names: ReadonlySet<string>;
  /** Names after a dot, and names that are taken out of an object. */
  readonly properties: ReadonlySet<string>;
  /** Strings and the constant pieces of templates. */
  readonly literals: readonly string[];
}

/** All TypeScript files below the given folders of the project; a folder that does not exist holds none. */
export function sourceFiles(...folders: readonly string[]): SourceFile[] {
  const root = join(__dirname, '../..');
  return folders
    .flatMap((folder) => filesBelow(join(root, folder)))
    .map((file) =>
      parse({ path: relative(root, file).split(sep).join('/'), text: readFileSync(file, 'utf8') }),
    );
}

/** Reads the facts out of a file's text. */
export function parse({ path, text }: SourceText): SourceFile {
  const facts = {
    path,
    text,
    imports: [] as Import[],
    names: new Set<string>(),
    properties: new Set<string>(),
    literals: [] as string[],
  };
  const visit = (node: ts.Node): void => {
    const imported = importOf(node);
    if (imported) facts.imports.push({ ...imported, target: resolve(path, imported.target) });
    else if (
      ts.isStringLiteralLike(node) ||
      ts.isTemplateHead(node) ||
      ts.isTemplateMiddleOrTemplateTail(node)
    )
      facts.literals.push(node.text);
    else if (ts.isPropertyAccessExpression(node)) facts.properties.add(node.name.text);
    else if (ts.isBindingElement(node)) facts.properties.add((node.propertyName ?? node.name).getText());
    else if (node.kind === ts.SyntaxKind.AsyncKeyword || ts.isAwaitExpression(node)) facts.names.add('async');
    else if (node.kind === ts.SyntaxKind.InstanceOfKeyword) facts.names.add('instanceof');
    if (ts.isIdentifier(node) && !isMemberName(node)) facts.names.add(node.text);
    if (!imported || ts.isCallExpression(node)) ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true));
  return facts;
}

function filesBelow(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.(ts|mts|cts)$/.test(name) && !name.includes('node_modules'))
      .map((name) => join(folder, name))
      .sort();
  } catch {
    return [];
  }
}

function importOf(node: ts.Node): Import | undefined {
  if (
    (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) &&
    node.moduleSpecifier &&
    ts.isStringLiteral(node.moduleSpecifier)
  ) {
    return { target: node.moduleSpecifier.text, typeOnly: isTypeOnly(node) };
  }
  if (
    ts.isImportTypeNode(node) &&
    ts.isLiteralTypeNode(node.argument) &&
    ts.isStringLiteral(node.argument.literal)
  ) {
    return { target: node.argument.literal.text, typeOnly: true };
  }
  if (!ts.isCallExpression(node)) return undefined;
  const loads =
    node.expression.kind === ts.SyntaxKind.ImportKeyword || node.expression.getText() === 'require';
  const [target] = node.arguments;
  return loads && target && ts.isStringLiteralLike(target)
    ? { target: target.text, typeOnly: false }
    : undefined;
}

function isTypeOnly(node: ts.ImportDeclaration | ts.ExportDeclaration): boolean {
  if (ts.isExportDeclaration(node)) return node.isTypeOnly || allTypes(node.exportClause);
  const clause = node.importClause;
  return (
    clause !== undefined &&
    (clause.isTypeOnly || (clause.name === undefined && allTypes(clause.namedBindings)))
  );
}

function allTypes(names: ts.NamedImportBindings | ts.NamedExportBindings | undefined): boolean {
  return (
    names !== undefined &&
    (ts.isNamedImports(names) || ts.isNamedExports(names)) &&
    names.elements.every(({ isTypeOnly }) => isTypeOnly)
  );
}

const isMemberName = (node: ts.Identifier): boolean =>
  (ts.isPropertyAccessExpression(node.parent) && node.parent.name === node) ||
  (ts.isPropertyAssignment(node.parent) && node.parent.name === node);

const resolve = (from: string, target: string): string =>
  target.startsWith('.') ? posix.join(dirname(from), target).replace(/\.[cm]?[jt]s$/, '') : target;
