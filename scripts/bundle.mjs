/**
 * Makes the code that is published: three doors, and shared chunks that are loaded when something asks for them. To
 * require some hundred small files would cost an application a tenth of a second at every start.
 */
import { fileURLToPath } from 'node:url';
import { build } from 'rolldown';

await build({
  cwd: fileURLToPath(new URL('..', import.meta.url)),
  input: { index: 'src/index.ts', prometheus: 'src/prometheus.ts', 'cli/main': 'src/cli/main.ts' },
  platform: 'node',
  // Everything that package.json names stays a require().
  external: /^(?![./])/,
  output: {
    dir: 'dist',
    format: 'cjs',
    entryFileNames: '[name].js',
    // With their content in their name: a process that is still running finds those that it was built with.
    chunkFileNames: 'shared/[name]-[hash].js',
    // Whoever follows a stack trace reads the code as it is.
    minify: false,
  },
});
