"""What starts executions from outside, and what hears of their ends: events, rules, schedules,
endpoints, webhooks."""
