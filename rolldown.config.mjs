/**
 * What is published: three doors, and shared chunks that are loaded when something asks for them. A require() of some
 * hundred small files would cost an application a tenth of a second at every start.
 *
 * Chunks have their content in their name: a process that is still running finds those that it was built with.
 */
export default {
  input: { index: 'src/index.ts', prometheus: 'src/prometheus.ts', 'cli/main': 'src/cli/main.ts' },
  platform: 'node',
  // Everything that package.json names stays a require().
  external: /^(?![./])/,
  output: {
    dir: 'dist',
    format: 'cjs',
    entryFileNames: '[name].js',
    chunkFileNames: 'shared/[name]-[hash].js',
    // Whoever follows a stack trace reads the code as it is, so nothing is made smaller.
    minify: false,
  },
};
