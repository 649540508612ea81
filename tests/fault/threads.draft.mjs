import assert from 'node:assert/strict';
import http from 'node:http';
import fs from 'node:fs';
import { startSite, purchase, kill, until } from '../lib/site.mjs';
import { Random } from '../lib/random.mjs';
const site = await startSite({ procs: 1, build: process.env.B ?? '/tmp/b-tsan', env: { TSAN_OPTIONS: 'history_size=4' } });
const acme = await site.partner({ tokens: 1e9 });
const agents = Array.from({ length: 40 }, () => new http.Agent({ keepAlive: true, timeout: 3000 }));
const r = new Random(1);
let stop = false; const counts = {};
let spare = await acme.newKey();
const done = [];
const acts = [
 (o) => acme.submit({ stakeholders: [{ stakeholderTypeCode: 'CUSTOMER', partnerUserId: `u${r.below(50)}` }] }, o).then((a) => { if (a.status === 200) done.push(a.body.actionId); return a; }),
 (o) => { const b = purchase(); return Promise.all([acme.post('/v1/partner/actions/submit', b, o), acme.post('/v1/partner/actions/submit', b)]).then((a) => a[0]); },
 (o) => acme.post('/v1/partner/actions/bulk', { actions: Array.from({ length: 5 }, () => purchase()) }, o),
 (o) => acme.post(`/v1/partner/users/u${r.below(50)}/redeem`, { tokens: 1 + r.below(30), idempotencyKey: `r${Math.random()}` }, o),
 (o) => done.length ? acme.post(`/v1/partner/actions/${r.pick(done)}/reverse`, { refundIdempotencyKey: `x${Math.random()}`, reversalPercentage: 10 }, o) : acme.submit({}, o),
 (o) => acme.get('/v1/partner/actions', o),
 (o) => acme.get(`/v1/partner/users/u${r.below(50)}/balance`, o),
 (o) => acme.get('/v1/partner/users', o),
 (o) => acme.get('/v1/partner/token-pools', o),
 (o) => acme.get('/v1/partner/actions', { ...o, signature: '00' }),
 (o) => spare.submit({}, o),
 (o) => spare.get('/v1/partner/users', o),
 (o) => acme.post('/v1/partner/users', { externalId: `n${r.below(1000)}` }, o),
 (o) => acme.post('/v1/partner/actions/submit', '{"bad', o),
 (o) => acme.get('/v1/nowhere', o),
];
const t0 = Date.now();
const clients = agents.map(async (agent) => { while (!stop) { const a = await r.pick(acts)({ agent }).catch((e) => ({ status: e.code })); counts[a.status] = (counts[a.status] ?? 0) + 1; } });
for (let i = 0; i < 8; i++) {
  await new Promise((f) => setTimeout(f, 1500));
  site.clock.advance(61);
  const next = await acme.newKey();
  await site.cli('key', 'revoke', '--key', spare.keyId).catch((e) => console.log(String(e).slice(0, 300)));
  spare = next;
}
const w = site.workers(); console.log('workers', w.length);
for (const pid of w) console.log(fs.readFileSync(`/proc/${pid}/status`, 'utf8').match(/Threads.*/)[0], fs.readlinkSync(`/proc/${pid}/exe`));
kill(w, 'SIGTERM');
await new Promise((f) => setTimeout(f, 1000));
console.log('gone', !site.workers().some((p) => w.includes(p)));
stop = true; await Promise.all(clients);
console.log(counts, Date.now() - t0);
for (const x of agents) x.destroy();
await site.verify();
console.log(site.log().split('\n').slice(-5));
try { await site.stop(); } catch (e) { fs.writeFileSync('/tmp/w/tsan.out', e.message); console.log('REPORTS', e.message.length); }
