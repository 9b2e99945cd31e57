import { soakSeed, times } from '../soak';
import { crashMany } from './many';

test('wherever its process or one of its sessions is killed, running again ends as if nothing had happened', async () => {
  const kinds = ['process', 'working session', 'process', 'lock session'] as const;
  expect(await crashMany(soakSeed(), times(150, 8), kinds)).toEqual([]);
  // On a machine with other things to do.
}, 7_200_000);
