import { createServer, type Server } from 'node:http';
import { createTerminus } from '@godaddy/terminus';
import express from 'express';
import request from 'supertest';
import { fkGuardHealth } from 'sequelize-fk-guard';
import type { TestDatabase } from '../../postgres/database';
import { createFamily, guardOf, HIDDEN_ORPHAN } from './family';

// As docs/monitoring.md and docs/recipes have them.
let database: TestDatabase;
let guard: ReturnType<typeof guardOf>;
beforeEach(async () => {
  database = await createFamily(HIDDEN_ORPHAN);
  guard = guardOf(database.url, { sampleKeys: 5 });
});
afterEach(() => database.drop());

describe('Express', () => {
  const appOf = () => {
    const app = express();
    app.get('/livez', (_request, response) => void response.json({ status: 'pass' }));
    app.get('/health', async (_request, response) => {
      const health = await guard.health();
      response.status(health.status === 'fail' ? 503 : 200).json(health);
    });
    return app;
  };

  it('answers 200 with the findings while the application works, and 503 when it cannot', async () => {
    await guard.check();
    const warned = await request(appOf()).get('/health').expect(200);
    expect(warned.body).toMatchObject({
      status: 'warn',
      findings: [{ kind: 'not-valid-foreign-key' }, { kind: 'orphaned-rows', rows: 1 }],
    });
    expect(warned.text).not.toMatch(/sampleKeys|99/);
    await database.query('drop table children');
    await request(appOf()).get('/health').expect(503);
    await request(appOf()).get('/livez').expect(200);
  });
});

describe('@godaddy/terminus', () => {
  const serverOf = (): Server =>
    createTerminus(createServer(express()), {
      healthChecks: { '/health': fkGuardHealth(guard, { timeout: '2s' }) },
      signals: [],
    });

  it('shows the health, and 503 with the causes when it fails', async () => {
    const warned = await request(serverOf()).get('/health').expect(200);
    expect(warned.body).toMatchObject({
      status: 'ok',
      details: { status: 'warn', findings: [{ kind: 'not-valid-foreign-key' }] },
    });
    await database.query('drop table children');
    const failed = await request(serverOf()).get('/health').expect(503);
    expect(failed.body).toEqual({
      status: 'error',
      error: [
        {
          code: 'missing-table',
          message: 'The table public.children of the model public.children does not exist.',
        },
      ],
      details: expect.any(Array) as unknown[],
    });
  });

  it('rejects with an Error, and tells no address of a database that does not answer', async () => {
    const gone = guardOf('postgres://u:secret@127.0.0.1:1/none');
    const failure = fkGuardHealth(gone)();
    await expect(failure).rejects.toBeInstanceOf(Error);
    await expect(failure).rejects.toMatchObject({
      causes: [{ code: 'CONNECTION', message: 'The database does not answer (ECONNREFUSED).' }],
    });
  });
});
