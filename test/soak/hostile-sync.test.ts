import { NAME_SETS } from '../hostile/name-sets';
import { syncsUnder } from '../hostile/syncs-under';

syncsUnder(NAME_SETS);
