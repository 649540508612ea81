/*
 * dialect_sample: what a receiver is shown before anything has happened.
 * There is nobody of these names, and no such payment.
 */
#include <string.h>

#include "lib/base/arena.h"
#include "lib/hooks/dialect.h"

#define SAMPLE_ID "evt_65f1a0b2c3d4e5f60718293a"

/* One with everything, one with what must be, and one between them. */
static const struct told_donation weekly = {
	.number = 1,
	.donation = { 1295, "AUD" },
	.total = { 1495, "AUD" },
	.converted = { 895, "USD" },
	.period = "weekly",
	.iteration = 3,
	.vendor = "stripe",
	.reference = "py_1234abcd",
	.anonymous = true,
	.recipient = "fundraiser",
	.recipient_id = 678,
	.appeal_id = 12345,
	.appeal_title = "A sample campaign",
	.email = "zoe@example.com",
	.first_name = "Zo\xC3\xAB",
	.last_name = "Sample",
	.subscribed = true,
	.address = "1 Sample Street, Sampleton, 12345",
	.phone = "12345678",
	.perk_title = "A sample perk",
	.perk_multiplier = 2,
	.perk_answer = "Size M",
};

static const struct told_donation once = {
	.number = 2,
	.donation = { 5000, "JPY" },
	.total = { 5000, "JPY" },
	.converted = { 3325, "USD" },
	.iteration = 1,
	.vendor = "offline",
	.reference = "cheque 17",
	.recipient = "campaign",
	.recipient_id = 12345,
	.appeal_id = 12345,
	.appeal_title = "A sample campaign",
	.email = "sam@example.com",
	.first_name = "Sam",
};

static const struct told_donation no_answer = {
	.number = 3,
	.donation = { 2000, "USD" },
	.total = { 2000, "USD" },
	.converted = { 2000, "USD" },
	.period = "yearly",
	.iteration = 1,
	.vendor = "paypal_marketplace",
	.reference = "8XY12345AB678901C",
	.recipient = "campaign",
	.recipient_id = 12345,
	.appeal_id = 12345,
	.appeal_title = "A sample campaign",
	.email = "ana@example.com",
	.first_name = "Ana",
	.last_name = "O'Sample",
	.perk_title = "A sample perk",
	.perk_multiplier = 1,
};

#define HASH "3f79bb7b435b05321651daefd374cdc6" \
	"81dc06faa65e374e38337b88ca046dea"
#define REVERTING "2c624232cdd221771294dfbb310aca00" \
	"0a0df6ac8b66b696d90ef06fdefb64a3"

static const struct told_points completed = {
	.amount = 100,
	.credit = true,
	.token_name = "Sample Points",
	.token_symbol = "SMPL",
	.hash = HASH,
	.member = "zoe@example.com",
};

static const struct told_points reverted = {
	.amount = 100,
	.token_name = "Sample Points",
	.token_symbol = "SMPL",
	.hash = REVERTING,
	.hash_reverted = HASH,
	.member = "zoe@example.com",
};

static const struct sample {
	enum dialect_name	 dialect;
	struct told		 told;
} samples[] = {
	{ DIALECT_SIR, { .type = EVENT_ACTION_COMPLETED,
	    .data = "{\"actionId\":\"65f1a0b2c3d4e5f60718293c\","
		"\"tokensDistributed\":50}" } },
	{ DIALECT_STANDARD, { .type = EVENT_ACTION_COMPLETED,
	    .data = "{\"actionId\":\"65f1a0b2c3d4e5f60718293c\","
		"\"tokensDistributed\":50}" } },
	{ DIALECT_CHUFFED, { .type = EVENT_DONATION_PAYMENT_CONFIRMED,
	    .data = "{}", .donation = &weekly } },
	{ DIALECT_CHUFFED, { .type = EVENT_DONATION_PAYMENT_CONFIRMED,
	    .data = "{}", .donation = &once } },
	{ DIALECT_CHUFFED, { .type = EVENT_DONATION_PAYMENT_CONFIRMED,
	    .data = "{}", .donation = &no_answer } },
	{ DIALECT_QIIBEE, { .type = EVENT_EXCHANGE_COMPLETED,
	    .data = "{}", .points = &completed } },
	{ DIALECT_QIIBEE, { .type = EVENT_EXCHANGE_REVERTED,
	    .data = "{}", .points = &reverted } },
};

/* The row, as if it happened then. */
static const struct told *
happened(struct arena *arena, const struct told *sample, struct moment at)
{
	struct told		*t = arena_alloc(arena, sizeof(*t));
	struct told_donation	*d;
	struct told_points	*p;

	*t = *sample;
	t->id = SAMPLE_ID;
	t->created_at = at;
	if (t->donation != NULL) {
		d = arena_alloc(arena, sizeof(*d));
		*d = *t->donation;
		d->created_at = at;
		t->donation = d;
	}
	if (t->points != NULL) {
		p = arena_alloc(arena, sizeof(*p));
		*p = *t->points;
		p->at = at;
		t->points = p;
	}

	return t;
}

const struct told *
dialect_sample(struct arena *arena, enum dialect_name name, size_t number,
    struct moment at)
{
	for (size_t i = 0; i < sizeof(samples) / sizeof(samples[0]); i++)
		if (samples[i].dialect == name && number-- == 0)
			return happened(arena, &samples[i].told, at);

	return NULL;
}
