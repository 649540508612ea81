// @ts-check
// What stands around the form, in each of its three modes.

import { alarm, button, h } from './dom.js';

/** @param {ShadowRoot} root @param {string} text a style sheet */
export function dress(root, text) {
	try {
		const made = new CSSStyleSheet();
		made.replaceSync(text);
		root.adoptedStyleSheets = [...root.adoptedStyleSheets, made];
	} catch {
		/* Browsers from before 2023, where no CSP forbids it. */
		root.append(h('style', {}, text));
	}
}

/**
 * The parts that stay while what is in `body` changes.
 * @param {string | null} mode
 * @param {{dir: string, lang: string, label: string, open: string,
 *	close: string}} say
 * @param {{open: () => void, close: () => void}} on
 */
export function frame(mode, say, on) {
	const body = h('div', { class: 'body' });
	const status = h('p', { role: 'status', class: 'status' });
	const card = h('div', { class: 'card', part: 'card',
		role: 'group', 'aria-label': say.label }, body, status,
	h('slot', { name: 'footer' }));
	const { dir, lang } = say;
	if (mode !== 'modal')
		return { body, status, card, dialog: null,
			node: h('div', { dir, lang }, card) };

	const close = h('button', { type: 'button', class: 'close',
		part: 'close', 'aria-label': say.close, onclick: on.close },
	'\u00d7');
	const dialog = h('dialog', { 'aria-label': say.label, part: 'dialog',
		onclick: (event) => {
			if (event.target === dialog)
				on.close();
		} }, close, card);
	return { body, status, card, dialog, node: h('div', { dir, lang },
		h('button', { type: 'button', class: 'main', part: 'button',
			'aria-haspopup': 'dialog', onclick: on.open },
		say.open), dialog) };
}

/** Mode button: one amount, one click.  As far as it goes, a Form. */
export class OneClick {
	/** @param {string} label @param {any} given @param {() => void} give */
	constructor(label, given, give) {
		this.read = () => given;
		this.button = button(label, give);
		this.alert = alarm();
		this.node = h('div', {}, this.button, this.alert);
	}

	refuse(text, errors, more) {
		this.alert.replaceChildren(h('p', {}, text), more || '');
	}

	setBusy(busy) {
		this.button.setAttribute('aria-busy', busy);
	}
}
