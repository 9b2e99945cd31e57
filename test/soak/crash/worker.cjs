// `node --import jiti/register` takes four times as long to start.
require('jiti').createJiti(__filename)('./worker.ts');
