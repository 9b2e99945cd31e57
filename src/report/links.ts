import type { ProblemKind } from '../problems';

/** Where the package's own files can be read by their version's name, without an account. */
const FILES = 'https://unpkg.com/sequelize-fk-guard';

/** What a document of `--format json` looks like. */
export const DOCUMENT_SCHEMA = `${FILES}/docs/schemas/document.schema.json`;

/** The same of one line of `--format ndjson`. */
export const EVENT_SCHEMA = `${FILES}/docs/schemas/event.schema.json`;

/** The chapter of docs/problems.md that is about a kind of problem. */
export const problemUrl = (kind: ProblemKind): string => `${FILES}/docs/problems.md#${kind}`;
