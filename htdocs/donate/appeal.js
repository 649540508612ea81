// @ts-check
// What an appeal adds to the form: how far it has come, and thank-you gifts.
// Loaded where a page names an appeal.

import { fill, h } from './dom.js';
import { Money } from './money.js';

/**
 * @param {any} appeal of GET /appeals/:id
 * @param {import('./words.js').Words} words
 * @param {string} lang
 */
export function progress(appeal, words, lang) {
	const { title, goal, raised, donors: n } = appeal;
	const money = new Money(appeal.currency, lang);
	const text = fill(goal > 0 ? words.raised : words.raisedOnly,
	    { raised: money.show(raised), goal: money.show(goal) });
	return h('div', { class: 'appeal', part: 'progress' },
		h('b', {}, title),
		goal > 0 && h('progress', { max: goal, 'aria-label': title,
			value: Math.min(raised, goal) }),
		h('p', { class: 'small' },
		    `${text} \u00b7 ${fill(words.donors, { n })}`));
}

/** "from $60 · Left: 3" */
function terms(perk, words, money) {
	return [money && perk.minAmount > 0 && fill(words.from,
	    { amount: money.show(perk.minAmount) }),
	perk.remaining === 0 ? words.soldOut : perk.remaining !== null &&
	    fill(words.left, { n: perk.remaining })]
		.filter(Boolean).join(' \u00b7 ');
}

/** The perks, as a part of the form, and the question of the chosen one.
 * @param {any} form a Form */
export function perks(form) {
	const { words, options: { appeal, money } } = form;
	if (appeal.perks.length === 0)
		return null;
	const answer = form.text('answer', '', { maxlength: 200 });
	form.ask = (question) => {
		answer.hidden = !question;
		answer.querySelector('span').textContent = question ?? '';
	};
	return h('div', { class: 'stack' }, form.group('perk', words.perks,
	    'column', form.radio('perk', 0, words.noPerk),
	    ...appeal.perks.map((perk) => form.radio('perk', perk.id,
		h('span', {}, h('b', {}, perk.title),
			perk.description && h('small', {}, perk.description),
			h('small', {}, terms(perk, words,
			    appeal.currency === money.currency && money))),
		perk.remaining === 0))), answer);
}

export const sheet = `
.appeal { display: grid; gap: .4em }
progress {
	appearance: none; inline-size: 100%; block-size: .625em; border: 0;
	border-radius: 1em; overflow: hidden; background: var(--edge);
	color: var(--accent);
}
progress::-webkit-progress-bar { background: var(--edge) }
progress::-webkit-progress-value {
	background: var(--accent); border-radius: 1em;
}
progress::-moz-progress-bar { background: var(--accent); border-radius: 1em }

.column { display: grid; gap: .5em }
.column .pick > span {
	place-content: center start; text-align: start; font-weight: 400;
}
.column .pick > span > span { display: grid; gap: .1em }
.column b { font-weight: 600 }
.pick input:disabled { cursor: not-allowed }
.pick input:disabled + span {
	border-style: dashed; border-color: var(--line); color: var(--muted);
}
@media (forced-colors: active) {
	progress { border: 1px solid CanvasText }
	progress::-webkit-progress-value { forced-color-adjust: none;
		background: Highlight }
}
`;
