// BookNexus under pm2: `npm run build && pm2 startOrReload ecosystem.config.cjs`. DATABASE_URL and PORT come from the
// environment of the shell that starts it.
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
      kill_timeout: 10_000,
      // 78: the configuration is wrong, and starting again cannot mend that.
      stop_exit_codes: [78],
      exp_backoff_restart_delay: 200,
    },
  ],
};
