// What stands between a site's programs and the kernel, by LD_PRELOAD.
//
//	const site = await useSite({ prepare: (site) => shim(site, 'sync') });
//
// compiles tests/fault/sync.c for the site and has all its programs load it.

import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import { root } from '../lib/site.mjs';

export function shim(site, name) {
	const library = `${site.dir}/bin/${name}.so`;
	execFileSync('cc', ['-std=c11', '-O2', '-Wall', '-Wextra',
		'-Wpedantic', '-Werror', '-shared', '-fPIC', '-o', library,
		`${root}/tests/fault/${name}.c`], { stdio: 'inherit' });
	fs.chmodSync(library, 0o755);
	/* A sanitizer must be told that it does not come first. */
	site.env.ASAN_OPTIONS += ':verify_asan_link_order=0';
	site.env.LD_PRELOAD = library;
}
