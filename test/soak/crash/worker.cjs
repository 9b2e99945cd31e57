// `node --import jiti/register` takes four times as long to start.
require('jiti').createJiti(`${__dirname}/worker.cjs`)('./worker.ts');
