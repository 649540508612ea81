// @ts-check
// How it looks.  A page changes the --donate-* properties and the parts; type
// and size are the page's own.  Logical properties only: it is written from
// the right as well.  Targets of a thumb are at least 44 pixels.

const dark = `
	--fg: var(--donate-fg, #e9edf2);
	--bg: var(--donate-bg, #161b21);
	--accent: var(--donate-accent, #74d3bf);
	--on: var(--donate-on-accent, #06231e);
	--soft: color-mix(in srgb, var(--accent) 16%, var(--bg));
	--muted: #aeb8c4; --line: #7d8896; --edge: #313a44; --bad: #ffb4ab;
	color-scheme: dark;`;

export const sheet = `
:host {
	--fg: var(--donate-fg, #1b2430);
	--bg: var(--donate-bg, #fff);
	--accent: var(--donate-accent, #0b6b5a);
	--on: var(--donate-on-accent, #fff);
	--soft: color-mix(in srgb, var(--accent) 9%, var(--bg));
	--muted: #55606e; --line: #86909d; --edge: #dce1e7; --bad: #b3261e;
	--r: var(--donate-radius, .625em);
	--gap: var(--donate-gap, 1.25em);
	color-scheme: light;
	display: block;
	font-family: var(--donate-font, inherit);
	line-height: 1.45;
	max-inline-size: 30em;
}
@media (prefers-color-scheme: dark) {
	:host(:not([theme=light])) {${dark}}
}
:host([theme=dark]) {${dark}}
:host([hidden]), [hidden] { display: none !important }
:host([mode=button]), :host([mode=modal]) {
	display: inline-block; max-inline-size: 100%;
}
* { box-sizing: border-box }
.card {
	background: var(--bg); color: var(--fg);
	border: 1px solid var(--edge); border-radius: calc(var(--r) * 1.6);
	padding: clamp(1em, 5vw, 1.75em);
	overflow-wrap: anywhere;
}
:host([mode=button]) .card:not(:has(.panel)) {
	border: 0; padding: 0; background: none; color: inherit;
}
form, .body, .stack { display: grid; gap: var(--gap) }
.stack { gap: .75em }
.stack:empty { display: none }
h2, p, fieldset, legend { margin: 0; padding: 0; border: 0 }
fieldset { min-inline-size: 0 }
h2 { font-size: 1.35em; line-height: 1.25; font-weight: 650; outline: 0 }
legend, .field > span {
	display: block; margin-block-end: .4em; font-weight: 600;
	font-size: .9375em;
}
.small, small { font-size: .875em; color: var(--muted) }
.status:empty, .error:empty { display: none }
.status { margin-block-start: .75em; color: var(--muted); font-size: .9375em }

/* Choices: the radio button lies unseen over the whole of its label. */
.row { display: flex; flex-wrap: wrap; gap: .5em }
.row > * { flex: 1 1 auto }
.grid {
	display: grid; gap: .5em;
	grid-template-columns: repeat(auto-fit, minmax(7em, 1fr));
}
.pick { position: relative; display: grid }
.pick input {
	position: absolute; inset: 0; inline-size: 100%; block-size: 100%;
	margin: 0; opacity: 0; cursor: pointer;
}
.pick > span {
	display: grid; place-content: center; text-align: center;
	min-block-size: 2.75em; padding: .4em .75em;
	border: 1px solid var(--line); border-radius: var(--r);
	font-weight: 550;
	transition: background-color .15s;
}
.pick:hover > span { border-color: var(--accent) }
.pick input:checked + span {
	background: var(--soft); border-color: var(--accent);
	box-shadow: inset 0 0 0 1px var(--accent);
}
.check { display: flex; gap: .6em; align-items: center; min-block-size: 2.75em }
.check + .check { margin-block-start: -.75em }
.check input { inline-size: 1.25em; block-size: 1.25em; flex: none; margin: 0 }
input, select { accent-color: var(--accent) }

/* Fields. */
.field { display: block }
.pair {
	display: grid; gap: .75em;
	grid-template-columns: repeat(auto-fit, minmax(min(11em, 100%), 1fr));
}
.field input, select {
	inline-size: 100%; min-block-size: 2.75em; padding: .4em .75em;
	font: inherit; font-size: max(1em, 16px); color: inherit;
	background: var(--bg); border: 1px solid var(--line);
	border-radius: var(--r);
}
.field + .error, fieldset > .error { margin-block-start: .4em }
[aria-invalid=true] { border-color: var(--bad) !important }
.error { color: var(--bad); font-size: .9375em }
a { color: inherit }
[role=alert]:not(:empty) {
	padding: .75em 1em; border-radius: var(--r);
	border-inline-start: .25em solid var(--bad);
	background: color-mix(in srgb, var(--bad) 8%, var(--bg));
}
.sum:not(:empty) {
	padding-block-start: var(--gap);
	border-block-start: 1px solid var(--edge);
}

/* Buttons. */
button {
	font: inherit; cursor: pointer; min-block-size: 2.75em;
	border-radius: var(--r); border: 1px solid transparent;
}
.main {
	padding: .7em 1.25em; font-size: 1.0625em; font-weight: 650;
	background: var(--accent); color: var(--on);
}
form .main { inline-size: 100% }
.main:hover { filter: brightness(1.08) }
.plain {
	padding: .5em 1.25em; background: none; color: var(--fg);
	border-color: var(--line);
}
[aria-busy=true] { cursor: progress; filter: saturate(.3) }
:host([mode=button]) .error { margin-block-start: .75em }
.body:has(> .panel) + .status { position: absolute; clip-path: inset(50%) }
:focus-visible, .pick input:focus-visible + span {
	outline: 3px solid var(--accent); outline-offset: 2px;
}

/* Afterwards. */
.panel { display: grid; gap: .75em; justify-items: center; text-align: center }
.panel .plain, .panel .main { margin-block-start: .5em }

/* The dialog. */
dialog {
	padding: 0; border: 0; background: none; color: var(--fg);
	inline-size: min(30em, 100vw - 1.5em); max-inline-size: none;
	max-block-size: calc(100dvh - 1.5em);
	border-radius: calc(var(--r) * 1.6);
}
dialog::backdrop { background: rgb(10 16 22 / .55) }
.close {
	position: absolute; inset-block-start: .5em; inset-inline-end: .5em;
	inline-size: 2em; font-size: 1.375em; background: none; color: inherit;
}
dialog h2 { padding-inline-end: 1.5em }
dialog[open] { animation: in .2s }
@keyframes in { from { opacity: 0; transform: translateY(.5em) } }
@media (prefers-reduced-motion: reduce) {
	* { animation: none !important; transition: none !important }
}
@media (forced-colors: active) {
	.pick input:checked + span {
		forced-color-adjust: none; background: Highlight;
		color: HighlightText;
	}
	.main, .plain { border-color: ButtonText }
}
`;
