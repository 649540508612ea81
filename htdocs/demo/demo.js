// @ts-check
// The demonstration's own script: it gives the widgets the key of the address,
// ?key=pk_test_…, and writes down what they say.  A page of yours has its key
// in its HTML, where it may be read by anybody: it is publishable.

const EVENTS = ['ready', 'change', 'submit', 'link', 'redirect', 'status',
	'complete', 'error'];
const NAME = 'demo-key';
const LINES = 30;

const log = /** @type {HTMLElement} */ (document.querySelector('#log'));

/** The key stays with the tab, since the checkout sends the donor back. */
function key() {
	const given = new URL(location.href).searchParams.get('key');
	if (given)
		sessionStorage.setItem(NAME, given);
	return given ?? sessionStorage.getItem(NAME);
}

/** @param {Event} event */
function write(event) {
	const line = document.createElement('li');
	const name = document.createElement('b');
	const text = document.createElement('code');
	name.textContent = event.type;
	text.textContent = JSON.stringify(/** @type {CustomEvent} */
	    (event).detail);
	line.append(name, ' ', text);
	log.prepend(line);
	while (log.children.length > LINES)
		log.lastElementChild?.remove();
}

for (const name of EVENTS)
	document.addEventListener(`donate:${name}`, write);

const found = key();
for (const widget of document.querySelectorAll('donate-widget')) {
	if (found)
		widget.setAttribute('key', found);
	for (const link of widget.querySelectorAll('a[href^=".."]'))
		link.setAttribute('href',
		    `${link.getAttribute('href')}?key=${found}`);
}
/** @type {HTMLElement} */ (document.querySelector('#no-key')).hidden =
    Boolean(found);
