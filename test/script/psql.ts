import { Client } from 'pg';

/** A script run as psql runs it: a statement at a time, in one session; lines with a backslash are psql's own. */
export async function runScript(url: string, script: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    for (const statement of statementsIn(script)) await client.query(statement);
  } finally {
    await client.end();
  }
}

/** The same in a tool that goes on after an error; returns the errors. */
export async function runEach(
  script: string,
  run: (statement: string) => Promise<unknown>,
): Promise<readonly string[]> {
  const errors: string[] = [];
  for (const statement of statementsIn(script))
    await run(statement).catch((error: unknown) => errors.push(String(error)));
  return errors;
}

/** What begins a token in which a semicolon ends nothing. */
const TOKEN =
  /--[^\n]*|^\\[^\n]*$|\$fk_guard\$[^]*?\$fk_guard\$|E'(?:[^'\\]|''|\\[^])*'|'(?:[^']|'')*'|"(?:[^"]|"")*"|;|[^]/gm;

/** The statements of a script without its comments; none is a whole transaction, or `commit` in a block would be refused. */
function statementsIn(script: string): readonly string[] {
  const statements = [''];
  for (const [token] of script.matchAll(TOKEN)) {
    if (token === ';') statements.push('');
    else if (!token.startsWith('--') && !/^\\[a-z]/.test(token)) statements[statements.length - 1] += token;
  }
  return statements.map((statement) => statement.trim()).filter((statement) => statement !== '');
}
