// Campaigns for tests.
//
//	draft({name, …})	the body of a campaign that doubles purchases
//	await makeCampaign(partner, changes)	a draft; its answer
//	await activate(partner, changes)	the same, active
//	await setStatus(partner, id, status)	the answer, good or not
//	await analytics(partner, id)		its body
//	await reckon(partner)	what analytics should say of its last campaign:
//				{moved, all, roles, types, days}, added up from
//				the entries of the ledger and from the actions,
//				each [distributed, reversed]
//	paid(answer)		[tokens, campaignId, multiplier, limits]

import { good, rows } from './expect.mjs';
import { tenantOf } from './hooks.mjs';

export const CAMPAIGNS = '/v1/partner/campaigns';

export const draft = (changes = {}) => ({
	name: 'Twice',
	templateId: 'REWARD_MULTIPLIER',
	actionTypes: ['PURCHASE'],
	distribution: { baseMultiplier: 2 },
	...changes,
});

/* While the clock stands still, equal bytes would be one request. */
let spaces = 0;
const unique = (body) => JSON.stringify(body) + ' '.repeat(++spaces % 1000);

export async function makeCampaign(partner, changes) {
	return good(await partner.post(CAMPAIGNS, unique(draft(changes))),
	    201);
}

export function setStatus(partner, id, status) {
	return partner.signed('PATCH', `${CAMPAIGNS}/${id}`,
	    { body: unique({ status }) });
}

export async function activate(partner, changes) {
	const { campaignId } = await makeCampaign(partner, changes);
	return good(await setStatus(partner, campaignId, 'ACTIVE'));
}

export async function analytics(partner, id, query = '') {
	return good(await partner.get(`${CAMPAIGNS}/${id}/analytics${query}`));
}

export const paid = (answer) => {
	const { tokensDistributed, campaignId, multiplier, appliedLimits } =
	    good(answer);
	return [tokensDistributed, campaignId, multiplier, appliedLimits];
};

/** Shares of its actions, and what of them reversals took. */
const SHARES = (mine, what) => `SELECT ${what} AS name,
	sum(s.tokens) AS gave,
	sum((2 * s.tokens * a.reversed + 1000000) / 2000000) AS back
	FROM actions a
	JOIN shares s ON s.tenant = a.tenant AND s.action = a.id
	JOIN words w ON w.tenant = a.tenant AND w.id = a.type
	JOIN words r ON r.tenant = s.tenant AND r.id = s.role
	WHERE ${mine} GROUP BY 1 ORDER BY 1`;

export async function reckon(partner) {
	const { site } = partner, tenant = await tenantOf(partner);
	const mine = `a.tenant = ${tenant} AND a.campaign = (SELECT max(id)` +
	    ` FROM campaigns WHERE tenant = ${tenant})`;
	const by = async (what) => Object.fromEntries((await rows(site,
	    SHARES(mine, what))).map(({ name, gave, back }) =>
		[name, [gave, back]]));
	/* The ledger's own word for it: what left the pool. */
	const [{ moved }] = await rows(site, `SELECT coalesce(-sum(e.change), 0)
	    AS moved FROM actions a JOIN entries e ON e.tenant = a.tenant
	    AND e.kind = 2 AND e.owner = a.pool AND e.number = a.number
	    WHERE ${mine}`);
	return { moved, all: (await by("'all'")).all ?? [0, 0],
		roles: await by('r.word'), types: await by('w.word'),
		days: await by("date(a.created_at / 1000, 'unixepoch')") };
}
