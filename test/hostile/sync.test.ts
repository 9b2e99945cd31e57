import { NAME_SETS, NASTIEST } from './name-sets';
import { syncsUnder } from './syncs-under';

syncsUnder([NASTIEST, ...NAME_SETS.filter(({ title }) => /JavaScript/.test(title))]);
