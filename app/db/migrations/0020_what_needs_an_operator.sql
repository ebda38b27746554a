-- The operator's page asks for these few rows among all there ever were.
CREATE INDEX deliveries_parked ON jobs.deliveries (parked_at) WHERE parked_at IS NOT NULL;
CREATE INDEX tasks_failed ON jobs.tasks (finished_at) WHERE state = 'failed';
