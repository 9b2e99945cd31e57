import { visible } from '../visible';
import type { JsonDocument, Tool } from './json';
import { EVENT_SCHEMA } from './links';

/** The first line of `--format ndjson`. */
export const startLine = (command: string, tool: Tool, startedAt: string): string =>
  line({ $schema: EVENT_SCHEMA, event: 'start', schemaVersion: 1, at: startedAt, command, tool });

/** One thing that has happened; `what` is the event's own fields. */
export const eventLine = (event: string, at: string, what: object): string => line({ event, at, ...what });

/** The last line: the same document that `--format json` writes. */
export const endLine = (document: JsonDocument): string =>
  line({
    event: 'end',
    at: new Date(Date.parse(document.startedAt) + document.durationMs).toISOString(),
    document,
  });

/** JSON escapes line breaks itself, and `visible` the rest of what a terminal would act on. */
const line = (data: object): string => `${visible(JSON.stringify(data))}\n`;
