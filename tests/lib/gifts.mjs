// Donations for tests: links as a widget asks for them, and the pages of
// ours that donors see.
//
//	const link = good(await give(shop, wish));	// see stripe.mjs
//	await allow(shop, 'tip', '10')	almoner partner set --tip 10 …
//	const html = shown(await visit(site, id))	the checkout
//	await visit(site, id, 'thanks')
//	await pay(site, id, '0002')	the card …0002; told(), or the page
//	await step(site, id, 'refund', more)
//	await form(site, target, fields)	any form, as browsers send it
//	led(answer)	the address that a 303 leads to
//	shown(answer, status)	the HTML, with the headers that pages have
//	told(answer, status)	what an error page says, as text
//	donor	one who says all of themselves

import assert from 'node:assert/strict';
import { good } from './expect.mjs';
import { give } from './stripe.mjs';

export { give, gifts, status } from './stripe.mjs';

export const CARDS = { 4242: '4242 4242 4242 4242',
	'0002': '4000 0000 0000 0002', '0077': '4000-0000-0000-0077' };

/** All of it must never be in what a page can ask for. */
export const donor = { donorEmail: 'zoe.private@example.org',
	firstName: 'Zo\u00ebprivate', lastName: "O'Private",
	address: '1 Private Road', phone: '+1555PRIVATE',
	partnerUserId: 'private_42', referralCode: 'privateref',
	metadata: { note: 'privatenote' } };
export const secrets = ['private', 'Private', 'PRIVATE'];

export const allow = ({ site, slug }, ...options) => site.arrange('partner',
    'set', '--partner', slug, ...options);

export const start = async (partner, wish, options) => good(await give(
    partner, wish, options)).partnerDonationId;

export const form = (site, target, fields, headers = {}) =>
	site.request('POST', target, {
		body: String(new URLSearchParams(fields)), headers: {
			'Content-Type': 'application/x-www-form-urlencoded',
			...headers },
	});

export const visit = (site, id, page = '') => site.request('GET',
    `/v1/checkout/${id}${page && `/${page}`}`, {});

export const step = (site, id, name, more = {}) => form(site,
    `/v1/checkout/${id}`, { step: name, ...more });

export const pay = (site, id, card = '4242') => step(site, id, 'pay',
    { card: CARDS[card] ?? card });

export function led(answer) {
	assert.equal(answer.status, 303, answer.text);
	assert.equal(answer.text, '');
	return answer.headers.location;
}

export function shown(answer, code = 200) {
	const { status, headers, text } = answer;
	assert.equal(status, code, text);
	assert.equal(headers['content-type'], 'text/html; charset=utf-8');
	assert.match(headers['content-security-policy'], new RegExp('^' +
	    "default-src 'none'; style-src 'self'" +
	    "( http://\\S+/give/checkout/page\\.css)?; base-uri 'none'; " +
	    "frame-ancestors 'none'; form-action 'self' https:( http:)?$"));
	assert.equal(headers['referrer-policy'], 'no-referrer');
	assert.equal(headers['x-content-type-options'], 'nosniff');
	assert.equal(headers['cache-control'], 'no-store');
	assert.match(headers['x-request-id'], /^req_[0-9a-f]{24}$/);
	assert.match(text, /^<!doctype html>\n<html lang="en">/);
	assert.doesNotMatch(text, /<script|<style|<[^>]+ style=/i);
	return text;
}

/** Tags away, and what was escaped as it was. */
export const plain = (html) => html.replace(/^[^]*<main>|<[^>]*>/g, ' ')
    .replaceAll('&lt;', '<').replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"').replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&').replace(/\s+/g, ' ').trim();

export const told = (answer, code) => plain(shown(answer, code));
