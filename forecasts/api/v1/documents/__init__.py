"""What each route answers, field by field: times as ISO 8601 in UTC, probabilities as numbers beside their ticks."""
