// @ts-check
// After the checkout: what has become of the donation.  Loaded when a donor
// comes back, and not before.

import { button, fill, h, panel } from './dom.js';
import { Money } from './money.js';

/** Seconds before each question for a status: two minutes in all. */
const WAITS = [0, 1, 2, 3, 5, 8, 13, 21, 34, 33];

/** Statuses after which nothing more is to be waited for; and how each is
 * told: heading, sentence, what the donor can do. */
const ENDS = {
	COMPLETED: ['thanks', 'thanksText', 'more'],
	FAILED: ['failed', 'failedText', 'again'],
	EXPIRED: ['failed', 'failedText', 'again'],
	REFUNDED: ['refunded', 'refundedText', 'more'],
};

/** @param {number} seconds */
const sleep = (seconds) =>
    new Promise((done) => { setTimeout(done, seconds * 1000); });

/**
 * Ask for a status until it is final, more and more seldom.
 * @param {(status: any) => void} tell each answer
 * @param {() => boolean} wanted is anybody still waiting?
 * @throws {import('./client.js').Refusal} where asking again would not help
 */
async function watch(client, id, tell, wanted) {
	let least = 0;
	for (const wait of WAITS) {
		await sleep(Math.max(wait, least));
		if (!wanted())
			return;
		try {
			const answer = await client.status(id);
			least = 0;
			if (wanted())
				tell(answer);
			if (answer.status in ENDS)
				return;
		} catch (error) {
			if (error.definite)
				throw error;
			least = Math.min(error.retryAfter || 0, 60);
		}
	}
}

/** What the donor reads at the end of the last status, or of none. */
function outcome(status, { words, ...about }) {
	const [title, text, act] = ENDS[status?.status] ?? [];
	if (!title)
		return panel(words.pending, [words.pendingText],
		    button(words.askAgain, about.wait, 'plain'));
	const { tokensDistributed: n, nonprofit } = status;
	const said = fill(words[text], {
		amount: new Money(status.currency, about.lang)
			.show(status.amount),
		name: nonprofit?.name ?? about.name });
	const thanks = title === 'thanks';
	const node = panel(words[title], [said, ...(thanks && n > 0 ?
	    [fill(words.tokens, { n: n.toLocaleString(about.lang) })] : [])],
	thanks && h('slot', { name: 'thanks' }),
	button(words[act], about.reset, thanks ? 'plain' : 'main'));
	node.prepend(h('span', { class: `sign ${title}`,
		'aria-hidden': 'true' }, thanks ? '\u2713' : '!'));
	return node;
}

/**
 * From the return to the last word.
 * @param {string} id
 * @param {import('./client.js').Client} client
 * @param {any} widget what the widget lets us do; done: it was the last word
 */
export async function follow(id, client, widget) {
	let last = null;
	await watch(client, id, (answer) => {
		if (answer.status !== last?.status)
			widget.emit('status', answer);
		last = answer;
	}, widget.wanted);
	if (!widget.wanted())
		return;
	if (last?.status in ENDS) {
		const { status, tokensDistributed } = last;
		widget.done();
		widget.emit('complete', { partnerDonationId: id, status,
			tokensDistributed });
	}
	const node = outcome(last, widget);
	widget.show(node);
	widget.say(node.querySelector('h2').textContent);
}

export const sheet = `
.sign {
	display: grid; place-content: center; inline-size: 2em;
	block-size: 2em; border-radius: 50%; font-size: 1.5em; font-weight: 700;
	background: var(--soft); color: var(--accent);
}
.sign.failed { color: var(--bad) }
`;
