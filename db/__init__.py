"""The only SQL: tables, session, the job ledger, observations, timelines, migrations."""
