import { fuzzParsers } from './parsers';

// A sample with new dice each time; `npm run test:soak -- fuzz` rolls 10,000 of each.
fuzzParsers(100);
