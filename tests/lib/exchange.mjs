// Exchanges for tests, in both directions.
//
//	await programme(partner, changes)	MILES: 10 tokens are 1 point
//	await earn(partner, user, tokens)	the action that gave them
//	await exchange(partner, changes)	an answer: 100 tokens of "ann"
//	await revert(partner, id, key)
//	await history(partner, user)		[[type, tokens], …], oldest
//						first
//	const secret = await listen(partner, { symbol, secret })
//						points may come in; its secret
//	points(changes)				what a platform tells of them
//	await tell(site, body, secret)		an answer
//	hash(n)					64 hex digits

import { purchase } from './site.mjs';
import { good } from './expect.mjs';

const EXCHANGES = '/v1/partner/exchanges';

let keys = 0;

const side = (partner) =>
	['--partner', partner.slug, '--side', partner.side];

export const programme = (partner, changes = {}) => {
	const { code, name, tokenName, tokenSymbol, tokens, points, status } =
	    { code: 'MILES', name: 'Blue Sky', tokenName: 'Blue Miles',
		tokenSymbol: 'BLUE', tokens: 10, points: 1, ...changes };
	return partner.site.arrange('programme', 'set', ...side(partner),
	    '--code', code, '--name', name, '--token-name', tokenName,
	    '--token-symbol', tokenSymbol, '--tokens', String(tokens),
	    '--points', String(points),
	    ...(status === undefined ? [] : ['--status', status]));
};

export const earn = async (partner, user, tokens, changes = {}) =>
	good(await partner.submit(purchase({ amount: tokens,
		stakeholders: [{ stakeholderTypeCode: 'CUSTOMER',
			partnerUserId: user }], ...changes })));

export const exchange = (partner, changes = {}) =>
	partner.post(EXCHANGES, { partnerUserId: 'ann', tokens: 100,
		programme: 'MILES', membershipId: 'M-1',
		idempotencyKey: `x${++keys}`, ...changes });

export const revert = (partner, id, idempotencyKey = `b${++keys}`) =>
	partner.post(`${EXCHANGES}/${id}/revert`, { idempotencyKey });

export async function history(partner, user) {
	const { data } = good(await partner.get(
	    `/v1/partner/users/${user}/transactions?limit=100`));
	return data.map(({ type, tokens }) => [type, tokens]).reverse();
}

export async function listen(partner, { symbol, secret } = {}) {
	const made = await partner.site.arrange('inbound', 'set',
	    ...side(partner), '--format', 'points',
	    ...(symbol === undefined ? [] : ['--token-symbol', symbol]),
	    ...(secret === undefined ? [] : ['--secret', secret]));
	return made.secret;
}

export const hash = (n) => n.toString(16).padStart(64, '0');

export const points = (changes = {}) => ({ amount: 100,
	token_name: 'Blue Miles', token_symbol: 'BLUE',
	transaction_type: 'credit', tx_hash: hash(++keys * 7919),
	tx_hash_reverted: null, auth_id: 'bob',
	timestamp: '2025-05-10T11:20:00', ...changes });

export const basic = (secret) =>
	`Basic ${Buffer.from(secret).toString('base64')}`;

export const tell = (site, body, secret, headers = {}) =>
	site.request('POST', '/v1/inbound/points', {
		body: typeof body === 'string' ? body : JSON.stringify(body),
		headers: { 'Content-Type': 'application/json',
			...(secret === undefined ? {} :
			    { Authorization: basic(secret) }), ...headers },
	});
