import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import ts from 'typescript';

const fileOf = (from, specifier) => {
  const path = join(dirname(from), specifier);
  return existsSync(`${path}.ts`) ? `${path}.ts` : join(path, 'index.ts');
};

/** The names that an entry exports, each with the file that it comes from. */
export function exportsOf(path, parse) {
  const found = [];
  for (const statement of parse(path).statements) {
    if (ts.isExportDeclaration(statement) && statement.moduleSpecifier)
      for (const { name, propertyName } of statement.exportClause.elements) {
        const source = fileOf(path, statement.moduleSpecifier.text);
        found.push({ name: name.text, local: (propertyName ?? name).text, path: source });
      }
    else for (const name of exportedNames(statement)) found.push({ name, local: name, path });
  }
  return found;
}

function exportedNames(statement) {
  if (!ts.getCombinedModifierFlags(statement) || !isExported(statement)) return [];
  if (ts.isVariableStatement(statement))
    return statement.declarationList.declarations.map(({ name }) => name.text);
  return statement.name ? [statement.name.text] : [];
}

const isExported = (node) =>
  ts.canHaveModifiers(node) &&
  (ts.getModifiers(node) ?? []).some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);

/** Where a name is declared, also where a file between only passes it on. */
export function declarationOf({ name, local, path }, parse) {
  for (const statement of parse(path).statements) {
    if (ts.isVariableStatement(statement)) {
      const declared = statement.declarationList.declarations.find((one) => one.name.text === local);
      if (declared) return { name, node: declared.initializer, documented: statement, path };
    } else if (statement.name?.text === local) return { name, node: statement, documented: statement, path };
    if (ts.isExportDeclaration(statement) && statement.moduleSpecifier)
      for (const element of statement.exportClause?.elements ?? [])
        if (element.name.text === local)
          return declarationOf(
            {
              name,
              local: (element.propertyName ?? element.name).text,
              path: fileOf(path, statement.moduleSpecifier.text),
            },
            parse,
          );
  }
  throw new Error(`${name} is not declared in ${path}.`);
}

/** The text of a docstring, with the default where one is named; empty where there is none. */
export function docOf(node) {
  const docs = node.jsDoc ?? [];
  const last = docs.at(-1);
  if (!last) return '';
  const said = [ts.getTextOfJSDocComment(last.comment) ?? ''];
  for (const tag of last.tags ?? [])
    if (tag.tagName.text === 'defaultValue')
      said.push(`Default: \`${ts.getTextOfJSDocComment(tag.comment)}\`.`);
  return said.filter((text) => text !== '').join(' ');
}
