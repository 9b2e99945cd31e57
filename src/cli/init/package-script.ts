/** The script that a deploy runs; what it agrees to stands in it. */
export const SCRIPT = 'migrate:fix-fk';
export const SCRIPT_TEXT = 'fk-guard apply --yes --accept-data-loss';

/** A package.json with the script in it, every other character as it was. */
export function withScript(text: string): string {
  const line = `${JSON.stringify(SCRIPT)}: ${JSON.stringify(SCRIPT_TEXT)}`;
  const root = membersFrom(text, text.indexOf('{'));
  const scripts = root.find(({ key }) => key === 'scripts');
  if (!scripts) {
    const inner = indentOf(text, root[0]?.start);
    const end = lineEnd(text);
    return insert(text, root, text.indexOf('{'), `"scripts": {${end}${inner}${inner}${line}${end}${inner}}`);
  }
  const members = membersFrom(text, scripts.value);
  const same = members.find(({ key }) => key === SCRIPT);
  if (same) return text.slice(0, same.value) + JSON.stringify(SCRIPT_TEXT) + text.slice(same.end);
  return insert(text, members, scripts.value, line, indentOf(text, root[0]?.start));
}

/** A member of an object, by where it stands in the text. */
interface Member {
  readonly key: string;
  readonly start: number;
  readonly value: number;
  readonly end: number;
}

/** The members of the object that begins at `open`; the text is known to be JSON. */
function membersFrom(text: string, open: number): readonly Member[] {
  const found: Member[] = [];
  const token = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g;
  token.lastIndex = open + 1;
  let depth = 0;
  let member: { key: string; start: number; value: number } | undefined;
  let end = open + 1;
  for (let match = token.exec(text); match; match = token.exec(text)) {
    const [sign] = match;
    const closes = '}]'.includes(sign);
    if (depth === 0 && (sign === ',' || closes)) {
      if (member) found.push({ ...member, end });
      member = undefined;
      if (closes) return found;
    } else if (depth === 0 && !member)
      member = { key: String(JSON.parse(sign)), start: match.index, value: -1 };
    else if (member && member.value < 0 && sign !== ':') member.value = match.index;
    depth += '{['.includes(sign) ? 1 : closes ? -1 : 0;
    end = token.lastIndex;
  }
  return found;
}

/** Behind the last member, as that one is indented; or as the only one of an object that had none. */
function insert(text: string, members: readonly Member[], open: number, line: string, outer = ''): string {
  const last = members.at(-1);
  const end = lineEnd(text);
  if (last) {
    const isOnOneLine = !text.slice(open, last.start).includes('\n');
    const before = isOnOneLine ? ', ' : `,${end}${indentOf(text, last.start)}`;
    return text.slice(0, last.end) + before + line + text.slice(last.end);
  }
  const close = text.indexOf('}', open);
  const inner = outer === '' ? '  ' : outer + outer;
  return `${text.slice(0, open + 1)}${end}${inner}${line}${end}${outer}${text.slice(close)}`;
}

const lineEnd = (text: string): string => (text.includes('\r\n') ? '\r\n' : '\n');

/** What stands before a member on its line. */
function indentOf(text: string, start: number | undefined): string {
  const before = start === undefined ? '' : text.slice(text.lastIndexOf('\n', start) + 1, start);
  return /^[ \t]+$/.test(before) ? before : '  ';
}
