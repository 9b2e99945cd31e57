import { createTemplate, SERVER_VARIABLE, TEMPLATE_VARIABLE } from '../../postgres/database';
import { startEmbedded, type Embedded } from '../../postgres/embedded';
import { soakSeed, times } from '../soak';
import { crashMany } from './many';

let server: Embedded;
beforeAll(async () => {
  // What was committed has to be there after a stop; the machine itself stays up, so that nothing need be synced.
  server = await startEmbedded(undefined, ['synchronous_commit=on', 'full_page_writes=on']);
  process.env[SERVER_VARIABLE] = server.url;
  process.env[TEMPLATE_VARIABLE] = await createTemplate(server.url);
});
afterAll(() => server.stop());

test('wherever the server is stopped at once, running again after its recovery ends as if nothing had happened', async () => {
  expect(await crashMany(soakSeed(), times(50, 4), ['server'], server)).toEqual([]);
}, 7_200_000);
