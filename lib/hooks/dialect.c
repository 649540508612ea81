/*
 * dialect: the table of the ways to tell a receiver, and when to try again.
 * A fifth way is one more row here and one more file beside this one.
 */
#include <assert.h>
#include <string.h>

#include "lib/hooks/dialect_row.h"

#define COUNT(a)	(sizeof(a) / sizeof((a)[0]))
#define GAPS(a)		(a), COUNT(a)
#define MINUTE		60
#define HOUR		3600

/* Seconds between one attempt and the next. */
static const int64_t	 sir_gaps[] = {
	10, 1 * MINUTE, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR,
	10 * HOUR, 10 * HOUR, 20 * HOUR, 24 * HOUR,
};

static const int64_t	 standard_gaps[] = {
	5, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR,
	14 * HOUR, 20 * HOUR, 24 * HOUR,
};

/* Three times as long each time, 48 hours in all. */
static const int64_t	 chuffed_gaps[] = {
	72 * MINUTE, 216 * MINUTE, 648 * MINUTE, 1944 * MINUTE,
};

/* Twice as long each time: its 13 retries. */
static const int64_t	 qiibee_gaps[] = {
	30, 60, 120, 240, 480, 960, 1920, 3840, 7680, 15360, 30720, 61440,
	122880,
};

static const struct dialect rows[DIALECT__MAX] = {
	[DIALECT_SIR] = { "sir", 10000, GAPS(sir_gaps), OUTBOX_ALL,
	    dialect_sir_body, dialect_sir_sign, dialect_sir_secret },
	[DIALECT_STANDARD] = { "standard", 15000, GAPS(standard_gaps),
	    OUTBOX_ALL, dialect_standard_body, dialect_standard_sign,
	    dialect_standard_secret },
	[DIALECT_CHUFFED] = { "chuffed", 2000, GAPS(chuffed_gaps),
	    OUTBOX_BIT(EVENT_DONATION_PAYMENT_CONFIRMED),
	    dialect_chuffed_body, dialect_chuffed_sign,
	    dialect_chuffed_secret },
	[DIALECT_QIIBEE] = { "qiibee", 10000, GAPS(qiibee_gaps),
	    OUTBOX_BIT(EVENT_EXCHANGE_COMPLETED) |
	    OUTBOX_BIT(EVENT_EXCHANGE_REVERTED),
	    dialect_qiibee_body, dialect_qiibee_sign,
	    dialect_qiibee_secret },
};

const struct dialect *
dialect_get(enum dialect_name name)
{
	return (size_t)name < COUNT(rows) && rows[name].name != NULL ?
	    &rows[name] : NULL;
}

enum dialect_name
dialect_find(const char *name)
{
	for (size_t i = 1; i < COUNT(rows); i++)
		if (strcmp(rows[i].name, name) == 0)
			return (enum dialect_name)i;

	return 0;
}

int64_t
dialect_wait_ms(enum dialect_name policy, int64_t attempt,
    int64_t retry_after_s, int chance)
{
	const struct dialect	*row = dialect_get(policy);
	int64_t			 gap_s, least_s, wait_ms;

	assert(row != NULL && attempt >= 1);
	assert(chance >= 0 && chance < 1000);
	if ((uint64_t)attempt > row->gaps)
		return -1;
	gap_s = row->gaps_s[attempt - 1];
	least_s = retry_after_s > gap_s ? retry_after_s : gap_s;
	if (least_s > 2 * gap_s)
		least_s = 2 * gap_s;
	/* A thousandth of a tenth of the gap for each step of chance. */
	wait_ms = least_s * 1000 + gap_s * chance / 10;

	return wait_ms < 2 * gap_s * 1000 ? wait_ms : 2 * gap_s * 1000;
}
