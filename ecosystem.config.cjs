// BookNexus under pm2: `npm run deploy`, or `npm run build && pm2 startOrReload ecosystem.config.cjs`. DATABASE_URL, PORT
// and DRAIN_DELAY_MS come from the environment of the shell that starts it. docs/booknexus.md has the whole story.
module.exports = {
  apps: [
    {
      name: 'booknexus-backend',
      script: 'build/app/server.js',
      cwd: __dirname,
      exec_mode: 'fork',
      instances: 1,
      // The app says `ready` when it listens and the database is repaired and synced (the guard's budget is 60 s).
      wait_ready: true,
      listen_timeout: 90_000,
      // More than the second of DRAIN_DELAY_MS and the 8 that running requests are given after it.
      kill_timeout: 10_000,
      // 78: the configuration is wrong, and starting again cannot mend that.
      stop_exit_codes: [78],
      // It waits for its database by itself; what ends it as often as this in a row needs a person. With a
      // restart delay instead, pm2 7.0.4 would show `waiting restart` for ever where it has stopped for good.
      min_uptime: 5_000,
      max_restarts: 10,
    },
  ],
};
