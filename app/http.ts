import express, { type Express, type RequestHandler } from 'express';
import type { Library } from './database';
import { answerErrors } from './http-errors';
import type { Readiness } from './readiness';
import { libraryRoutes } from './routes';

/** The HTTP side of BookNexus; it listens to nothing and connects to nothing. */
export function createHttp(library: Library, readiness: () => Readiness): Express {
  const app = express();
  app.disable('x-powered-by');
  app.get('/health', health(library, readiness));
  app.use(onlyWhenReady(readiness));
  app.use(express.json({ limit: '100kb' }));
  app.use(libraryRoutes(library.models));
  app.use((request, response) => void response.status(404).json({ error: `Nothing at ${request.path}` }));
  app.use(answerErrors);
  return app;
}

/** 503 until the database is repaired and synced. What stands in the way is in the log, not here. */
function health({ guard }: Library, readiness: () => Readiness): RequestHandler {
  return (_request, response) => {
    const { state } = readiness();
    if (state !== 'ready') return void response.status(503).json({ status: state });
    const outcome = guard.lastOutcome;
    response.json({
      status: 'ok',
      foreignKeys: outcome && { status: outcome.status, remaining: outcome.remaining.length },
    });
  };
}

function onlyWhenReady(readiness: () => Readiness): RequestHandler {
  return (_request, response, next) => {
    const { state } = readiness();
    if (state === 'ready') return next();
    response
      .status(503)
      .set('Retry-After', '5')
      .json({ error: `BookNexus is ${state}` });
  };
}
