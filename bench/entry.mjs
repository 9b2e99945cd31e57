/**
 * What requiring the library adds to the start of an application that has loaded Sequelize and pg already: the median
 * of fresh processes, since only the first require in a process costs anything. `npm run build` comes first.
 */
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const library = fileURLToPath(new URL('../dist/index.js', import.meta.url));
const program = `
  require('sequelize'), require('pg');
  const start = process.hrtime.bigint();
  require(${JSON.stringify(library)});
  console.log(Number(process.hrtime.bigint() - start) / 1e6);`;

const times = Array.from({ length: 41 }, () =>
  Number(execFileSync(process.execPath, ['-e', program], { encoding: 'utf8' })),
).sort((a, b) => a - b);
const at = (fraction) => times[Math.floor(fraction * (times.length - 1))].toFixed(1);
console.log(
  `require('sequelize-fk-guard') on Node ${process.version}: ${at(0.5)} ms (fastest ${at(0)}, nine of ten ${at(0.9)})`,
);
