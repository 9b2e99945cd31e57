import express, { type Express, type RequestHandler } from 'express';
import type { Library } from './database';
import { answerErrors, sayAway } from './http-errors';
import { page, securityHeaders } from './page';
import type { Probe } from './probe';
import { probes } from './probes';
import type { Readiness } from './readiness';
import { libraryRoutes } from './routes';

/** A request that waits longer, on a server that has gone silent, is answered 503. */
const LONGEST_REQUEST_MS = 10_000;

interface Surroundings {
  readonly probe: Probe;
  readonly readiness: () => Readiness;
  readonly longestRequestMs?: number;
}

/** The HTTP side of BookNexus; it listens to nothing and connects to nothing. */
export function createHttp(
  library: Library,
  { probe, readiness, longestRequestMs = LONGEST_REQUEST_MS }: Surroundings,
): Express {
  const app = express();
  app.disable('x-powered-by');
  app.use(securityHeaders);
  app.use(probes({ guard: library.guard, probe, readiness }));
  app.use(page());
  app.use(onlyWhenReady(readiness));
  app.use(answerInTime(longestRequestMs));
  app.use(express.json({ limit: '100kb' }));
  app.use(libraryRoutes(library));
  app.use((request, response) => void response.status(404).json({ error: `Nothing at ${request.path}` }));
  app.use(answerErrors);
  return app;
}

/** The tables may not be there yet. While it stops it goes on: only the probes say so. */
function onlyWhenReady(readiness: () => Readiness): RequestHandler {
  return (_request, response, next) => {
    const { state } = readiness();
    if (state === 'ready') next();
    else sayAway(response, `BookNexus is ${state}`);
  };
}

function answerInTime(limitMs: number): RequestHandler {
  return (_request, response, next) => {
    const late = setTimeout(() => {
      if (!response.headersSent) sayAway(response, 'The database does not answer');
    }, limitMs);
    response.once('close', () => clearTimeout(late));
    next();
  };
}
