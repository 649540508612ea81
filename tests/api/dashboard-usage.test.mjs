// GET /dashboard/api-usage: what was asked of us, by day of the site's clock,
// with the minute that is not written down yet.

import assert from 'node:assert/strict';
import test from 'node:test';
import { good, refused } from '../lib/expect.mjs';
import { until, useSite } from '../lib/site.mjs';

const DAY = 86400;
const USAGE = '/v1/partner/dashboard/api-usage';
const CLASSES = ['status2xx', 'status3xx', 'status4xx', 'status5xx'];

const site = await useSite();
const usage = async (partner, query = '') => {
	site.clock.advance(1);
	return good(await partner.get(USAGE + query));
};

/** An answer is counted when it was sent, so the count may come after it. */
async function counted(partner, wanted) {
	let day;
	assert.ok(await until(async () => {
		[day] = (await usage(partner, '?days=1')).data;
		return wanted(day);
	}, 5000), JSON.stringify(day));
	return day;
}

test('days that cannot be', async () => {
	const acme = await site.partner();
	for (const days of ['0', '-1', '91', 'x', '1.5', ''])
		refused(await acme.get(`${USAGE}?days=${days}`), 400,
		    'INVALID_REQUEST', ['/days']);
	for (const days of [1, 2, 90]) {
		const body = await usage(acme, `?days=${days}`);
		assert.equal(body.days, days);
		assert.equal(body.data.length, days);
	}
	assert.equal((await usage(acme)).days, 7);
});

test('by status class, before the minute is over', async () => {
	const acme = await site.partner();
	for (let i = 0; i < 5; i++)
		good(await acme.submit());
	refused(await acme.get('/v1/partner/actions/x'), 404, 'NOT_FOUND');
	const day = await counted(acme, (d) => d.status4xx === 1 &&
		d.status2xx >= 5);
	assert.equal(day.date, new Date(site.clock.now() * 1000)
	    .toISOString().slice(0, 10));
	assert.equal(CLASSES.reduce((sum, name) => sum + day[name], 0),
	    day.requests);
	assert.deepEqual([day.status3xx, day.status5xx, day.rateLimited],
	    [0, 0, 0]);
	assert.ok(day.p50Ms > 0 && day.p95Ms >= day.p50Ms);
});

test('the turn of a minute loses none and tells none twice', async () => {
	const acme = await site.partner();
	for (let i = 0; i < 6; i++) {
		for (let k = 0; k < 5; k++) {
			site.clock.advance(1);
			good(await acme.get('/v1/partner/users'));
		}
		site.clock.advance(60);
	}
	/* 30 of these, and however often we looked before. */
	let looks = 0;
	await counted(acme, (d) => d.requests === 30 + looks++);
	site.clock.advance(60);
	await counted(acme, (d) => d.requests === 30 + looks++);
});

test('what went over the limit', async () => {
	const acme = await site.partner({ limit: 10 });
	site.clock.set(Math.floor(site.clock.now() / 60) * 60 + 60);
	let limited = 0;
	for (let i = 0; i < 15; i++) {
		site.clock.advance(1);
		const { status } = await acme.get('/v1/partner/users');
		limited += status === 429;
	}
	assert.equal(limited, 5);
	site.clock.set(Math.floor(site.clock.now() / 60) * 60 + 60);
	const day = await counted(acme, (d) => d.rateLimited === 5);
	assert.ok(day.status4xx >= 5);
	site.clock.set(Math.floor(site.clock.now() / 60) * 60 + 60);
	const { rateLimit } = await usage(acme);
	assert.deepEqual([rateLimit.limit, rateLimit.remaining,
		Date.parse(rateLimit.resetsAt) / 1000 % 60], [10, 9, 0]);
});

test('yesterday is yesterday\'s', async () => {
	const acme = await site.partner();
	good(await acme.submit());
	await counted(acme, (d) => d.requests > 0);
	site.clock.advance(DAY);
	await usage(acme, '?days=3');
	const { data } = await usage(acme, '?days=3');
	assert.ok(data[1].requests >= 2);
	assert.equal(data[2].requests, 0);
	assert.deepEqual([data[2].p50Ms, data[2].p95Ms], [null, null]);
	assert.equal(Date.parse(data[0].date) - Date.parse(data[1].date),
	    DAY * 1000);
	site.clock.advance(90 * DAY);
	const later = await usage(acme, '?days=90');
	assert.ok(later.data.slice(1).every((d) => d.requests === 0));
});

test('a sandbox that is ahead counts by the real day', async () => {
	const acme = await site.partner();
	site.clock.advance(1);
	good(await acme.post('/v1/partner/sandbox/clock',
	    { advanceSeconds: 40 * DAY }));
	const real = new Date(site.clock.now() * 1000).toISOString();
	const { data } = await usage(acme, '?days=1');
	assert.equal(data[0].date, real.slice(0, 10));
});

test('another partner\'s requests are not told', async () => {
	const [acme, other] = [await site.partner(), await site.partner()];
	for (let i = 0; i < 5; i++)
		good(await other.submit());
	await counted(other, (d) => d.requests >= 5);
	assert.ok((await usage(acme, '?days=1')).data[0].requests <= 1);
});
