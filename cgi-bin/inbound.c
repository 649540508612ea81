/*
 * inbound: what payment providers and other platforms tell us.  Each proves
 * in its own way who it is, before anything that it says is read.
 * doc/donations.md describes it.
 */
#include <string.h>

#include "lib/api/api.h"
#include "lib/base/conf.h"
#include "lib/crypto/hmac.h"
#include "lib/giving/inbound/chuffed_event.h"
#include "lib/giving/inbound/every_org_event.h"
#include "lib/giving/inbound/inbound.h"
#include "lib/giving/inbound/points_event.h"
#include "lib/giving/inbound/stripe_event.h"

static enum err	stripe(struct call *, const void *);
static enum err	every_org(struct call *, const void *);
static enum err	chuffed(struct call *, const void *);
static enum err	points(struct call *, const void *);

static const struct route routes[] = {
	{ "POST", "/v1/inbound/stripe",
	    ACCESS_OPEN, NULL, NULL, NULL, stripe },
	{ "POST", "/v1/inbound/every-org/{secret}",
	    ACCESS_OPEN, NULL, NULL, NULL, every_org },
	{ "POST", "/v1/inbound/chuffed",
	    ACCESS_OPEN, NULL, NULL, NULL, chuffed },
	{ "POST", "/v1/inbound/points",
	    ACCESS_OPEN, NULL, NULL, NULL, points,
	    .challenge = "Basic realm=\"almoner\", charset=\"UTF-8\"" },
	{ 0 }
};

/*
 * stripe: two accounts may tell, that of live donations and that of
 * sandboxes; each only of its own side.
 */

enum { NOBODY, LIVE, TEST };

static int
who(struct call *c)
{
	const struct conf	*conf = api_conf(c);
	struct stripe_signed	 in = { .header = api_header(c,
		"Stripe-Signature"), .secret = conf->stripe_secret };

	if (in.header == NULL)
		return NOBODY;
	in.body = api_body(c, &in.size);
	if (stripe_event_genuine(api_work(c), &in))
		return LIVE;
	in.secret = conf->stripe_test_secret;

	return stripe_event_genuine(api_work(c), &in) ? TEST : NOBODY;
}

static enum err
stripe(struct call *c, const void *input)
{
	struct stripe_event	 event;
	struct stripe_meant	 meant;
	int			 from = who(c);
	enum err		 e;

	(void)input;
	if (from == NOBODY)
		return ERR_INVALID_SIGNATURE;
	e = api_read(c, &stripe_event_in, &event);
	if (e != OK)
		return e;
	stripe_event_note(api_work(c), &event, from == LIVE);
	meant = stripe_event_meant(api_work(c), &event);
	/* An account may have other things to tell than ours. */
	if (meant.side.tenant == 0 || meant.side.live != (from == LIVE))
		return api_done(c);
	api_tenant(c, meant.side.tenant, meant.side.ahead_ms);
	e = stripe_event_act(api_work(c), &event, meant.number);

	return e == OK ? api_done(c) : e;
}

/* every-org: what nobody else knows is the last part of the address. */

static bool
knows_secret(struct call *c)
{
	const struct conf	*conf = api_conf(c);
	const char		*said = api_path(c, "secret");
	unsigned char		 a[SHA256_SIZE], b[SHA256_SIZE];

	if (conf->every_org_secret[0] == '\0' || said == NULL)
		return false;
	hmac_sha256(a, said, strlen(said));
	hmac_sha256(b, conf->every_org_secret,
	    strlen(conf->every_org_secret));

	return hmac_equal(a, b, sizeof(a));
}

static enum err
every_org(struct call *c, const void *input)
{
	struct every_org_event	 event;
	struct donation_side	 side;
	struct donation		 d;
	enum err		 e;

	(void)input;
	if (!knows_secret(c))
		return ERR_INVALID_SIGNATURE;
	e = api_read(c, &every_org_event_in, &event);
	if (e != OK)
		return e;
	if (!donation_side(api_work(c), event.donation, &side))
		return ERR_NOT_FOUND;
	api_tenant(c, side.tenant, side.ahead_ms);
	e = donation_find(api_work(c), event.donation, &d);
	if (e == OK && d.provider != PROVIDER_EVERY_ORG)
		e = ERR_NOT_FOUND;
	if (e == OK)
		e = every_org_event_act(api_work(c), &event, &d);

	return e == OK ? api_done(c) : e;
}

/* chuffed: whose it is is said by the secret that its signature fits. */

static enum err
chuffed(struct call *c, const void *input)
{
	struct chuffed_signed	 in = { .header = api_header(c,
		"Signature") };
	struct chuffed_event	 event;
	struct donation_side	 side;
	enum err		 e = ERR_INVALID_SIGNATURE;

	(void)input;
	in.body = api_body(c, &in.size);
	if (in.header != NULL)
		e = inbound_find(api_work(c), INBOUND_CHUFFED,
		    &(struct inbound_proof){ chuffed_event_fits, &in },
		    &side);
	if (e == OK)
		e = api_read(c, &chuffed_event_in, &event);
	if (e != OK)
		return e;
	api_tenant(c, side.tenant, side.ahead_ms);
	e = chuffed_event_act(api_work(c), &event);

	return e == OK ? api_done(c) : e;
}

/* points: whose they are is said by the password that comes with them. */

static enum err
points(struct call *c, const void *input)
{
	struct points_proof	 proof = { .header = api_header(c,
		"Authorization"), .arena = api_work(c)->arena };
	struct points_event	 event;
	struct donation_side	 side;
	enum err		 e = ERR_INVALID_SIGNATURE;

	(void)input;
	if (proof.header != NULL)
		e = inbound_find(api_work(c), INBOUND_POINTS,
		    &(struct inbound_proof){ points_event_fits, &proof },
		    &side);
	if (e == OK)
		e = api_read(c, &points_event_in, &event);
	if (e != OK)
		return e;
	api_tenant(c, side.tenant, side.ahead_ms);
	e = points_event_act(api_work(c), &event);

	return e == OK ? api_done(c) : e;
}

int
main(int argc, char **argv)
{
	return api_main(argc, argv, routes);
}
