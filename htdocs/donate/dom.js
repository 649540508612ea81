// @ts-check
// Elements, made without markup: nothing that the API says is ever read as
// HTML, and pages that require Trusted Types have nothing to object to.

/**
 * @param {string} tag
 * @param {Record<string, any>} [attributes] onclick: a listener; true: an
 *	attribute without a value; false, null: none
 * @param {...(Node | string | null | undefined | false)} children
 * @returns {any} the element
 */
export function h(tag, attributes = {}, ...children) {
	const node = document.createElement(tag);
	for (const [name, value] of Object.entries(attributes)) {
		if (typeof value === 'function')
			node.addEventListener(name.slice(2), value);
		else if (value !== false && value !== null &&
		    value !== undefined)
			node.setAttribute(name, value === true ? '' : value);
	}
	for (const child of children)
		if (child)
			node.append(child);
	return node;
}

/** "{amount} of {goal}" with what they are. */
export function fill(text, values) {
	return text.replace(/\{(\w+)\}/g, (all, name) => values[name] ?? all);
}

/** A heading that can be gone to, sentences, and what can be done. */
export const panel = (title, texts, ...more) => h('div', { class: 'panel' },
	h('h2', { tabindex: -1, part: 'title' }, title),
	...texts.map((text) => h('p', {}, text)), ...more);

/** What went wrong: read out at once. */
export const alarm = (...children) => h('div', { role: 'alert',
	class: 'error', part: 'error' }, ...children);

export const button = (text, onclick, look = 'main') => h('button',
	{ type: 'button', class: look, part: 'button', onclick }, text);
