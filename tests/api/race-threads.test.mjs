// The races of race.test.mjs, inside one process of many threads.

process.env.RACE_PROCS = '1';
await import('./race.test.mjs');
