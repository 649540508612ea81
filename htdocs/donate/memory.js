// @ts-check
// The donation that a donor has left the page for: known by the address that
// the checkout sends them back to, or by the session of their tab.

const NAME = 'donate-widget';
const TAG = 'donate-widget';

/** How many widgets precede this one on its page. */
const place = (element) =>
    Array.from(document.querySelectorAll(TAG)).indexOf(element);

function write(value) {
	try {
		sessionStorage.setItem(NAME, JSON.stringify(value));
	} catch {
		/* No storage: then the address alone tells. */
	}
}

function read() {
	try {
		return JSON.parse(sessionStorage.getItem(NAME)) ?? {};
	} catch {
		return {};
	}
}

/** The donor leaves for the checkout of this donation. */
export function leave(element, id) {
	write({ id, at: place(element), page: location.pathname });
}

export function forget() {
	try {
		sessionStorage.removeItem(NAME);
	} catch {
		/* There was none. */
	}
}

/**
 * Is this widget the one that the donor comes back to?  The address is then
 * cleaned, so that a bookmark is one of the page.
 * @param {HTMLElement} element
 * @returns {{id: string, back: boolean} | null} back: from the checkout, not
 *	by the browser's own ways
 */
export function claim(element) {
	const here = new URL(location.href);
	const known = read();
	const id = here.searchParams.get('donation') || known.id;
	const same = known.id === id && known.page === location.pathname;
	const at = same && known.at < document.querySelectorAll(TAG).length ?
	    known.at : 0;
	const back = here.searchParams.has('donation') ||
	    Boolean(known.back);

	if (!/^[\w-]{1,64}$/.test(id ?? '') || place(element) !== at ||
	    !back && !same)
		return null;
	if (here.searchParams.has('donation')) {
		for (const name of ['donation', 'session_id'])
			here.searchParams.delete(name);
		history.replaceState(history.state, '', here);
		write({ id, at, page: location.pathname, back: true });
	}
	return { id, back };
}

/** The page as it is: where the checkout sends the donor. */
export function here() {
	const url = new URL(location.href);
	url.searchParams.delete('donation');
	return url.href;
}
