/*
 * linking: a link where a donor can pay.
 */
#include "lib/base/log.h"
#include "lib/giving/providers/linking.h"

enum err
linking_begin(struct work *w, const struct provider_site *site,
    const struct donation_wish *in, struct linking *l)
{
	enum err	 e;

	/* It may be the second try of one request. */
	*l = (struct linking){ 0 };
	e = provider_choose(w, site, in, &l->played);
	if (e == OK)
		e = donation_create(w, in, l->played, &l->donation);
	if (e == OK)
		provider_get(l->played)->begin(w, site, &l->donation,
		    &l->at);

	return e;
}

void
linking_ask(struct work *w, const struct conf *conf, struct linking *l)
{
	struct net_rules	 rules = provider_rules(conf);
	struct net_answer	 answer;
	struct net		*net;

	if (!l->at.asks)
		return;
	net = net_open(&rules);
	net_start(net, &l->at.wish);
	while (!net_next(net, 1000, &answer))
		continue;
	provider_get(l->played)->end(w, &answer, &l->at);
	net_close(net);
}

enum err
linking_end(struct work *w, struct linking *l)
{
	if (l->at.link == NULL) {
		log_line(LOG_WARN, "no link of %s: %s",
		    provider_get(l->played)->word,
		    l->at.why != NULL ? l->at.why : "no answer");
		donation_fail(w, &l->donation, DONATION_EXPIRED);
		return ERR_PROVIDER_UNAVAILABLE;
	}
	donation_linked(w, &l->donation, l->at.link, l->at.session);

	return OK;
}
