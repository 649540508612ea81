#!/bin/sh
# The tests that draw lots, for longer than `make check` has time: 200 times
# kill -9 under load, 200,000 spoilt requests, 40,000 random steps of the
# books and 10,000 of several tenants at once, two releases made from nothing,
# and what else only a long wait shows.  It takes about half an hour, and ends
# like check.sh.
#
# ALMONER_SEED=… draws the lots of an earlier run again.

: "${ALMONER_ROUNDS:=200}" "${ALMONER_MUTATIONS:=200000}"
: "${ALMONER_STEPS:=10000}"
export ALMONER_ROUNDS ALMONER_MUTATIONS ALMONER_STEPS
export ALMONER_LIMIT_S=7200 SOAK=1
exec sh "$(dirname "$0")/check.sh" unit api hooks host fault fuzz
