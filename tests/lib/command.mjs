// How the operator's command is said, in this one place: each function gives
// the words after `almoner`.

export const words = {
	init: (dir) => ['init', '--dir', dir, '--test-site'],
	partner: ({ name, slug, approve }) =>
		['partner', 'create', '--name', name, '--slug', slug,
			...(approve ? ['--approve'] : [])],
	limit: ({ slug, limit }) => ['partner', 'set', '--partner', slug,
		'--rate-limit', String(limit)],
	key: ({ slug, side, scopes, expires, ip, origin }) =>
		['key', 'create', '--partner', slug, '--side', side,
			...(scopes === 'all' ? ['--all-scopes'] :
			scopes == null ? [] : ['--scopes', scopes]),
			...(expires == null ? [] : ['--expires', expires]),
			...(ip == null ? [] : ['--ip', ip]),
			...(origin == null ? [] : ['--origin', origin])],
	pool: ({ slug, side, name }) =>
		['pool', 'create', '--partner', slug, '--side', side,
			'--name', name, '--default'],
	allocate: ({ slug, side, pool, tokens }) =>
		['pool', 'allocate', '--pool', pool, '--partner', slug,
			'--side', side, '--tokens', String(tokens)],
	rule: ({ slug, side, type, perUnit, flat }) =>
		['rule', 'set', '--partner', slug, '--side', side,
			'--type', type,
			...(perUnit == null ? ['--flat', String(flat)] :
			['--per-unit', String(perUnit)])],
	verify: () => ['ledger', 'verify'],
};
