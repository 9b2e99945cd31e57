import { fuzzParsers } from '../fuzz/parsers';
import { soakSeed, times } from './soak';

fuzzParsers(times(10_000, 1_000), soakSeed());
