// The systems that shared hosts have, as far as a program can see them that
// brings its libraries along: where the authorities of certificates lie, and
// under which other names; what nsswitch.conf says, if there is one; and the
// libraries and settings that are there to be stumbled over.
//
//	for (const [name, system] of Object.entries(systems))
//		tree(folder, system, certificate);
//
// Links are as the systems' packages make them.

import fs from 'node:fs';
import path from 'node:path';

const RHEL = '/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem';
const DEBIAN = '/etc/ssl/certs/ca-certificates.crt';

export const systems = {
	'CentOS 7, CloudLinux 7': {
		bundle: RHEL,
		links: { '/etc/pki/tls/certs/ca-bundle.crt': RHEL },
		hosts: 'files dns myhostname', passwd: 'files sss',
		libraries: '/lib64',
		openssl: '/etc/pki/tls/openssl.cnf',
	},
	'AlmaLinux 9': {
		bundle: RHEL,
		links: { '/etc/pki/tls/certs/ca-bundle.crt': RHEL,
			'/etc/ssl/certs': '/etc/pki/tls/certs',
			'/lib64': 'usr/lib64' },
		hosts: 'files dns myhostname', passwd: 'sss files systemd',
		libraries: '/usr/lib64',
		openssl: '/etc/pki/tls/openssl.cnf',
	},
	'Fedora 42': {
		bundle: RHEL,
		links: { '/lib64': 'usr/lib64' },
		hosts: 'files myhostname mdns4_minimal [NOTFOUND=return] ' +
		    'resolve [!UNAVAIL=return] dns',
		passwd: 'files systemd', libraries: '/usr/lib64',
		openssl: '/etc/pki/tls/openssl.cnf',
	},
	'Ubuntu 20.04': {
		bundle: DEBIAN,
		hosts: 'files mdns4_minimal [NOTFOUND=return] dns',
		passwd: 'files systemd', libraries: '/lib/x86_64-linux-gnu',
		openssl: '/usr/lib/ssl/openssl.cnf',
	},
	'Ubuntu 24.04': {
		bundle: DEBIAN, links: { '/lib': 'usr/lib' },
		hosts: 'files dns', passwd: 'files systemd sss',
		libraries: '/usr/lib/x86_64-linux-gnu',
		openssl: '/usr/lib/ssl/openssl.cnf',
	},
	'Debian 11': {
		bundle: DEBIAN, hosts: 'files dns', passwd: 'files',
		libraries: '/lib/x86_64-linux-gnu',
		openssl: '/usr/lib/ssl/openssl.cnf',
	},
	'Debian 13': {
		bundle: DEBIAN, links: { '/lib': 'usr/lib' },
		hosts: 'mymachines resolve [!UNAVAIL=return] files ' +
		    'myhostname dns',
		passwd: 'files systemd',
		libraries: '/usr/lib/x86_64-linux-gnu',
		openssl: '/usr/lib/ssl/openssl.cnf',
	},
	'openSUSE': {
		bundle: '/var/lib/ca-certificates/ca-bundle.pem',
		links: { '/etc/ssl/ca-bundle.pem':
			'/var/lib/ca-certificates/ca-bundle.pem' },
		nsswitch: '/usr/etc/nsswitch.conf',
		hosts: 'files mdns_minimal [NOTFOUND=return] dns',
		passwd: 'compat systemd', libraries: '/usr/lib64',
		openssl: '/etc/ssl/openssl.cnf',
	},
	'Alpine': {
		bundle: DEBIAN, links: { '/etc/ssl/cert.pem':
			'certs/ca-certificates.crt' },
		libraries: '/lib', openssl: '/etc/ssl/openssl.cnf',
	},
	'Alpine without ca-certificates': {
		bundle: '/etc/ssl/cert.pem',
		libraries: '/lib', openssl: '/etc/ssl/openssl.cnf',
	},
};

/** Make it below the folder: {path: text} of all files, links besides. */
export function tree(folder, system, certificate) {
	for (const [name, to] of Object.entries(system.links ?? {})) {
		fs.mkdirSync(path.dirname(folder + name),
		    { recursive: true });
		fs.symlinkSync(to, folder + name);
	}
	const files = {
		[system.bundle]: certificate,
		[system.openssl]: 'no = configuration = of ours\n',
		'/etc/hosts': '127.0.0.1 localhost\n127.0.0.1 good.test\n',
		'/etc/resolv.conf': 'nameserver 127.0.0.1\n',
	};
	if (system.hosts !== undefined)
		files[system.nsswitch ?? '/etc/nsswitch.conf'] =
		    `passwd: ${system.passwd}\nhosts: ${system.hosts}\n`;
	/* Whoever loads these ends at once. */
	for (const name of ['sss', 'myhostname', 'resolve', 'files', 'dns'])
		files[`${system.libraries}/libnss_${name}.so.2`] =
		    'no library\n';
	for (const [name, text] of Object.entries(files)) {
		fs.mkdirSync(path.dirname(folder + name),
		    { recursive: true });
		fs.writeFileSync(folder + name, text);
	}
}
