/*
 * stripe_event_shape: what of Stripe's events is read; they say much more.
 */
#include "lib/base/limits.h"
#include "lib/giving/inbound/stripe_event_row.h"

static const struct shape metadata_in = SHAPE("StripeMetadata",
    struct stripe_metadata,
	{ "partner_donation_id", TEXT(struct stripe_metadata, id), NULLS, 0,
	    255, .about = "ours" });

static const struct shape customer_in = SHAPE("StripeCustomer",
    struct stripe_customer,
	{ "email", TEXT(struct stripe_customer, email), NULLS, 0, LIMIT_EMAIL,
	    .about = "of who paid" },
	{ "name", TEXT(struct stripe_customer, name), NULLS, 0, 255,
	    .about = "of who paid" });

static const struct shape details_in = SHAPE("StripeSubscriptionDetails",
    struct stripe_details,
	{ "metadata", OBJECT(struct stripe_details, metadata), NULLS,
	    .each = &metadata_in, .about = "the subscription's" },
	{ "subscription", TEXT(struct stripe_details, subscription), NULLS, 0,
	    255, .about = "sub_…" });

static const struct shape parent_in = SHAPE("StripeParent",
    struct stripe_parent,
	{ "subscription_details", OBJECT(struct stripe_parent, details),
	    NULLS, .each = &details_in, .about = "what the invoice is of" });

static const struct shape paid_by_in = SHAPE("StripePaidBy",
    struct stripe_paid_by,
	{ "payment_intent", TEXT(struct stripe_paid_by, intent), NULLS, 0,
	    255, .about = "pi_…" });

static const struct shape object_in = SHAPE("StripeObject",
    struct stripe_object,
	{ "id", TEXT(struct stripe_object, id), NEED, 1, 255,
	    .about = "cs_…, in_…, ch_… or dp_…" },
	{ "payment_status", TEXT(struct stripe_object, payment_status), NULLS,
	    0, 64, .about = "of a checkout" },
	{ "payment_intent", TEXT(struct stripe_object, payment_intent), NULLS,
	    0, 255, .about = "pi_…" },
	{ "subscription", TEXT(struct stripe_object, subscription), NULLS, 0,
	    255, .about = "sub_…" },
	{ "invoice", TEXT(struct stripe_object, invoice), NULLS, 0, 255,
	    .about = "in_…" },
	{ "billing_reason", TEXT(struct stripe_object, reason), NULLS, 0, 64,
	    .about = "of an invoice" },
	{ "client_reference_id", TEXT(struct stripe_object, reference), NULLS,
	    0, 255, .about = "ours" },
	{ "status", TEXT(struct stripe_object, status), NULLS, 0, 64,
	    .about = "of a dispute" },
	{ "currency", TEXT(struct stripe_object, currency), NULLS, 0, 3,
	    .about = "ISO 4217, small letters" },
	{ "amount", INT(struct stripe_object, amount), NULLS, 0, INT64_MAX,
	    .preset = INT64_MAX, .about = "of a dispute" },
	{ "amount_refunded", INT(struct stripe_object, refunded), NULLS, 0,
	    INT64_MAX, .about = "of a charge, in all" },
	{ "amount_paid", INT(struct stripe_object, amount_paid), NULLS, 0,
	    INT64_MAX, .preset = -1, .about = "of an invoice" },
	{ "metadata", OBJECT(struct stripe_object, metadata), NULLS,
	    .each = &metadata_in, .about = "ours" },
	{ "customer_details", OBJECT(struct stripe_object, customer), NULLS,
	    .each = &customer_in, .about = "of a checkout" },
	{ "parent", OBJECT(struct stripe_object, parent), NULLS,
	    .each = &parent_in, .about = "of an invoice" },
	{ "subscription_details", OBJECT(struct stripe_object, details),
	    NULLS, .each = &details_in, .about = "of an older invoice" },
	{ "payment", OBJECT(struct stripe_object, payment), NULLS,
	    .each = &paid_by_in, .about = "that paid an invoice" });

static const struct shape data_in = SHAPE("StripeData", struct stripe_data,
	{ "object", OBJECT(struct stripe_data, object), NEED,
	    .each = &object_in, .about = "what it happened to" });

const struct shape stripe_event_in = SHAPE("StripeEvent", struct stripe_event,
	{ "id", TEXT(struct stripe_event, id), NEED, 1, 255,
	    .about = "evt_…" },
	{ "type", TEXT(struct stripe_event, type), NEED, 1, 255,
	    .about = "what happened" },
	{ "created", INT(struct stripe_event, created), NULLS, 0, INT64_MAX,
	    .about = "when it happened" },
	{ "data", OBJECT(struct stripe_event, data), NEED, .each = &data_in,
	    .about = "to what" });
