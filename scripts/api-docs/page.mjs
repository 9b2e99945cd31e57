import ts from 'typescript';
import { docOf } from './declarations.mjs';

/** The page, as Markdown that has not been formatted. */
export function pageOf(entries) {
  const all = entries.flatMap(({ exported }) => exported);
  const known = new Set(all.map(({ name }) => name));
  return `<!-- Written by \`npm run docs:api\` from the docstrings of src: change the texts there. -->

# API reference

Durations are text with a unit: \`'100ms'\`, \`'30s'\`, \`'5m'\`, \`'2h'\`, \`'30d'\`; those of results (\`…Ms\`) are
numbers of milliseconds. Times are ISO 8601. What the library itself throws is a [FkGuardError](#fkguarderror), whose \`code\`
says what happened and whose \`advice\` what to do.

${entries.map(({ name, exported }) => entryOf(name, exported, known)).join('\n\n')}
`;
}

function entryOf(name, exported, known) {
  const isType = ({ node }) => ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node);
  const values = exported.filter((one) => !isType(one));
  const types = exported.filter(isType).sort((a, b) => a.name.localeCompare(b.name));
  const list = (found) => found.map((one) => `[${one.name}](#${one.name.toLowerCase()})`).join(', ');
  return [
    `## ${name}`,
    `${list(values)}.${types.length > 0 ? ` Types: ${list(types)}.` : ''}`,
    ...[...values, ...types].map((one) => sectionOf(one, known)),
  ].join('\n\n');
}

function sectionOf({ name, node, documented }, known) {
  const doc = docOf(documented);
  if (doc === '') throw new Error(`${name} is exported and has no docstring.`);
  const text = bodyOf(name, node);
  const others = [...new Set(text.match(/\b[A-Z]\w+/g))].filter((word) => word !== name && known.has(word));
  const see = others.map((word) => `[${word}](#${word.toLowerCase()})`).join(', ');
  return [`### ${name}`, doc, text, see && `See ${see}.`].filter(Boolean).join('\n\n');
}

function bodyOf(name, node) {
  if (ts.isInterfaceDeclaration(node))
    return [heritage(node), members(node.members)].filter(Boolean).join('\n\n');
  if (ts.isClassDeclaration(node))
    return [heritage(node), members(ofClass(node))].filter(Boolean).join('\n\n');
  if (!ts.isTypeAliasDeclaration(node)) return code(signature(name, node));
  if (ts.isTypeLiteralNode(node.type)) return members(node.type.members);
  if (ts.isUnionTypeNode(node.type)) return union(node);
  return code(`${name}${parameters(node)} = ${plain(node.type)}`);
}

/** `name<T>(a: A, b?: B): C`, whatever way the function is written. */
function signature(name, node) {
  if (!node.type) throw new Error(`${name} does not say what it returns.`);
  const given = node.parameters.map((parameter) => argument(parameter)).join(', ');
  return `${name}${parameters(node)}(${given}): ${plain(node.type)}`;
}

function argument({ name, type, questionToken, initializer, dotDotDotToken }) {
  const word = ts.isIdentifier(name) ? name.text : 'options';
  const inferred =
    initializer && ts.isNumericLiteral(initializer) ? `number = ${initializer.getText()}` : undefined;
  const said = type ? plain(type) : inferred;
  if (!said) throw new Error(`The type of ${word} is not written.`);
  return `${dotDotDotToken ? '...' : ''}${word}${questionToken || initializer ? '?' : ''}: ${said}`;
}

const parameters = ({ typeParameters }) =>
  typeParameters?.length > 0 ? `<${typeParameters.map(plain).join(', ')}>` : '';

const heritage = ({ heritageClauses = [] }) =>
  heritageClauses.length > 0 ? `${code(heritageClauses.map(plain).join(' '))}.` : '';

/** The public parts of a class; what its constructor takes as properties too. */
const ofClass = ({ members: all }) =>
  all.flatMap((member) =>
    ts.isConstructorDeclaration(member)
      ? member.parameters.filter((parameter) => ts.isParameterPropertyDeclaration(parameter, member))
      : [member],
  );

/** One line for each member, with its docstring. */
const members = (all) =>
  all.map((member) => `- ${[code(memberText(member)), docOf(member)].filter(Boolean).join(': ')}`).join('\n');

function memberText(member) {
  const text = plain(member).replace(/^(?:(?:override|readonly|public) )+/, '');
  return text.replace(/[;,]$/, '');
}

/** The members of a union that are documented are a list; others stand in one line. */
function union({ type: { pos, types } }) {
  const options = types.map((type, at) => ({
    text: plain(type),
    doc: docBetween(type, at === 0 ? pos : types[at - 1].end),
  }));
  if (options.every(({ doc }) => doc === '')) return options.map(({ text }) => code(text)).join(', ');
  return options.map(({ text, doc }) => `- ${[code(text), doc].filter(Boolean).join(': ')}`).join('\n');
}

/** A docstring before a member of a union belongs to no node. */
const docBetween = (node, from) =>
  (/\/\*\*([^]*?)\*\//.exec(node.getSourceFile().text.slice(from, node.getStart()))?.[1] ?? '')
    .replaceAll(/\s*\n\s*\*?\s*/g, ' ')
    .trim();

/** The text of a node in one line, without comments. */
const plain = (node) =>
  node
    .getText()
    .replaceAll(/\/\*\*[^]*?\*\//g, '')
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/ ?([;,]) ?([}\])])/g, ' $2')
    .trim();

const code = (text) => (text.includes('`') ? `\`\` ${text} \`\`` : `\`${text}\``);
